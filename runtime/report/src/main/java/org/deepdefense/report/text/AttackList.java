// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginInfo;

/** Attacks by kind, norm and access, without their parameters: one attack has those of its own. */
public final class AttackList {

    /** What an attack is asked for. */
    public enum Type {
        /** The worst image within a distance. */
        BUDGET("fixed budget"),
        /** The nearest image that fools. */
        MINIMUM("minimum norm"),
        /** Neither. */
        OTHER("other");

        private final String label;

        Type(String label) {
            this.label = label;
        }

        /**
         * Returns the type of an attack.
         *
         * @param attack an attack
         * @return what it is asked for
         */
        static Type of(PluginInfo attack) {
            return Stream.of(BUDGET, MINIMUM)
                    .filter(type -> trait(attack, "type").startsWith(type.label))
                    .findFirst()
                    .orElse(OTHER);
        }
    }

    private static final Comparator<PluginInfo> ORDER =
            Comparator.comparing(Type::of)
                    .thenComparing(attack -> rank(trait(attack, "norm"), norms()))
                    .thenComparing(attack -> rank(trait(attack, "access"), accesses()))
                    .thenComparing(PluginInfo::name);

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public AttackList(Look look) {
        this.look = look;
    }

    /**
     * Chooses attacks and puts them in order: by type, norm, access and name.
     *
     * @param attacks attacks
     * @param type the type to choose, or null for all
     * @param norm the norm to choose, or null for all
     * @param access the access to choose, or null for all
     * @return the attacks chosen
     */
    public static List<PluginInfo> select(
            List<PluginInfo> attacks, Type type, Norm norm, Access access) {
        return attacks.stream()
                .filter(attack -> type == null || Type.of(attack) == type)
                .filter(attack -> norm == null || trait(attack, "norm").equals(norm.symbol()))
                .filter(attack -> access == null || trait(attack, "access").equals(access.label()))
                .sorted(ORDER)
                .toList();
    }

    /**
     * Lists attacks.
     *
     * @param attacks attacks in order, at least one
     * @return lines
     */
    public List<String> lines(List<PluginInfo> attacks) {
        String home = mostCommonBundle(attacks);
        TextTable table =
                new TextTable(look).left("NAME").left("NORM").left("ACCESS").wrapped("DESCRIPTION");
        Type type = null;
        for (PluginInfo attack : attacks) {
            if (Type.of(attack) != type) {
                type = Type.of(attack);
                table.section(type.label);
            }
            table.row(
                    List.of(
                            attack.name(),
                            trait(attack, "norm"),
                            trait(attack, "access"),
                            attack.bundle().equals(home)
                                    ? attack.description()
                                    : attack.description() + " [" + attack.bundle() + "]"));
        }
        boolean one = attacks.stream().allMatch(attack -> attack.bundle().equals(home));
        return Stream.concat(
                        table.lines().stream(),
                        Stream.of(
                                "",
                                "From "
                                        + look.text(home)
                                        + (one ? "." : " where no other bundle is named.")
                                        + " attacks NAME shows parameters."))
                .toList();
    }

    private static String mostCommonBundle(List<PluginInfo> attacks) {
        return attacks.stream()
                .collect(groupingBy(PluginInfo::bundle, counting()))
                .entrySet()
                .stream()
                .max(
                        Map.Entry.<String, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static List<String> norms() {
        return Stream.of(Norm.values()).map(Norm::symbol).toList();
    }

    private static List<String> accesses() {
        return Stream.of(Access.values()).map(Access::label).toList();
    }

    /** What is unknown comes last. */
    private static int rank(String value, List<String> order) {
        int index = order.indexOf(value);
        return index < 0 ? order.size() : index;
    }

    private static String trait(PluginInfo attack, String name) {
        return attack.traits().getOrDefault(name, "");
    }
}
