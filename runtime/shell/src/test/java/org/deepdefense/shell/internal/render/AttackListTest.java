// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.report.text.AttackList;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.junit.jupiter.api.Test;

class AttackListTest {

    private static final String HOME = "attacks 1.0";

    private static final List<PluginInfo> ATTACKS =
            List.of(
                    attack("boundary", "minimum norm", "L2", "decisions", HOME),
                    attack("deepfool", "minimum norm, differentiable", "L2", "gradients", HOME),
                    attack("fgsm", "fixed budget", "L∞", "gradients", HOME),
                    attack("mine", "minimum norm", "L0", "scores", "my.bundle 2.0"),
                    attack("pgd", "fixed budget", "L∞", "gradients", HOME),
                    attack("pgd-l2", "fixed budget", "L2", "gradients", HOME),
                    attack("square", "fixed budget", "L∞", "scores", HOME),
                    attack("rotate", "other", "", "scores", HOME));

    private static PluginInfo attack(
            String name, String type, String norm, String access, String bundle) {
        return new PluginInfo(
                PluginInfo.Kind.ATTACK,
                name,
                "what " + name + " does to images, in one line of many words",
                "",
                bundle,
                norm.isEmpty()
                        ? Map.of("type", type, "access", access)
                        : Map.of("type", type, "norm", norm, "access", access),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static List<String> names(AttackList.Type type, Norm norm, Access access) {
        return AttackList.select(ATTACKS, type, norm, access).stream()
                .map(PluginInfo::name)
                .toList();
    }

    @Test
    void orderIsTypeNormAccessName() {
        assertEquals(
                List.of(
                        "pgd-l2",
                        "fgsm",
                        "pgd",
                        "square",
                        "mine",
                        "deepfool",
                        "boundary",
                        "rotate"),
                names(null, null, null));
    }

    @Test
    void filtersMayBeCombined() {
        assertEquals(
                List.of("mine", "deepfool", "boundary"),
                names(AttackList.Type.MINIMUM, null, null));
        assertEquals(List.of("pgd-l2", "deepfool", "boundary"), names(null, Norm.L2, null));
        assertEquals(List.of("square"), names(AttackList.Type.BUDGET, null, Access.SCORES));
        assertEquals(List.of(), names(AttackList.Type.OTHER, Norm.L1, null));
    }

    @Test
    void listFitsNarrowTerminals() {
        List<String> lines =
                new AttackList(new Look(ColorDepth.NONE, true, 60, false))
                        .lines(AttackList.select(ATTACKS, null, null, null));

        assertEquals(
                List.of(
                        "NAME      NORM  ACCESS     DESCRIPTION",
                        "",
                        "fixed budget",
                        "pgd-l2    L2    gradients  what pgd-l2 does to images, in",
                        "                           one line of many words"),
                lines.subList(0, 5));
        assertTrue(lines.contains("minimum norm"), lines.toString());
        assertTrue(
                Stream.of("many words [my.bundle", "one line of many words")
                        .allMatch(String.join("\n", lines)::contains),
                lines.toString());
        assertEquals(
                "From attacks 1.0 where no other bundle is named. attacks NAME shows parameters.",
                lines.get(lines.size() - 1));
        assertEquals(
                List.of(),
                lines.subList(0, lines.size() - 1).stream().filter(l -> l.length() > 60).toList());
    }

    @Test
    void oneBundleIsNamedOnce() {
        List<String> lines = new AttackList(Look.PLAIN).lines(ATTACKS.subList(0, 2));

        assertEquals(
                "From attacks 1.0. attacks NAME shows parameters.", lines.get(lines.size() - 1));
        assertEquals(1, lines.stream().filter(line -> line.contains("attacks 1.0")).count());
    }
}
