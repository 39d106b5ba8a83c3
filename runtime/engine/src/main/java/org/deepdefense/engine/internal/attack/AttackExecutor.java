// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.WatchedClassifier;
import org.deepdefense.engine.internal.work.LentArrays;
import org.deepdefense.model.Classifier;

/**
 * Runs attacks and takes nothing on trust: it checks what goes in and what comes out, spares
 * samples that need no attack, and recomputes success.
 */
public final class AttackExecutor {

    private AttackExecutor() {}

    /**
     * Attacks a batch.
     *
     * @param bound the attack and its parameters
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param control random numbers, cancellation, warnings
     * @param <P> the type of the parameters
     * @return the outcome, on the manager of the images
     * @throws DeepDefenseException if the images don't fit the classifier, or the attack throws,
     *     changes what it was given, returns something that is not a batch of finite images, leaves
     *     the bounds or its budget
     */
    public static <P> AttackOutcome execute(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            RunControl control) {
        return execute(bound, classifier, images, logits -> criterion, control);
    }

    /**
     * Attacks a batch with a criterion that depends on what the network makes of the clean images,
     * which so have to be classified only once.
     *
     * @param bound the attack and its parameters
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterionOf takes the logits (N, K) of the images and tells what to reach
     * @param control random numbers, cancellation, warnings
     * @param <P> the type of the parameters
     * @return the outcome, on the manager of the images
     * @throws DeepDefenseException as {@link #execute(BoundAttack, Classifier, NDArray, Criterion,
     *     RunControl)}
     */
    public static <P> AttackOutcome execute(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            Function<NDArray, Criterion> criterionOf,
            RunControl control) {
        AttackChecks.budget(bound, classifier.bounds());
        AttackChecks.images(classifier, images);
        NDArray clean = images.stopGradient();
        NDArray logits = classifier.predict(clean);
        AttackChecks.logits(logits, classifier.classes());
        Criterion criterion = criterionOf.apply(logits);
        NDArray before = criterion.isAdversarial(logits);
        NDArray attacked = before.logicalNot();
        long[] rows = attacked.nonzero().flatten().toLongArray();
        if (rows.length == 0) {
            return new AttackOutcome(
                    clean, attacked, before, attacked.logicalNot(), logits, logits, criterion);
        }
        boolean all = rows.length == clean.getShape().get(0);
        NDIndex index = all ? null : new NDIndex("{}", images.getManager().create(rows));
        NDArray victims = all ? clean : clean.get(index);
        Criterion goal = all ? criterion : criterion.select(images.getManager().create(rows));
        RunControl part = all ? control : control.select(rows);

        GradientFaults faults = new GradientFaults(victims);
        Classifier watched = new WatchedClassifier(classifier, faults);
        NDArray result = run(bound, watched, victims, goal, part);
        NDArray resultLogits = classifier.predict(result);
        NDArray success = goal.isAdversarial(resultLogits);
        new Repetition(result, resultLogits, success)
                .improve(
                        bound,
                        classifier,
                        victims,
                        goal,
                        part,
                        (x, sought, its) -> run(bound, watched, x, sought, its));
        NDArray finite = images.getManager().create(faults.finite());
        if (all) {
            return new AttackOutcome(
                    result, attacked, success, finite, logits, resultLogits, criterion);
        }
        NDArray adversarials = clean.duplicate();
        adversarials.set(index, result);
        NDArray reached = before.duplicate();
        reached.set(index, success);
        NDArray adversarialLogits = logits.duplicate();
        adversarialLogits.set(index, resultLogits);
        NDArray finiteGradients = attacked.onesLike();
        finiteGradients.set(index, finite);
        return new AttackOutcome(
                adversarials,
                attacked,
                reached,
                finiteGradients,
                logits,
                adversarialLogits,
                criterion);
    }

