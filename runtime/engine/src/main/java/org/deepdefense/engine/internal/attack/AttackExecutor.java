package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.djl.Autograd;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * Runs attacks and takes nothing on trust: it checks what goes in and what comes out, spares
 * samples that need no attack, and recomputes success.
 */
public final class AttackExecutor {

    /** How far float arithmetic may carry a pixel out of its bounds, in units of their range. */
    private static final float BOUNDS_TOLERANCE = 1e-6f;

    /** How far float arithmetic may carry a perturbation out of its budget. */
    private static final double BUDGET_TOLERANCE = 1e-4;

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
     *     returns something that is not a batch of finite images, leaves the bounds or its budget
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
        checkBudget(bound, classifier.bounds());
        checkImages(classifier, images);
        NDArray clean = images.stopGradient();
        NDArray logits = classifier.predict(clean);
        checkLogits(logits, classifier.classes());
        Criterion criterion = criterionOf.apply(logits);
        NDArray before = criterion.isAdversarial(logits);
        NDArray attacked = before.logicalNot();
        long[] rows = attacked.nonzero().flatten().toLongArray();
        if (rows.length == 0) {
            return new AttackOutcome(clean, attacked, before, logits, logits);
        }
        boolean all = rows.length == clean.getShape().get(0);
        NDIndex index = all ? null : new NDIndex("{}", images.getManager().create(rows));
        NDArray victims = all ? clean : clean.get(index);
        Criterion goal = all ? criterion : criterion.select(images.getManager().create(rows));
        RunControl part = all ? control : control.select(rows);

        NDArray raw = run(bound, classifier, victims, goal, part);
        checkResult(bound, raw, victims);
        NDArray result = inBounds(bound, raw, classifier.bounds());
        checkDistance(bound, result, victims);
        NDArray resultLogits = classifier.predict(result);
        NDArray success = goal.isAdversarial(resultLogits);
        if (all) {
            return new AttackOutcome(result, attacked, success, logits, resultLogits);
        }
        NDArray adversarials = clean.duplicate();
        adversarials.set(index, result);
        NDArray reached = before.duplicate();
        reached.set(index, success);
        NDArray adversarialLogits = logits.duplicate();
        adversarialLogits.set(index, resultLogits);
        return new AttackOutcome(adversarials, attacked, reached, logits, adversarialLogits);
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
        AttackContext<P> context = new RunContext<>(bound.parameters(), control);
        NDArray perturbation =
                guard(
                        bound.name(),
                        () -> attack.perturbation(classifier, images, logits, criterion, context));
        checkResult(bound, perturbation, images);
        return perturbation;
    }

    private static <P> NDArray run(
            BoundAttack<P> bound,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            RunControl control) {
        AttackContext<P> context = new RunContext<>(bound.parameters(), control);
        Classifier view = RestrictedClassifier.of(bound, classifier);
        return guard(bound.name(), () -> bound.attack().run(view, images, criterion, context))
                .stopGradient();
    }

    private static NDArray guard(String name, Supplier<NDArray> computation) {
        try {
            NDArray result = Autograd.recording(true, computation);
            if (result == null) {
                throw faulty(name, "returned null");
            }
            return result;
        } catch (DeepDefenseException | CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new DeepDefenseException(
                    "Attack \""
                            + name
                            + "\" threw "
                            + e.getClass().getSimpleName()
                            + " ("
                            + e.getMessage()
                            + ")",
                    "use another attack or tell its author; the log has the details",
                    e);
        }
    }

    private static <P> void checkBudget(BoundAttack<P> bound, Bounds bounds) {
        if (bound.attack() instanceof FixedBudgetAttack<P> budget) {
            double epsilon = budget.epsilon(bound.parameters());
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

    private static void checkImages(Classifier classifier, NDArray images) {
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

    private static void checkLogits(NDArray logits, int classes) {
        if (logits.getShape().dimension() != 2 || logits.getShape().get(1) != classes) {
            throw new DeepDefenseException(
                    "The network returned outputs of the shape "
                            + logits.getShape()
                            + " for "
                            + classes
                            + " classes",
                    "it must return one logit a class, (N, " + classes + ")");
        }
        if (!isFinite(logits)) {
            throw new DeepDefenseException(
                    "The network returned logits that are not finite numbers",
                    "its weights are damaged or it was trained with too high a learning rate; load"
                            + " or train it anew");
        }
    }

    private static <P> void checkResult(BoundAttack<P> bound, NDArray result, NDArray images) {
        checkShape(bound.name(), result, images);
        checkFinite(bound.name(), result);
    }

    private static void checkShape(String name, NDArray result, NDArray images) {
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
    }

    private static void checkFinite(String name, NDArray result) {
        if (!isFinite(result)) {
            throw faulty(name, "returned numbers that are not finite");
        }
    }

    /** The sum is finite exactly if all terms are, short of an overflow that no image reaches. */
    private static boolean isFinite(NDArray array) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return Float.isFinite(array.stopGradient().sum().getFloat());
        }
    }

    private static <P> NDArray inBounds(BoundAttack<P> bound, NDArray result, Bounds bounds) {
        Attack<P> attack = bound.attack();
        if (!attack.isBounded(bound.parameters())) {
            return result;
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

    private static <P> void checkDistance(BoundAttack<P> bound, NDArray result, NDArray images) {
        if (bound.attack() instanceof FixedBudgetAttack<P> budget) {
            double epsilon = budget.epsilon(bound.parameters());
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

    private static DeepDefenseException faulty(String name, String fault) {
        return new DeepDefenseException(
                "Attack \"" + name + "\" " + fault,
                "its result cannot be trusted; use another attack or tell its author");
    }
}
