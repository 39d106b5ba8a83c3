// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.junit.jupiter.api.Test;

class TrainingTextTest {

    private static NetworkRecord network(String... rolesAndNames) {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        for (int i = 0; i < rolesAndNames.length; i += 2) {
            plugins.put(
                    rolesAndNames[i], new Provenance.Plugin(rolesAndNames[i + 1], "b 1", Map.of()));
        }
        Provenance.Source source = new Provenance.Source("mnist", "sha256:01");
        return new NetworkRecord(
                "net",
                "lenet",
                List.of(1L, 28L, 28L),
                10,
                "sha256:0123456789abcdef",
                new Provenance(Instant.EPOCH, plugins, source, source, Map.of(), 7, Map.of()),
                Optional.empty(),
                List.of());
    }

    @Test
    void aNetworkIsListedWithItsDefenseModifiersAndAttack() {
        TrainingText text = new TrainingText(new Look(ColorDepth.NONE, true, 0, false));
        NetworkRecord plain = network("defense", "reference", "dataset", "mnist");
        NetworkRecord robust =
                network(
                        "defense", "trades",
                        "modifier 1", "awp",
                        "modifier 2", "other",
                        "attack", "pgd",
                        "validation attack", "pgd",
                        "dataset", "mnist");
        List<String> lines = text.networks(List.of(plain, robust));
        assertTrue(lines.get(1).contains(" reference  "), lines::toString);
        assertTrue(lines.get(2).contains(" trades + awp + other + pgd  "), lines::toString);
    }
}
