// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.NormSummary;
import org.deepdefense.evaluation.SampleResult;

/** The figures that sum up what came of the images. */
final class Summary {

    private Summary() {}

    /** Sums up images under the head of an attack and a budget. */
    static AttackResult of(
            String attack,
            Optional<Norm> norm,
            OptionalDouble epsilon,
            List<SampleRecord> images,
            double seconds,
            int cached) {
        int attacked = count(images, Summary::counts);
        List<SampleRecord> measured = images.stream().filter(Summary::isMeasured).toList();
        List<SampleRecord> attackedImages = images.stream().filter(SampleRecord::attacked).toList();
        Map<Norm, NormSummary> norms = new EnumMap<>(Norm.class);
        for (Norm each : Norm.values()) {
            norms.put(each, sizes(images, image -> image.norm(each)));
        }
        return new AttackRecord(
                attack,
                norm,
                epsilon,
                attacked,
                count(images, image -> counts(image) && !image.isEvaluated()),
                rate(count(images, Summary::isFooled), attacked),
                robustAccuracy(images),
                mean(measured, SampleRecord::rho2),
                mean(measured, SampleRecord::rho2Pixels),
                count(images, image -> !hasRho(image)),
                sizes(measured, SampleRecord::rho2),
                norms,
                mean(attackedImages, SampleRecord::forwards),
                mean(attackedImages, SampleRecord::backwards),
                seconds,
                cached,
                List.copyOf(images));
    }

    static double accuracy(List<? extends SampleResult> images) {
        return rate(count(images, SampleResult::isCorrect), images.size());
    }

    static double robustAccuracy(List<SampleRecord> images) {
        return rate(count(images, Summary::isRobust), images.size());
    }

    static double rate(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** An image without any light has no size to relate the perturbation to. */
    private static boolean hasRho(SampleRecord image) {
        return Double.isFinite(image.rho2()) && Double.isFinite(image.rho2Pixels());
    }

    /** Tells whether an image counts in the mean of ρ₂. */
    static boolean isMeasured(SampleRecord image) {
        return hasRho(image) && image.isEvaluated();
    }

    private static boolean isRobust(SampleRecord image) {
        return image.isCorrect() && !image.success() && image.isEvaluated();
    }

    /** An image that was wrong before says nothing of an attack, though it may have a distance. */
    private static boolean counts(SampleRecord image) {
        return image.attacked() && image.isCorrect();
    }

    private static boolean isFooled(SampleRecord image) {
        return counts(image) && image.success();
    }

    private static <S> int count(List<S> images, Predicate<? super S> kind) {
        return Math.toIntExact(images.stream().filter(kind).count());
    }

    private static double mean(List<SampleRecord> images, ToDoubleFunction<SampleRecord> value) {
        return images.stream().mapToDouble(value).average().orElse(0);
    }

    private static NormSummary sizes(
            List<SampleRecord> images, ToDoubleFunction<SampleRecord> size) {
        double[] sorted =
                images.stream()
                        .filter(image -> counts(image) && image.isEvaluated())
                        .mapToDouble(
                                i -> i.success() ? size.applyAsDouble(i) : Double.POSITIVE_INFINITY)
                        .sorted()
                        .toArray();
        return new NormSummary(
                mean(images.stream().filter(Summary::isFooled).toList(), size),
                quantile(0.1, sorted),
                quantile(0.25, sorted),
                quantile(0.5, sorted),
                quantile(0.75, sorted),
                quantile(0.9, sorted));
    }

    /** Between two values it is interpolated, as NumPy does. */
    static double quantile(double share, double... sorted) {
        if (sorted.length == 0) {
            return 0;
        }
        double position = share * (sorted.length - 1);
        int below = (int) position;
        double rest = position - below;
        // Also because infinity minus infinity is no number.
        if (rest == 0 || sorted[below] == sorted[below + 1]) {
            return sorted[below];
        }
        return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
    }
}
