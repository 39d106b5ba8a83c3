// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.job.Provenance;
import org.osgi.annotation.versioning.ProviderType;

/** The columns of table 1 of the Deep Defense paper. Rates are in 0..1. */
@ProviderType
public interface RobustnessTable {

    /** The fractions of ε_ref at which accuracy is measured. */
    List<Double> FRACTIONS = List.of(0.2, 0.5, 1.0);

    /**
     * Returns how many images were evaluated.
     *
     * @return a number of images
     */
    int samples();

    /**
     * Returns the budget of the fast gradient sign attack at which half of the images are still
     * classified correctly by the last network.
     *
     * @return ε_ref, in pixels
     */
    double epsilonRef();

    /**
     * Returns a row for each network.
     *
     * @return rows in the order of the request
     */
    List<Row> rows();

    /** How one network fares. */
    @ProviderType
    interface Row {

        /**
         * Returns the network.
         *
         * @return its name
         */
        String network();

        /**
         * Returns benign accuracy.
         *
         * @return the rate of images classified correctly
         */
        double accuracy();

        /**
         * Returns the mean relative size of the perturbations, as in {@link
         * EvaluationResult#rho2()}.
         *
         * @return ρ₂
         */
        double rho2();

        /**
         * Returns the success rate of the attack that measured ρ₂.
         *
         * @return a rate
         */
        double successRate();

        /**
         * Returns the accuracy at each of {@link #FRACTIONS} of ε_ref.
         *
         * @return rates
         */
        List<Double> accuracyAt();

        /**
         * Returns how many correctly classified images one of these attacks did not fool and did
         * not evaluate ({@link AttackResult#notEvaluated}), the most of all; they don't count in
         * the accuracies.
         *
         * @return a number of images
         */
        int notEvaluated();

        /**
         * Returns how the numbers came about.
         *
         * @return all that is needed to repeat them
         */
        Provenance provenance();
    }
}
