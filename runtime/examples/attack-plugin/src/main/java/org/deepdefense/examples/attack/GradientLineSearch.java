// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.examples.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Looks along the gradient of the loss for the place where the class changes, by bisection. One
 * gradient and some forward passes for each image.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.gradient_line_search")
@AttackPlugin(
        name = "gradient-line-search",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description = "Bisects the line along the gradient (L2); an example of a plug-in")
@Designate(ocd = GradientLineSearch.Parameters.class)
public final class GradientLineSearch implements MinimumNormAttack<GradientLineSearch.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack gradient-line-search")
    public @interface Parameters {

        /** Returns how far to look. */
        @AttributeDefinition(
                description =
                        "largest Euclidean distance to look at, as a multiple of the range of"
                                + " pixels",
                min = "0")
        double reach() default 10;

        /** Returns the number of bisections. */
        @AttributeDefinition(description = "number of bisections, each a forward pass", min = "1")
        int steps() default 20;
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
        NDArray gradient = classifier.lossGradient(images, criterion.loss()).gradient();
        NDArray length = Norm.L2.of(gradient).maximum(Float.MIN_NORMAL);
        if (length.max().getFloat() <= Float.MIN_NORMAL) {
            context.warn("all gradients are zero: the network may mask them");
        }
        NDArray direction = gradient.div(Norm.broadcast(length, gradient));
        Bounds bounds = classifier.bounds();

        // The class changes between distance - width and distance, if it changes at all.
        double width = context.parameters().reach() * bounds.range();
        NDArray distance =
                images.getManager().full(new Shape(images.getShape().get(0)), (float) width);
        for (int step = 0; step < context.parameters().steps(); step++) {
            context.checkCancelled();
            width /= 2;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray middle = move(images, direction, distance.sub(width), bounds);
                NDArray reached = criterion.isAdversarial(classifier.predict(middle));
                distance.subi(reached.toType(DataType.FLOAT32, false).mul(width));
            }
        }
        return move(images, direction, distance, bounds);
    }

    private static NDArray move(
            NDArray images, NDArray direction, NDArray distance, Bounds bounds) {
        NDArray step = direction.mul(Norm.broadcast(distance, direction));
        return images.add(step).clip(bounds.min(), bounds.max());
    }
}