    /**
     * Attacks every sample of a batch, those too that fulfil the criterion already. Of what the
     * network makes of the images nothing is looked at: that is for the caller.
     *
     * @param bound the attack and its parameters
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach, or to go on from
     * @param control random numbers, cancellation, warnings
     * @param <P> the type of the parameters
     * @return the images (N, C, H, W) after the attack, on the manager of the images
     * @throws DeepDefenseException as {@link #execute(BoundAttack, Classifier, NDArray, Criterion,
     *     RunControl)}
     */
    public static <P> NDArray worstCases(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            RunControl control) {
        AttackChecks.budget(bound, classifier.bounds());
        AttackChecks.images(classifier, images);
        NDArray clean = images.stopGradient();
        NDArray result = run(bound, classifier, clean, criterion, control);
        if (bound.restarts() > 1) {
            NDArray logits = classifier.predict(result);
            new Repetition(result, logits, criterion.isAdversarial(logits))
                    .improve(
                            bound,
                            classifier,
                            clean,
                            criterion,
                            control,
                            (x, goal, its) -> run(bound, classifier, x, goal, its));
        }
        return result;
    }

    /**
     * Attacks a batch with the graph to the parameters of the network kept.
     *
     * @param bound the attack, which must be differentiable, and its parameters
     * @param classifier the network
     * @param images images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with their graph
     * @param criterion what to reach
     * @param control random numbers, cancellation, warnings
     * @param <P> the type of the parameters
     * @return perturbations (N, C, H, W), differentiable
     * @throws UnsupportedOperationException if the attack is not differentiable
     * @throws DeepDefenseException if it is to be run several times
     */
    public static <P> NDArray perturbation(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            NDArray logits,
            Criterion criterion,
            RunControl control) {
        if (!(bound.attack() instanceof DifferentiableAttack<P> attack)) {
            throw new UnsupportedOperationException(
                    "Attack \"" + bound.name() + "\" is not differentiable");
        }
        if (bound.restarts() > 1) {
            throw new DeepDefenseException(
                    "Attack \"" + bound.name() + "\" is differentiated and has restarts",
                    "leave restarts out: what is chosen from several runs has no derivative");
        }
        AttackContext<P> context = new RunContext<>(bound, control);
        LentArrays lent = new LentArrays();
        lent.lend(images);
        lent.lend(logits);
        Criterion goal = lend(criterion, lent);
        NDArray perturbation =
                guard(
                        bound.name(),
                        control,
                        () -> attack.perturbation(classifier, images, logits, goal, context));
        requireUntouched(bound.name(), lent);
        AttackChecks.result(bound.name(), perturbation, images);
        return perturbation;
    }

    /** Runs an attack on copies, and returns what it made of them in an array of its own. */
    private static <P> NDArray run(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            RunControl control) {
        AttackContext<P> context = new RunContext<>(bound, control);
        Classifier view = RestrictedClassifier.of(bound, classifier);
        LentArrays lent = new LentArrays();
        NDArray shown = lent.copy(images);
        Criterion goal = lend(criterion, lent);
        NDArray raw =
                guard(bound.name(), control, () -> bound.attack().run(view, shown, goal, context))
                        .stopGradient();
        requireUntouched(bound.name(), lent);
        AttackChecks.result(bound.name(), raw, images);
        NDArray result = AttackChecks.inBounds(bound, raw, classifier.bounds());
        AttackChecks.distance(bound, result, images);
        return result;
    }

    private static Criterion lend(Criterion criterion, LentArrays lent) {
        return criterion.map(lent::copy);
    }

    private static void requireUntouched(String name, LentArrays lent) {
        if (!lent.areUntouched()) {
            throw AttackChecks.faulty(name, "changed the images or labels that it was given");
        }
    }

    /** Whatever an attack throws becomes an error that names it, unless it is fit for the user. */
    private static NDArray guard(String name, RunControl control, Supplier<NDArray> computation) {
        Throwable cause;
        try {
            NDArray result = Autograd.recording(true, computation);
            if (result == null) {
                throw AttackChecks.faulty(name, "returned null");
            }
            return result;
        } catch (DeepDefenseException e) {
            throw e;
        } catch (CancellationException e) {
            // Only the job's own is a cancellation.
            control.checkCancelled().run();
            cause = e;
        } catch (Throwable e) {
            cause = e;
        }
        throw new DeepDefenseException(
                "Attack \""
                        + name
                        + "\" threw "
                        + cause.getClass().getSimpleName()
                        + " ("
                        + cause.getMessage()
                        + ")",
                "use another attack or tell its author; the log has the details",
                cause);
    }
}
