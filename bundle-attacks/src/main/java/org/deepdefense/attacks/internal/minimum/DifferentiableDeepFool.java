// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.Masks;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;

/**
 * DeepFool as a recursive network (Deep Defense, section 3.2): the perturbation keeps its graph to
 * the parameters, through the difference of logits and the gradient at each iterate and through the
 * iterates themselves.
 *
 * <p>The choice of the nearest boundary is piecewise constant and so carries no gradient: only the
 * chosen gradient is taken a second time, with a graph. That graph is a K-th of the one in the
 * paper's code, and its derivative is the same.
 */
final class DifferentiableDeepFool {

    private final Classifier classifier;
    private final AttackContext<DeepFoolParameters> context;
    private final DeepFoolParameters parameters;

    DifferentiableDeepFool(Classifier classifier, AttackContext<DeepFoolParameters> context) {
        this.classifier = classifier;
        this.context = context;
        this.parameters = context.parameters();
    }

    NDArray perturbation(NDArray images, NDArray logits, Criterion criterion) {
        NDManager manager = images.getManager();
        NDList finished = new NDList();
        long[] rows = LongStream.range(0, images.getShape().get(0)).toArray();
        long[] places = new long[rows.length];
        int placed = 0;
        NDArray x0 = images;
        NDArray x = images;
        NDArray z = logits;
        NDArray total = images.zerosLike();
        Criterion goal = criterion;
        NDArray candidates = null;
        NDArray growth = manager.ones(images.getShape().slice(0, 1));
        boolean[] fooled = fooled(goal, () -> logits.stopGradient());
        for (int i = 0; i < parameters.iterations(); i++) {
            context.checkCancelled();
            if (i > 0) {
                NDArray clean = x0.stopGradient();
                NDArray perturbation = total.stopGradient();
                fooled = fooled(goal, () -> classifier.predict(overshot(perturbation).addi(clean)));
            }
            long[] kept = Masks.positions(fooled, false);
            if (kept.length == 0) {
                break;
            }
            if (kept.length < rows.length) {
                long[] done = Masks.positions(fooled, true);
                for (long position : done) {
                    places[(int) rows[(int) position]] = placed++;
                }
                finished.add(total.get(new NDIndex("{}", manager.create(done))));
                long[] before = rows;
                rows = LongStream.of(kept).map(position -> before[(int) position]).toArray();
                NDArray positions = manager.create(kept);
                NDIndex index = new NDIndex("{}", positions);
                x0 = x0.get(index);
                total = total.get(index);
                goal = goal.select(positions);
                candidates =
                        candidates == null ? null : candidates.get(new NDIndex(":, {}", positions));
                growth = growth.get(index);
            }
            if (i > 0 || !finished.isEmpty()) {
                x = x0.add(total);
                z = classifier.logits(x);
            }
            if (candidates == null) {
                candidates = Boundaries.candidates(z, goal, parameters.candidates());
            }
            Step step = step(x, z, goal, candidates, growth);
            total = total.add(step.move());
            growth = step.growth();
        }
        if (finished.isEmpty()) {
            return overshot(total);
        }
        for (long row : rows) {
            places[(int) row] = placed++;
        }
        finished.add(total);
        NDArray order = manager.create(places);
        return overshot(NDArrays.concat(finished).get(new NDIndex("{}", order)));
    }

    /** Tells which samples are fooled, and frees at once what it took to know. */
    private static boolean[] fooled(Criterion goal, Supplier<NDArray> logits) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return goal.isAdversarial(logits.get()).toBooleanArray();
        }
    }

    private NDArray overshot(NDArray perturbation) {
        return perturbation.mul(Constants.scalar(1 + parameters.overshoot(), perturbation));
    }

    /**
     * A step.
     *
     * @param move the step onto the nearest boundary (N, C, H, W), with its graph
     * @param growth that of the next step from a point on a boundary (N)
     */
    private record Step(NDArray move, NDArray growth) {}

    private Step step(NDArray x, NDArray z, Criterion goal, NDArray candidates, NDArray growth) {
        NDArray cotangent;
        NDArray excess;
        NDArray tied;
        NDArray scale;
        NDArray next;
        NDArray movable = null;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Boundaries boundaries =
                    Boundaries.nearest(classifier, x, z, goal, candidates, Norm.L2, growth);
            cotangent = boundaries.cotangent();
            excess = boundaries.excess();
            tied = boundaries.tied();
            scale = Scales.of(boundaries.size());
            next = boundaries.next(growth);
            NDScope.unregister(cotangent, excess, tied, scale, next);
            if (!boundaries.allReachable()) {
                context.warn(Boundaries.STUCK);
                movable = boundaries.reachable();
                NDScope.unregister(movable);
            }
        }
        NDArray gradient = classifier.gradient(z, x, cotangent, true);
        gradient = gradient.div(Norm.broadcast(scale, gradient));
        NDArray signed = Logits.finite(z).mul(cotangent).sum(new int[] {1});
        // On the boundary itself, what makes the step beyond it comes on top.
        NDArray difference =
                NDArrays.where(tied, signed.add(excess).neg(), signed.abs()).div(scale);
        NDArray square =
                gradient.reshape(gradient.getShape().get(0), -1).square().sum(new int[] {1});
        if (movable != null) {
            // Where nothing can move, 0/1 keeps both the step and its derivative finite.
            square = NDArrays.where(movable, square, square.onesLike());
            difference = NDArrays.where(movable, difference, difference.zerosLike());
        }
        return new Step(gradient.mul(Norm.broadcast(difference.div(square), gradient)), next);
    }
}
