// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.classifier.Finite;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/** Checks what goes into an attack and what comes out of it. */
final class AttackChecks {

    /** How far float arithmetic may carry a pixel out of its bounds, in units of their range. */
    private static final float BOUNDS_TOLERANCE = 1e-6f;

    /** How far float arithmetic may carry a perturbation out of its budget. */
    private static final double BUDGET_TOLERANCE = 1e-4;

    private AttackChecks() {}

    /**
     * Checks the budget that an attack was given.
     *
     * @throws DeepDefenseException if it is no budget, or more than any pixel can change
     */
    static <P> void budget(BoundAttack<P> bound, Bounds bounds) {
        if (bound.attack() instanceof FixedBudgetAttack<P> budget) {
            double epsilon = bound.budget().orElseThrow();
            if (!(epsilon >= 0) || Double.isInfinite(epsilon)) {
                throw outOfRange(bound, epsilon, "is out of range", "give 0 or more");
            }
            if (budget.norm() == Norm.LINF && epsilon > bounds.range() * (1 + BUDGET_TOLERANCE)) {
                throw outOfRange(
                        bound,
                        epsilon,
                        "is more than any pixel can change, within " + bounds,
                        "give a fraction for levels of 8 bits, such as 8/255");
            }
        }
    }

    private static DeepDefenseException outOfRange(
            BoundAttack<?> bound, double epsilon, String fault, String remedy) {
        return new DeepDefenseException(
                "The budget epsilon=" + epsilon + " of attack \"" + bound.name() + "\" " + fault,
                remedy);
    }

    /**
     * Checks the images to attack.
     *
     * @throws DeepDefenseException if they don't fit the network
     */
    static void images(Classifier classifier, NDArray images) {
        Shape shape = images.getShape();
        if (shape.dimension() != 4 || !shape.slice(1).equals(classifier.inputShape())) {
            throw new DeepDefenseException(
                    "Images of the shape "
                            + shape
                            + " do not fit a network for images of the shape "
                            + classifier.inputShape(),
                    "choose a network that was made for this data set");
        }
        Bounds bounds = classifier.bounds();
        float margin = BOUNDS_TOLERANCE * bounds.range();
        float min = images.min().getFloat();
        float max = images.max().getFloat();
        if (!(min >= bounds.min() - margin && max <= bounds.max() + margin)) {
            throw new DeepDefenseException(
                    "Images with pixels from "
                            + min
                            + " to "
                            + max
                            + " leave the bounds "
                            + bounds
                            + " of the network",
                    "scale the images to these bounds; normalisation is a part of the network");
        }
    }

    /**
     * Checks what a network says of images. A class may be ruled out by a logit of minus infinity.
     *
     * @throws DeepDefenseException if that is not a logit a class
     */
    static void logits(NDArray logits, int classes) {
        if (logits.getShape().dimension() != 2 || logits.getShape().get(1) != classes) {
            throw new DeepDefenseException(
                    "The network returned outputs of the shape "
                            + logits.getShape()
                            + " for "
                            + classes
                            + " classes",
                    "it must return one logit a class, (N, " + classes + ")");
        }
        // The largest logit of a row is NaN if any is.
        if (logits.getShape().get(0) > 0 && !Finite.all(logits.max(new int[] {1}))) {
            throw new DeepDefenseException(
                    "The network returned logits that are not finite numbers",
                    "its weights are damaged or it was trained with too high a learning rate; load"
                            + " or train it anew");
        }
    }

    /**
     * Checks what an attack returned.
     *
     * @throws DeepDefenseException if it is not a batch of finite images
     */
    static void result(String name, NDArray result, NDArray images) {
        if (!result.getShape().equals(images.getShape())
                || result.getDataType() != DataType.FLOAT32) {
            throw faulty(
                    name,
                    "returned "
                            + result.getDataType()
                            + " of the shape "
                            + result.getShape()
                            + " for images of the shape "
                            + images.getShape());
        }
        if (!Finite.all(result)) {
            throw faulty(name, "returned numbers that are not finite");
        }
    }

    /**
     * Holds an attack to its word about bounds.
     *
     * @return an array of its own: the result, clipped if the attack stays inside the bounds
     * @throws DeepDefenseException if it leaves them
     */
    static <P> NDArray inBounds(BoundAttack<P> bound, NDArray result, Bounds bounds) {
        Attack<P> attack = bound.attack();
        if (!attack.isBounded(bound.parameters())) {
            return result.duplicate();
        }
        float margin = BOUNDS_TOLERANCE * bounds.range();
        float min = result.min().getFloat();
        float max = result.max().getFloat();
        if (min < bounds.min() - margin || max > bounds.max() + margin) {
            throw faulty(
                    bound.name(),
                    "returned pixels from " + min + " to " + max + " outside the bounds " + bounds);
        }
        return result.clip(bounds.min(), bounds.max());
    }

    /**
     * Holds an attack to its budget.
     *
     * @throws DeepDefenseException if it leaves it
     */
    static <P> void distance(BoundAttack<P> bound, NDArray result, NDArray images) {
        if (bound.attack() instanceof FixedBudgetAttack<P> budget) {
            double epsilon = bound.budget().orElseThrow();
            float distance = budget.norm().of(result.sub(images)).max().getFloat();
            if (distance > epsilon * (1 + BUDGET_TOLERANCE) + BUDGET_TOLERANCE * 1e-2) {
                throw faulty(
                        bound.name(),
                        "used "
                                + distance
                                + " of its budget of "
                                + epsilon
                                + " in the norm "
                                + budget.norm().symbol());
            }
        }
    }

    /** Returns the error that an attack is at fault. */
    static DeepDefenseException faulty(String name, String fault) {
        return new DeepDefenseException(
                "Attack \"" + name + "\" " + fault,
                "its result cannot be trusted; use another attack or tell its author");
    }
}
