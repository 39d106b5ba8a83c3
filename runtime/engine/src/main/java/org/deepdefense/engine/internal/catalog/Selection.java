// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginInfo.Candidate;

/**
 * Tells plug-ins of one name apart: {@code NAME@VERSION}, {@code NAME@BUNDLE} or {@code
 * NAME@BUNDLE/VERSION}, whatever is enough.
 */
final class Selection {

    static final char AT = '@';
    private static final char SLASH = '/';

    private Selection() {}

    /**
     * Describes the plug-ins of one name.
     *
     * @param plugins the plug-ins, the one that serves the bare name first
     * @return one description each
     */
    static List<Candidate> of(List<? extends Plugin<?>> plugins) {
        List<Candidate> candidates = new ArrayList<>();
        for (Plugin<?> plugin : plugins) {
            candidates.add(
                    new Candidate(
                            name(plugin, plugins),
                            plugin.bundleName(),
                            plugin == plugins.get(0)
                                    ? "serves " + plugin.name()
                                    : "shadowed: " + reason(plugin, plugins.get(0))));
        }
        return candidates;
    }

    private static String reason(Plugin<?> plugin, Plugin<?> serving) {
        if (plugin.ranking() != serving.ranking()) {
            return "its ranking " + plugin.ranking() + " is lower than " + serving.ranking();
        }
        boolean sameBundle =
                plugin.origin().map(Origin::name).equals(serving.origin().map(Origin::name));
        boolean sameVersion =
                plugin.origin().map(Origin::version).equals(serving.origin().map(Origin::version));
        return sameBundle && !sameVersion ? "an older version" : "of equal rank, and came later";
    }

    /** Returns the shortest name that chooses a plug-in, or its bare name if none does. */
    private static String name(Plugin<?> plugin, List<? extends Plugin<?>> all) {
        return selectors(plugin).stream()
                .filter(selector -> all.stream().filter(p -> matches(p, selector)).count() == 1)
                .findFirst()
                .map(selector -> plugin.name() + AT + selector)
                .orElse(plugin.name());
    }

    private static List<String> selectors(Plugin<?> plugin) {
        return plugin.origin()
                .map(o -> List.of(o.version().toString(), o.name(), o.name() + SLASH + o.version()))
                .orElse(List.of());
    }

    private static boolean matches(Plugin<?> plugin, String selector) {
        int slash = selector.indexOf(SLASH);
        return plugin.origin()
                .map(
                        o ->
                                slash < 0
                                        ? o.name().equals(selector) || isVersion(o, selector)
                                        : o.name().equals(selector.substring(0, slash))
                                                && isVersion(o, selector.substring(slash + 1)))
                .orElse(false);
    }

    /** A version may be cut off after one of its parts. */
    private static boolean isVersion(Origin origin, String selector) {
        return !selector.isEmpty() && (origin.version() + ".").startsWith(selector + ".");
    }

    /**
     * Chooses a plug-in.
     *
     * @param candidates the plug-ins of one name, the one that serves it first
     * @param name the name with a selector
     * @return the plug-in that the selector means
     * @throws DeepDefenseException if it means none of them, or several bundles
     */
    static <S> Plugin<S> choose(List<Plugin<S>> candidates, String name) {
        String selector = name.substring(name.lastIndexOf(AT) + 1);
        List<Plugin<S>> chosen =
                candidates.stream().filter(plugin -> matches(plugin, selector)).toList();
        if (chosen.stream().map(Plugin::bundleName).distinct().count() == 1) {
            // Configurations of one component may have the same name: the first one serves it.
            return chosen.get(0);
        }
        String label = candidates.get(0).label();
        throw new DeepDefenseException(
                chosen.isEmpty()
                        ? "There is no " + label + " \"" + name + "\""
                        : "Several bundles have the " + label + " \"" + name + "\"",
                "registered are "
                        + of(candidates).stream()
                                .map(c -> c.name() + " (bundle " + c.bundle() + ")")
                                .collect(Collectors.joining(", ")));
    }
}
