package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
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
        List<NDArray> finishedRows = new ArrayList<>();
        NDList finished = new NDList();
        NDArray rows =
                images.getManager().arange(0, (int) images.getShape().get(0), 1, DataType.INT64);
        NDArray x0 = images;
        NDArray x = images;
        NDArray z = logits;
        NDArray total = images.zerosLike();
        Criterion goal = criterion;
        NDArray candidates = null;
        NDArray resisting = goal.isAdversarial(logits.stopGradient()).logicalNot();
        for (int i = 0; i < parameters.iterations(); i++) {
            context.checkCancelled();
            if (i > 0) {
                NDArray adversarials = x0.stopGradient().add(overshot(total.stopGradient()));
                resisting = goal.isAdversarial(classifier.predict(adversarials)).logicalNot();
            }
            long left = resisting.sum().getLong();
            if (left == 0) {
                break;
            }
            if (left < rows.size()) {
                NDArray done = resisting.logicalNot().nonzero().flatten();
                finishedRows.add(rows.get(new NDIndex("{}", done)));
                finished.add(total.get(new NDIndex("{}", done)));
                NDArray kept = resisting.nonzero().flatten();
                NDIndex index = new NDIndex("{}", kept);
                rows = rows.get(index);
                x0 = x0.get(index);
                total = total.get(index);
                goal = goal.select(kept);
                candidates = candidates == null ? null : candidates.get(new NDIndex(":, {}", kept));
            }
            if (i > 0 || left < logits.getShape().get(0)) {
                x = x0.add(total);
                z = classifier.logits(x);
            }
            if (candidates == null) {
                candidates = Boundaries.candidates(z, goal, parameters.candidates());
            }
            total = total.add(step(x, z, goal, candidates));
        }
        if (finished.isEmpty()) {
            return overshot(total);
        }
        finishedRows.add(rows);
        finished.add(total);
        NDArray order = NDArrays.concat(new NDList(finishedRows)).argSort();
        return overshot(NDArrays.concat(finished).get(new NDIndex("{}", order)));
    }

    private NDArray overshot(NDArray perturbation) {
        return perturbation.mul(Constants.scalar(1 + parameters.overshoot(), perturbation));
    }

    /** The step onto the nearest boundary (N, C, H, W), with its graph. */
    private NDArray step(NDArray x, NDArray z, Criterion goal, NDArray candidates) {
        NDArray cotangent;
        NDArray movable;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Boundaries boundaries = Boundaries.nearest(classifier, x, z, goal, candidates, Norm.L2);
            movable = boundaries.reachable();
            cotangent = boundaries.cotangent();
            NDScope.unregister(cotangent, movable);
        }
        if (!movable.all().getBoolean()) {
            context.warn(Boundaries.STUCK);
        }
        NDArray gradient = classifier.gradient(z, x, cotangent, true);
        NDArray difference = z.mul(cotangent).sum(new int[] {1}).abs();
        NDArray square =
                gradient.reshape(gradient.getShape().get(0), -1).square().sum(new int[] {1});
        // Where nothing can move, 0/1 keeps both the step and its derivative finite.
        NDArray factor =
                NDArrays.where(
                        movable,
                        difference.div(NDArrays.where(movable, square, square.onesLike())),
                        difference.zerosLike());
        return gradient.mul(Norm.broadcast(factor, gradient));
    }
}
