// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.List;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.job.Jobs;
import org.deepdefense.network.Networks;
import org.deepdefense.training.Trainer;

/**
 * What the commands work with.
 *
 * @param catalog what is registered
 * @param networks what is saved
 * @param jobs what runs
 * @param evaluator measures
 * @param universal searches universal perturbations
 * @param trainer trains
 * @param platform what this all runs on
 */
public record Services(
        Catalog catalog,
        Networks networks,
        Jobs jobs,
        Evaluator evaluator,
        UniversalPerturbations universal,
        Trainer trainer,
        Platform platform) {

    /** The platform below the commands. */
    public interface Platform {

        /**
         * Returns the version of this software.
         *
         * @return a version
         */
        String version();

        /**
         * Returns the installed bundles of this software and of plug-ins.
         *
         * @return symbolic name and version of each
         */
        List<String> bundles();
    }
}
