package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * DeepFool on a batch from which samples leave as soon as they are fooled. Without clipping, it
 * linearises at x + r and tests at x + (1 + overshoot)·r, as the paper's code does; with clipping,
 * both at the overshot and clipped image, as Foolbox does.
 */
final class DeepFoolSearch {

    /**
     * Where the bounds cut steps short, iterates would approach the boundary for ever without
     * crossing it. The value is Foolbox's, relative to the range of pixels.
     */
    private static final double BEYOND = 1e-4;

    private final Norm norm;
    private final Classifier classifier;
    private final AttackContext<DeepFoolParameters> context;
    private final DeepFoolParameters parameters;

    DeepFoolSearch(Norm norm, Classifier classifier, AttackContext<DeepFoolParameters> context) {
        this.norm = norm;
        this.classifier = classifier;
        this.context = context;
        this.parameters = context.parameters();
    }

    /** The samples that still resist, and the perturbations that they have so far. */
    private record Active(
            NDArray rows,
            NDArray images,
            NDArray perturbation,
            Criterion criterion,
            NDArray candidates) {

        Active select(NDArray kept, NDArray stepped) {
            NDIndex index = new NDIndex("{}", kept);
            return new Active(
                    rows.get(index),
                    images.get(index),
                    stepped.get(index),
                    criterion.select(kept),
                    candidates.get(new NDIndex(":, {}", kept)));
        }

        /** Hands all arrays to the owner of an iteration. */
        Active attach(NDManager owner) {
            rows.attach(owner);
            images.attach(owner);
            perturbation.attach(owner);
            criterion.labels().attach(owner);
            criterion.targeted().attach(owner);
            if (candidates != null) {
                candidates.attach(owner);
            }
            return this;
        }
    }

    NDArray attack(NDArray images, Criterion criterion) {
        NDManager manager = images.getManager();
        NDArray result = images.duplicate();
        NDManager owner = manager.newSubManager();
        try {
            Active active =
                    new Active(
                                    manager.arange(
                                            0, (int) images.getShape().get(0), 1, DataType.INT64),
                                    images.duplicate(),
                                    images.zerosLike(),
                                    Criterion.of(
                                            criterion.labels().duplicate(),
                                            criterion.targeted().duplicate()),
                                    null)
                            .attach(owner);
            for (int i = 0; i < parameters.iterations() && active != null; i++) {
                context.checkCancelled();
                NDManager next = manager.newSubManager();
                active = iterate(active, result, next, i + 1 == parameters.iterations());
                owner.close();
                owner = next;
            }
            return result;
        } finally {
            owner.close();
        }
    }

    /** Makes one step, writes finished samples into the result, and returns the others. */
    private Active iterate(Active active, NDArray result, NDManager next, boolean last) {
        NDArray x = linearisationPoint(active).stopGradient();
        x.setRequiresGradient(true);
        NDArray logits = classifier.logits(x);
        NDArray candidates =
                active.candidates() != null
                        ? active.candidates()
                        : Boundaries.candidates(
                                logits, active.criterion(), parameters.candidates());
        Boundaries boundaries =
                Boundaries.nearest(classifier, x, logits, active.criterion(), candidates, norm);
        NDArray stepped =
                active.perturbation()
                        .add(
                                boundaries.steps(
                                        norm,
                                        parameters.clip()
                                                ? BEYOND * classifier.bounds().range()
                                                : 0));
        NDArray adversarials = overshot(active.images(), stepped);
        NDArray fooled = active.criterion().isAdversarial(classifier.predict(adversarials));
        NDArray resisting = fooled.logicalNot();
        if (!boundaries.allReachable()) {
            context.warn(Boundaries.STUCK);
            resisting = resisting.logicalAnd(boundaries.reachable());
        }
        long left = Masks.count(resisting);
        if (left == 0 || last) {
            result.set(new NDIndex("{}", active.rows()), adversarials);
            return null;
        }
        if (left == active.rows().size()) {
            return new Active(
                            active.rows(), active.images(), stepped, active.criterion(), candidates)
                    .attach(next);
        }
        NDArray finished = resisting.logicalNot().nonzero().flatten();
        result.set(
                new NDIndex("{}", active.rows().get(new NDIndex("{}", finished))),
                adversarials.get(new NDIndex("{}", finished)));
        return new Active(
                        active.rows(),
                        active.images(),
                        active.perturbation(),
                        active.criterion(),
                        candidates)
                .select(resisting.nonzero().flatten(), stepped)
                .attach(next);
    }

    private NDArray linearisationPoint(Active active) {
        return parameters.clip()
                ? overshot(active.images(), active.perturbation())
                : active.images().add(active.perturbation());
    }

    private NDArray overshot(NDArray images, NDArray perturbation) {
        NDArray moved = perturbation.mul(1 + parameters.overshoot()).addi(images);
        Bounds bounds = classifier.bounds();
        return parameters.clip() ? moved.clip(bounds.min(), bounds.max()) : moved;
    }
}
