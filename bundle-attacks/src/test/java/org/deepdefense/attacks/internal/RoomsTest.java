// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom: each room knows what all share, and AutoAttack those whose attacks it calls.
 */
class RoomsTest {

    private static final String SHARED = "support";

    /** The rooms that each room knows. */
    private static final Map<String, Set<String>> KNOWS =
            Map.of(
                    "gradient", Set.of(SHARED),
                    "transfer", Set.of(SHARED),
                    "auto", Set.of(SHARED, "minimum", "score"),
                    "minimum", Set.of(SHARED),
                    "sparse", Set.of(SHARED),
                    "score", Set.of(SHARED),
                    "decision", Set.of(SHARED),
                    "baseline", Set.of(SHARED));

    private static final Pattern ROOM =
            Pattern.compile(Pattern.quote(RoomsTest.class.getPackageName()) + "\\.(\\w+)");

    private static final Pattern DEPENDENCY =
            Pattern.compile("^ +" + ROOM + " +-> " + ROOM + " ", Pattern.MULTILINE);

    @Test
    void eachRoomKnowsOnlyWhomItMay() throws URISyntaxException {
        assertEquals(new TreeMap<>(KNOWS), known());
    }

    /** Asks the JDK's jdeps. */
    private static Map<String, Set<String>> known() throws URISyntaxException {
        Path classes =
                Path.of(Pgd.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter report = new StringWriter();
        PrintWriter out = new PrintWriter(report);
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        // Dependencies inside the classes are left out unless the filter is none.
        assertEquals(
                0,
                jdeps.run(
                        out,
                        out,
                        "-verbose:package",
                        "-filter:none",
                        "--multi-release",
                        "17",
                        "--ignore-missing-deps",
                        classes.toString()),
                report::toString);
        Map<String, Set<String>> known = new TreeMap<>();
        DEPENDENCY
                .matcher(report.toString())
                .results()
                .filter(edge -> !edge.group(1).equals(edge.group(2)))
                .forEach(
                        edge ->
                                known.computeIfAbsent(edge.group(1), room -> new TreeSet<>())
                                        .add(edge.group(2)));
        assertTrue(!known.isEmpty(), report::toString);
        return known;
    }
}
