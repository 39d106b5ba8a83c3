// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.inject.Inject;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.report.markdown.MarkdownReport;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** The README lists the attacks that are registered, as they describe themselves. */
public class AttackTableIT extends FelixTest {

    private static final String BEGIN = "<!-- attacks: begin -->\n";
    private static final String END = "<!-- attacks: end -->\n";

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

        String table = MarkdownReport.attacks(catalog.list(PluginInfo.Kind.ATTACK));
        Path updated = work().resolve("README.md");
        Files.writeString(updated, readme.substring(0, begin) + table + readme.substring(end));
        assertEquals(
                "README.md does not list the attacks as they are registered; update it: cp "
                        + project.toAbsolutePath().relativize(updated)
                        + " README.md",
                table,
                readme.substring(begin, end));
    }
}
