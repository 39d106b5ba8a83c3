// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The spatial attack: tries a grid of rotations about the centre and translations, from the mildest
 * to the strongest, until the image is misclassified. Pixels are interpolated bilinearly; what
 * comes from outside the image is black. The grid is that of the paper (31 angles, 5 × 5
 * translations). No norm of pixels measures what it does. Where the whole grid fails, the clean
 * image is returned.
 *
 * @see <a href="https://arxiv.org/abs/1712.02779">Engstrom, Tran, Tsipras, Schmidt, Madry:
 *     Exploring the Landscape of Spatial Robustness, ICML 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.spatial")
@AttackPlugin(
        name = "spatial",
        type = AttackType.OTHER,
        access = Access.DECISIONS,
        description = "a grid of rotations and translations, from decisions alone",
        paper =
                "Engstrom, Tran, Tsipras, Schmidt, Madry: Exploring the Landscape of Spatial Robustness, ICML 2019")
@Designate(ocd = Spatial.Parameters.class)
public final class Spatial implements Attack<Spatial.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack spatial")
    public @interface Parameters {

        @AttributeDefinition(
                description = "largest rotation either way, in degrees",
                min = "0",
                max = "180")
        double maxRotation() default 30;

        @AttributeDefinition(
                description = "largest translation along each axis either way, in pixels",
                min = "0")
        double maxTranslation() default 3;

        @AttributeDefinition(description = "angles in the grid", min = "1")
        int rotations() default 31;

        @AttributeDefinition(description = "translations along each axis in the grid", min = "1")
        int translations() default 5;
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
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            for (Motion motion : grid(context.parameters())) {
                if (active.isEmpty()) {
                    break;
                }
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray moved = motion.apply(active.images(), classifier.bounds());
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(moved));
                    active.write(result, moved, reached);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return result;
    }

    private static List<Motion> grid(Parameters p) {
        List<Motion> motions = new ArrayList<>();
        for (double angle : spread(p.maxRotation(), p.rotations())) {
            for (double right : spread(p.maxTranslation(), p.translations())) {
                for (double down : spread(p.maxTranslation(), p.translations())) {
                    motions.add(new Motion(Math.toRadians(angle), right, down));
                }
            }
        }
        double turn = Math.max(Math.toRadians(p.maxRotation()), Double.MIN_NORMAL);
        double shift = Math.max(p.maxTranslation(), Double.MIN_NORMAL);
        motions.sort(
                Comparator.comparingDouble(
                        m ->
                                square(m.angle / turn)
                                        + square(m.right / shift)
                                        + square(m.down / shift)));
        return motions;
    }

    private static double square(double x) {
        return x * x;
    }

    /** Returns numbers from −max to max in equal steps, or 0 if there is only one. */
    private static double[] spread(double max, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count && count > 1; i++) {
            values[i] = max * (2.0 * i / (count - 1) - 1);
        }
        return values;
    }

    /**
     * A rotation about the centre of the image and a translation.
     *
     * @param angle in radians
     * @param right in pixels
     * @param down in pixels
     */
    private record Motion(double angle, double right, double down) {

        /** Returns moved images (M, C, H, W). */
        NDArray apply(NDArray images, Bounds bounds) {
            NDManager manager = images.getManager();
            Shape shape = images.getShape();
            double middleY = (shape.get(2) - 1) / 2.0;
            double middleX = (shape.get(3) - 1) / 2.0;
            NDArray y = axis(manager, shape.get(2)).reshape(-1, 1).sub(middleY + down);
            NDArray x = axis(manager, shape.get(3)).reshape(1, -1).sub(middleX + right);
            NDArray fromY = x.mul(Math.sin(angle)).add(y.mul(Math.cos(angle))).add(middleY);
            NDArray fromX = x.mul(Math.cos(angle)).sub(y.mul(Math.sin(angle))).add(middleX);
            NDArray light = images.sub(bounds.min());
            NDArray moved = light.zerosLike();
            for (int corner = 0; corner < 4; corner++) {
                NDArray row = fromY.floor().add(corner / 2);
                NDArray column = fromX.floor().add(corner % 2);
                NDArray share = share(fromY, row).mul(share(fromX, column));
                moved.addi(pixels(light, row, column).mul(share));
            }
            return moved.add(bounds.min()).clip(bounds.min(), bounds.max());
        }

        private static NDArray axis(NDManager manager, long size) {
            return manager.arange(0, (int) size, 1, DataType.FLOAT32);
        }

        /** Returns how much a place takes from a pixel at most one pixel away. */
        private static NDArray share(NDArray place, NDArray pixel) {
            return place.sub(pixel).abs().neg().add(1);
        }

        /** Returns the pixels at these rows and columns (H, W), 0 outside of the image. */
        private static NDArray pixels(NDArray light, NDArray row, NDArray column) {
            Shape shape = light.getShape();
            long height = shape.get(2);
            long width = shape.get(3);
            NDArray inside =
                    row.gte(0)
                            .logicalAnd(row.lt(height))
                            .logicalAnd(column.gte(0))
                            .logicalAnd(column.lt(width));
            NDArray index =
                    row.clip(0, height - 1)
                            .mul(width)
                            .add(column.clip(0, width - 1))
                            .toType(DataType.INT64, false)
                            .flatten();
            return light.reshape(shape.get(0), shape.get(1), -1)
                    .get(new NDIndex(":, :, {}", index))
                    .reshape(shape)
                    .mul(inside.toType(DataType.FLOAT32, false));
        }
    }
}
