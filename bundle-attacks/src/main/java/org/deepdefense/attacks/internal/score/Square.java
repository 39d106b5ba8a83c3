// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.Attempts;
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The Square Attack in L∞: random search that starts from vertical stripes and sets squares of the
 * perturbation to ±ε, one sign a channel, as long as that makes the margin of the logits smaller.
 * It needs scores only. With 5000 steps and {@code rescaleSchedule=false} it is the fourth member
 * of AutoAttack. Other than there, each sample has squares of its own, and squares also reach the
 * last row and column.
 *
 * @see <a href="https://arxiv.org/abs/1912.00049">Andriushchenko, Croce, Flammarion, Hein: Square
 *     Attack: a query-efficient black-box adversarial attack via random search, ECCV 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.square")
@AttackPlugin(
        name = "square",
        description = "random search over squares of the image, without gradients (L∞)",
        paper =
                "Andriushchenko, Croce, Flammarion, Hein: Square Attack: a query-efficient black-box adversarial attack via random search, ECCV 2020")
@Designate(ocd = Square.Parameters.class)
public final class Square implements FixedBudgetAttack<Square.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack square")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps, each a forward pass of the samples that resist",
                min = "1")
        int steps() default 5000;

        /** Returns the size of the first squares. */
        @AttributeDefinition(
                description = "share of the pixels that the first squares change (p in the paper)",
                min = "0",
                max = "1")
        double initialArea() default 0.8;

        /** Returns whether the schedule is stretched. */
        @AttributeDefinition(
                description =
                        "whether the squares reach their smallest size at the end of the steps,"
                                + " however many; otherwise they do so after 8000 steps")
        boolean rescaleSchedule() default true;

        /** Returns the number of runs. */
        @AttributeDefinition(
                description = "runs with other squares, for the samples not yet successful",
                min = "1")
        int restarts() default 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
    }

    @Override
    public double epsilon(Parameters parameters) {
        return parameters.epsilon();
    }

    @Override
    public Access access() {
        return Access.SCORES;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        SquareSearch search =
                new SquareSearch(
                        classifier,
                        context,
                        new Stripes(p.epsilon(), classifier.bounds()),
                        new SquareSearch.Schedule(p.steps(), p.initialArea(), p.rescaleSchedule()));
        return Attempts.untilSuccess(
                p.restarts(), classifier, images, criterion, context, search::run);
    }

    /** Stripes, and squares of one change a channel. */
    public record Stripes(double epsilon, Bounds bounds) implements SquareSearch.Proposals {

        @Override
        public NDArray start(NDArray images, SampleRandom random) {
            Shape image = images.getShape().slice(1);
            Shape stripes = new Shape(image.get(0), 1, image.get(2));
            return moved(images, Draws.signs(random, images.getManager(), stripes));
        }

        @Override
        public NDArray next(NDArray images, NDArray best, double area, SampleRandom random) {
            Shape image = images.getShape().slice(1);
            long side = Math.max(1, Math.round(Math.sqrt(area * image.get(1) * image.get(2))));
            NDArray uniform =
                    random.uniform(images.getManager(), new Shape(2 + image.get(0)), 0, 1);
            NDArray inside = Windows.draw(uniform, 0, side, side, image).contains();
            NDArray signs =
                    Draws.signs(uniform.get(new NDIndex(":, 2:"))).reshape(-1, image.get(0), 1, 1);
            return NDArrays.where(inside, moved(images, signs), best);
        }

        private NDArray moved(NDArray images, NDArray signs) {
            return images.add(signs.mul(epsilon)).clip(bounds.min(), bounds.max());
        }
    }
}
