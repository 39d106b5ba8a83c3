// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Describe;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The translation-invariant fast gradient sign method: the gradient is smoothed by a Gaussian
 * kernel, each channel for itself, which stands for gradients at many translated images. As in
 * torchattacks it is taken at randomly shrunk images; with {@code diversityProbability=0} it is the
 * method of the paper alone.
 *
 * @see <a href="https://arxiv.org/abs/1904.02884">Dong, Pang, Su, Zhu: Evading Defenses to
 *     Transferable Adversarial Examples by Translation-Invariant Attacks, CVPR 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.ti_fgsm")
@AttackPlugin(
        name = "ti-fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "smoothed gradients, as those of translated images (L∞)",
        paper =
                "Dong, Pang, Su, Zhu: Evading Defenses to Transferable Adversarial Examples by Translation-Invariant Attacks, CVPR 2019")
@Designate(ocd = TiFgsm.Parameters.class)
public final class TiFgsm implements FixedBudgetAttack<TiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack ti-fgsm")
    public @interface Parameters {

        @AttributeDefinition(description = Describe.STEPS, min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.1;

        @AttributeDefinition(description = Describe.DECAY, min = "0")
        double decay() default 0;

        @AttributeDefinition(description = "size of the kernel in pixels, an odd number", min = "1")
        int kernelLength() default 15;

        @AttributeDefinition(
                description = "how many standard deviations the kernel reaches from its middle",
                min = "0")
        double kernelSigmas() default 3;

        @AttributeDefinition(
                description = "smallest size of a shrunk image, as a share of its size",
                min = "0.1",
                max = "1")
        double resizeRate() default 0.9;

        @AttributeDefinition(
                description = "probability that a gradient is taken at a shrunk image",
                min = "0",
                max = "1")
        double diversityProbability() default 0.5;

        @AttributeDefinition(description = Describe.EARLY_STOP)
        boolean earlyStop() default true;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        double stepSize = p.relativeStepSize() * context.epsilon();
        return new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(
                                Norm.LINF, context.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climb(images, criterion, Momentum.of(p.decay(), smoothing(images, p)));
    }

    private static Guide smoothing(NDArray images, Parameters p) {
        if (p.kernelLength() % 2 == 0) {
            throw new DeepDefenseException(
                    "The kernelLength=" + p.kernelLength() + " is even", "give an odd number");
        }
        double[] kernel = kernel(p.kernelLength(), p.kernelSigmas());
        Shape shape = images.getShape();
        NDManager manager = images.getManager();
        return new Smoothing(
                new InputDiversity(p.resizeRate(), p.diversityProbability()),
                band(manager, Math.toIntExact(shape.get(2)), kernel),
                band(manager, Math.toIntExact(shape.get(3)), kernel));
    }

    /** Returns the density of the normal distribution at equal distances, with the sum 1. */
    private static double[] kernel(int length, double sigmas) {
        double[] kernel = new double[length];
        int middle = length / 2;
        for (int i = 0; i < length; i++) {
            double x = middle == 0 ? 0 : sigmas * (i - middle) / middle;
            kernel[i] = Math.exp(-x * x / 2);
        }
        double sum = Arrays.stream(kernel).sum();
        return Arrays.stream(kernel).map(weight -> weight / sum).toArray();
    }

    /** Returns the symmetric matrix that smooths a line of pixels. */
    private static NDArray band(NDManager manager, int size, double... kernel) {
        int middle = kernel.length / 2;
        float[] matrix = new float[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = Math.max(0, i - middle); j <= Math.min(size - 1, i + middle); j++) {
                matrix[i * size + j] = (float) kernel[j - i + middle];
            }
        }
        return manager.create(matrix, new Shape(size, size));
    }

    /** Smooths directions along columns and rows. */
    private record Smoothing(Guide source, NDArray vertical, NDArray horizontal) implements Guide {

        @Override
        public Course begin(Classifier classifier, ActiveSamples active, PerSample images) {
            Course course = source.begin(classifier, active, images);
            return () -> {
                Way way = course.look();
                return new Way(vertical.matMul(way.direction()).matMul(horizontal), way.reached());
            };
        }
    }
}
