// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Locale;
import java.util.function.DoubleFunction;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.evaluation.AttackResult;

/** Finds the budget ε_ref at which an attack leaves a network half of the images. */
final class ReferenceSearch {

    /** Where the search begins, as a fraction of the range of pixels. */
    static final double START = 0.1;

    /** The share of images about which nothing needs to be known for ε_ref to mean something. */
    private static final double UNKNOWN = 0.01;

    private final Subject subject;
    private final String name;
    private final DoubleFunction<AttackUse> attackAt;
    private final Measurement measurement;

    /**
     * Prepares a search.
     *
     * @param subject the network and the images
     * @param name the name of the attack
     * @param attackAt returns the attack with a budget
     * @param measurement measures
     */
    ReferenceSearch(
            Subject subject,
            String name,
            DoubleFunction<AttackUse> attackAt,
            Measurement measurement) {
        this.subject = subject;
        this.name = name;
        this.attackAt = attackAt;
        this.measurement = measurement;
    }

    /**
     * Searches.
     *
     * @param control takes the warning that no budget brings the network to half of the images
     * @return the budget and the accuracy there
     * @throws DeepDefenseException if the network is below half without an attack, or too much of
     *     it can't be told because of gradients that are not finite
     */
    ReferenceBudget.Point run(JobControl control) {
        check(at("accuracy of " + subject.name(), 0));
        double range = subject.dataset().bounds().range();
        ReferenceBudget.Point point =
                new ReferenceBudget(
                                epsilon ->
                                        at(
                                                        String.format(
                                                                Locale.ROOT,
                                                                "find ε_ref (try %.4f)",
                                                                epsilon),
                                                        epsilon)
                                                .robustAccuracy(),
                                subject.dataset().size(),
                                range)
                        .find(START * range);
        if (point.epsilon() == range && point.accuracy() > 0.5) {
            control.warn(
                    subject.name()
                            + " classifies more than half of the images correctly whatever the"
                            + " budget: ε_ref is the whole range of pixels, and gradients may be"
                            + " masked");
        }
        return point;
    }

    private AttackResult at(String phase, double epsilon) {
        return TableJob.summary(phase, subject, attackAt.apply(epsilon), measurement);
    }

    private void check(AttackResult unchanged) {
        int images = subject.dataset().size();
        if (unchanged.notEvaluated() > UNKNOWN * images) {
            throw new DeepDefenseException(
                    String.format(
                            Locale.ROOT,
                            "The gradients of %s are not finite numbers on %,d of %,d images, so"
                                    + " that %s can't tell which budget brings it to half of them",
                            subject.name(),
                            unchanged.notEvaluated(),
                            images,
                            name),
                    "evaluate it with attacks that need no gradients, such as square, or put"
                            + " another network last");
        }
        double clean = Summary.accuracy(unchanged.images());
        if (clean <= 0.5) {
            throw new DeepDefenseException(
                    String.format(
                            Locale.ROOT,
                            "%s classifies only %.1f %% of the images correctly, so no attack is"
                                    + " needed to bring it to half of them",
                            subject.name(),
                            100 * clean),
                    "train it better, or put a better network last");
        }
    }
}
