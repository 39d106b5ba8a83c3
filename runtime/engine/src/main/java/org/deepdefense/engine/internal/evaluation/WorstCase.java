// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;

/** The worst that several attacks together do to each image. */
final class WorstCase {

    private static final String NAME = "worst case";

    private WorstCase() {}

    /** What one attack can contribute to a worst case: its images, and which of them count. */
    record Candidate(
            Outcomes outcomes, List<SampleRecord> images, Predicate<SampleRecord> fooled) {}

    /**
     * Takes the worst case image by image.
     *
     * @param candidates what each attack contributes, at least one
     * @param norm the norm that tells which perturbation is smallest, or nothing for ρ₂
     * @param budget the budget that all have kept, if any
     */
    static AttackResult of(List<Candidate> candidates, Optional<Norm> norm, OptionalDouble budget) {
        ToDoubleFunction<SampleRecord> size =
                image -> norm.isPresent() ? image.norm(norm.get()) : image.rho2();
        int count = candidates.get(0).images().size();
        List<SampleRecord> images =
                IntStream.range(0, count).mapToObj(i -> worst(i, candidates, size)).toList();
        return Summary.of(
                NAME,
                norm,
                budget,
                images,
                candidates.stream().mapToDouble(c -> c.outcomes().seconds()).sum(),
                candidates.stream().mapToInt(c -> c.outcomes().cached()).sum());
    }

    /**
     * The smallest perturbation that fooled the network; if none did, the image as one of the
     * attacks left it, if possible one that evaluated it. All calls that were made on the image
     * count.
     */
    private static SampleRecord worst(
            int index, List<Candidate> candidates, ToDoubleFunction<SampleRecord> size) {
        SampleRecord smallest = null;
        SampleRecord first = candidates.get(0).images().get(index);
        SampleRecord failed = first.isCorrect() ? first.withSuccess(false) : first;
        double forwards = 0;
        double backwards = 0;
        for (Candidate candidate : candidates) {
            SampleRecord image = candidate.images().get(index);
            forwards += image.forwards();
            backwards += image.backwards();
            if (candidate.fooled().test(image)) {
                if (smallest == null || size.applyAsDouble(image) < size.applyAsDouble(smallest)) {
                    smallest = image;
                }
            } else if (image.attacked()) {
                SampleRecord stood = image.withSuccess(false);
                if (stood.isEvaluated() || !failed.attacked() || !failed.isEvaluated()) {
                    failed = stood;
                }
            }
        }
        return (smallest == null ? failed : smallest).withCalls(forwards, backwards);
    }
}
