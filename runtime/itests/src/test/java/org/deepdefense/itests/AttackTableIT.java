// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static java.util.stream.Collectors.joining;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** The README lists the attacks that are registered, as they describe themselves. */
public class AttackTableIT extends FelixTest {

    private static final String BEGIN = "<!-- attacks: begin -->\n";
    private static final String END = "<!-- attacks: end -->\n";

    private static final String HEAD =
            """
            | attack | what it does | type | norm | access | paper |
            |---|---|---|---|---|---|
            """;

    private static final List<String> TYPES =
            List.of("fixed budget", "minimum norm", "minimum norm, differentiable", "other");

    @Inject private Catalog catalog;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense());
    }

    @Test
    public void readmeListsTheRegisteredAttacks() throws IOException {
        Path project = Path.of(System.getProperty("deepdefense.itests.project"));
        String readme = Files.readString(project.resolve("README.md"));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertTrue("README.md has no lines " + BEGIN + END, begin >= BEGIN.length() && end > begin);

        String table = table(catalog.list(PluginInfo.Kind.ATTACK));
        Path updated = work().resolve("README.md");
        Files.writeString(updated, readme.substring(0, begin) + table + readme.substring(end));
        assertEquals(
                "README.md does not list the attacks as they are registered; update it: cp "
                        + project.toAbsolutePath().relativize(updated)
                        + " README.md",
                table,
                readme.substring(begin, end));
    }

    private static String table(List<PluginInfo> attacks) {
        return attacks.stream()
                .sorted(
                        Comparator.<PluginInfo>comparingInt(a -> TYPES.indexOf(trait(a, "type")))
                                .thenComparingInt(a -> norms().indexOf(trait(a, "norm")))
                                .thenComparingInt(a -> accesses().indexOf(trait(a, "access")))
                                .thenComparing(PluginInfo::name))
                .map(AttackTableIT::row)
                .collect(joining("", HEAD, ""));
    }

    private static String row(PluginInfo attack) {
        return Stream.of(
                        "`" + attack.name() + "`",
                        attack.description(),
                        trait(attack, "type"),
                        trait(attack, "norm"),
                        trait(attack, "access"),
                        attack.paper())
                .map(cell -> cell.replace("|", "\\|"))
                .collect(joining(" | ", "| ", " |\n"));
    }

    private static String trait(PluginInfo attack, String name) {
        return attack.traits().getOrDefault(name, "");
    }

    private static List<String> norms() {
        return Stream.of(Norm.values()).map(Norm::symbol).toList();
    }

    private static List<String> accesses() {
        return Stream.of(Access.values()).map(Access::label).toList();
    }
}
