// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.PathSearch;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Blurs with a Gaussian until the image is misclassified: the standard deviation grows in equal
 * steps up to the longer side of the image, as in Foolbox, and is then refined by bisection. Images
 * are mirrored at their edges. Where even the strongest blur changes nothing, the clean image is
 * returned.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.blur")
@AttackPlugin(
        name = "blur",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.DECISIONS,
        description = "as little Gaussian blur as possible (L2), from decisions alone")
@Designate(ocd = Blur.Parameters.class)
public final class Blur implements MinimumNormAttack<Blur.Parameters> {

    /** Mirror images on either side that a Gaussian as wide as the image reaches. */
    private static final int MIRRORS = 2;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack blur")
    public @interface Parameters {

        @AttributeDefinition(
                description =
                        "largest standard deviation, as a share of the longer side of the image",
                min = "0",
                max = "1")
        double maxSigma() default 1;

        @AttributeDefinition(
                description =
                        "equal steps of the standard deviation, each a query, up to the first"
                                + " success",
                min = "1")
        int steps() default 100;

        @AttributeDefinition(
                description = "bisections of the step of the first success, each a query",
                min = "0")
        int bisections() default 10;
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
        long side = Math.max(images.getShape().get(2), images.getShape().get(3));
        Bounds bounds = classifier.bounds();
        return new PathSearch(classifier, context, p.steps(), p.bisections())
                .run(
                        images,
                        images,
                        criterion,
                        (x, ends, positions) ->
                                blurred(x, positions.mul(p.maxSigma() * side))
                                        .clip(bounds.min(), bounds.max()));
    }

    /** Returns images (M, C, H, W), each blurred with its own standard deviation (M). */
    private static NDArray blurred(NDArray images, NDArray sigma) {
        NDArray down = kernel(images.getManager(), images.getShape().get(2), sigma);
        NDArray across = kernel(images.getManager(), images.getShape().get(3), sigma);
        return down.matMul(images).matMul(across.transpose(0, 1, 3, 2));
    }

    /** Returns matrices (M, 1, size, size) that blur columns of pixels. */
    private static NDArray kernel(NDManager manager, long size, NDArray sigma) {
        NDArray pixel = manager.arange(0, (int) size, 1, DataType.FLOAT32);
        NDArray to = pixel.reshape(-1, 1);
        NDArray from = pixel.reshape(1, -1);
        NDArray scale = sigma.square().maximum(Float.MIN_NORMAL).mul(-2).reshape(-1, 1, 1, 1);
        NDArray sum = scale.zerosLike();
        for (int i = -MIRRORS; i <= MIRRORS; i++) {
            NDArray shifted = from.add(2.0 * size * i);
            NDArray mirrored = from.neg().add(2.0 * size * i - 1);
            sum = sum.add(to.sub(shifted).square().div(scale).exp());
            sum = sum.add(to.sub(mirrored).square().div(scale).exp());
        }
        return sum.div(sum.sum(new int[] {3}, true));
    }
}
