// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Makes random pixels black or white, more and more of them until the image is misclassified, and
 * then looks again and again for less noise that does it: the baseline that Foolbox has under this
 * name. All channels of a pixel change together. The smallest perturbation is kept (Foolbox keeps
 * the image of smallest norm), and noise that would not be smaller is not shown to the network.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.salt_and_pepper")
@AttackPlugin(
        name = "salt-and-pepper",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.DECISIONS,
        description = "black and white pixels, as few as possible (L2), from decisions alone")
@Designate(ocd = SaltAndPepper.Parameters.class)
public final class SaltAndPepper implements MinimumNormAttack<SaltAndPepper.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack salt-and-pepper")
    public @interface Parameters {

        @AttributeDefinition(description = "draws of noise, each a query at most", min = "1")
        int steps() default 1000;
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
        NDArray result = images.duplicate();
        try (Density density = Density.of(images, context.parameters().steps())) {
            for (int step = 0; step < context.parameters().steps(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray noisy =
                            noisy(images, density.current(), context.random(), classifier.bounds());
                    NDArray norm = Norm.L2.of(noisy.sub(images));
                    NDArray better = norm.lt(density.norm());
                    NDArray rows = better.nonzero().flatten();
                    if (!rows.isEmpty()) {
                        NDIndex index = new NDIndex("{}", rows);
                        NDArray reached =
                                criterion
                                        .select(rows)
                                        .isAdversarial(classifier.predict(noisy.get(index)));
                        better.set(index, reached);
                    }
                    NDArray found = better.nonzero().flatten();
                    if (!found.isEmpty()) {
                        NDIndex index = new NDIndex("{}", found);
                        result.set(index, noisy.get(index));
                    }
                    density.next(better, norm, context.parameters().steps() - step);
                }
            }
        }
        return result;
    }

    private static NDArray noisy(
            NDArray images, NDArray density, SampleRandom random, Bounds bounds) {
        Shape shape = images.getShape();
        NDArray uniform =
                random.uniform(images.getManager(), new Shape(1, shape.get(2), shape.get(3)), 0, 1);
        NDArray half = Norm.broadcast(density.div(2), uniform);
        NDArray salt = uniform.gte(half.neg().add(1)).broadcast(shape);
        NDArray pepper = uniform.lt(half).broadcast(shape);
        NDArray salted = NDArrays.where(salt, images.zerosLike().add(bounds.max()), images);
        return NDArrays.where(pepper, images.zerosLike().add(bounds.min()), salted);
    }
}
