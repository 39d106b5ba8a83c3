// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.model.Classifier;

/** Measures how single images fared. */
final class SampleMeasures {

    private static final Map<Norm, Double> NOTHING =
            Stream.of(Norm.values()).collect(Collectors.toMap(norm -> norm, norm -> 0.0));

    private SampleMeasures() {}

    /**
     * Measures a batch.
     *
     * @param classifier the network
     * @param images the clean images (N, C, H, W)
     * @param labels their classes (N)
     * @param outcome what came of the attack
     * @param calls how often the network was called for it
     * @param indices which images of the data set they are (N)
     * @return a result for each image
     */
    static List<SampleRecord> of(
            Classifier classifier,
            NDArray images,
            long[] labels,
            AttackOutcome outcome,
            Classifier.Calls calls,
            int... indices) {
        NDArray perturbations = outcome.adversarials().sub(images);
        long[] predictions = outcome.logits().argMax(1).toLongArray();
        long[] adversarial = outcome.adversarialLogits().argMax(1).toLongArray();
        boolean[] attacked = outcome.attacked().toBooleanArray();
        boolean[] success = outcome.success().toBooleanArray();
        boolean[] finite = outcome.finiteGradients().toBooleanArray();
        float[] rho = rho(classifier, perturbations, images).toFloatArray();
        float[] rhoPixels = ratio(perturbations, images).toFloatArray();
        Map<Norm, float[]> sizes = new EnumMap<>(Norm.class);
        for (Norm norm : Norm.values()) {
            sizes.put(norm, norm.of(perturbations).toFloatArray());
        }
        int victims = (int) IntStream.range(0, attacked.length).filter(i -> attacked[i]).count();
        // The executor's own calls: the clean images, and those that come back.
        double forwards = Math.max(0, calls.forwards() - indices.length - victims);
        double share = 1.0 / Math.max(1, victims);
        return IntStream.range(0, indices.length)
                .mapToObj(
                        i ->
                                new SampleRecord(
                                        indices[i],
                                        (int) labels[i],
                                        (int) predictions[i],
                                        attacked[i],
                                        isFooled(
                                                success[i], attacked[i], labels[i], predictions[i]),
                                        finite[i],
                                        (int) adversarial[i],
                                        norms(sizes, i),
                                        finite(rho[i]),
                                        finite(rhoPixels[i]),
                                        attacked[i] ? forwards * share : 0,
                                        attacked[i] ? calls.backwards() * share : 0))
                .toList();
    }

    /** Returns the norms of one image's perturbation. */
    static Map<Norm, Double> norms(Map<Norm, float[]> sizes, int row) {
        Map<Norm, Double> norms = new EnumMap<>(Norm.class);
        sizes.forEach((norm, values) -> norms.put(norm, (double) values[row]));
        return norms;
    }

    /** Tells of an image that no attack has touched what the network makes of it. */
    static SampleRecord untouched(int index, int label, int prediction) {
        return new SampleRecord(
                index,
                label,
                prediction,
                false,
                prediction != label,
                true,
                prediction,
                NOTHING,
                0,
                0,
                0,
                0);
    }

    /** Where the target is the true class, there is nothing to attack and nobody is fooled. */
    static boolean isFooled(boolean success, boolean attacked, long label, long prediction) {
        return success && (attacked || label != prediction);
    }

    /** A ratio to nothing is no number, whatever it is a ratio of. */
    static double finite(float ratio) {
        return Float.isFinite(ratio) ? ratio : Double.NaN;
    }

    /** Returns ‖Δ‖₂/‖x‖₂ of each image in the space of the network's inputs. */
    static NDArray rho(Classifier classifier, NDArray perturbations, NDArray images) {
        return ratio(classifier.scale(perturbations), classifier.normalize(images));
    }

    private static NDArray ratio(NDArray perturbations, NDArray images) {
        return Norm.L2.of(perturbations).div(Norm.L2.of(images));
    }
}
