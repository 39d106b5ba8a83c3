// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.util.Arrays;
import javax.inject.Inject;
import org.deepdefense.examples.embedding.ReleaseGate;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** The example of an application that has no shell and brings a model of its own. */
public class EmbeddingIT extends FelixTest {

    @Inject private ReleaseGate gate;

    @Override
    protected CompositeOption bundles() {
        return composite(
                base(),
                djl(),
                deepDefense(),
                bundle("reference:" + exampleApplication().toUri()).startLevel(OURS));
    }

    @Test
    public void theApplicationHardensItsModelWithoutAShell() throws Exception {
        assertFalse(
                Arrays.stream(context.getBundles())
                        .anyMatch(b -> b.getSymbolicName().contains("gogo")));

        ReleaseGate.Report report = gate.run();

        assertTrue("accuracy " + report.before().accuracy(), report.before().accuracy() > 0.9);
        assertTrue("accuracy " + report.after().accuracy(), report.after().accuracy() > 0.9);
        assertEquals(1, report.before().successRate(), 0.01);
        assertEquals(1, report.after().successRate(), 0.01);
        assertTrue(
                report.before().rho2() + " to " + report.after().rho2(),
                report.after().rho2() > 1.1 * report.before().rho2());
    }
}
