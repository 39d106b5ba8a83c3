// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.model.Classifier;

/**
 * An attack as a job uses it: what it says of itself, and how it is run with the parameters that it
 * had when the job began.
 */
public final class AttackUse extends PluginUse<BoundAttack<?>> {

    private final String label;

    AttackUse(
            String label,
            Plugin<?> plugin,
            BoundAttack<?> bound,
            Map<String, String> parameters,
            Departure departure) {
        super(bound.name(), plugin, bound, parameters, departure);
        this.label = label;
    }

    /**
     * Returns what results call the attack.
     *
     * @return its name with the parameters that the user gave it
     */
    public String label() {
        return label;
    }

    /**
     * Returns the norm that measures the attack.
     *
     * @return the norm, or nothing if there is none
     */
    public Optional<Norm> norm() {
        return service().norm();
    }

    /**
     * Returns the budget that the attack keeps.
     *
     * @return the largest norm, or nothing if it has no budget
     */
    public OptionalDouble budget() {
        return service().budget();
    }

    /**
     * Tells whether the attack keeps a budget.
     *
     * @return whether it has one
     */
    public boolean hasBudget() {
        return attack() instanceof FixedBudgetAttack<?>;
    }

    /**
     * Tells whether the attack looks for the smallest perturbation.
     *
     * @return whether it minimises a norm
     */
    public boolean isMinimumNorm() {
        return attack() instanceof MinimumNormAttack<?>;
    }

    /**
     * Tells whether the attack can keep the graph to the parameters of a network.
     *
     * @return whether its perturbations are differentiable
     */
    public boolean isDifferentiable() {
        return attack() instanceof DifferentiableAttack<?>;
    }

    /**
     * Tells whether what the attack returns are images that could be stored.
     *
     * @return whether it stays inside the bounds of pixels
     */
    public boolean isBounded() {
        return isBounded(service());
    }

    private static <P> boolean isBounded(BoundAttack<P> bound) {
        return bound.attack().isBounded(bound.parameters());
    }

    /**
     * Tells whether the attack differentiates the network.
     *
     * @return whether it needs gradients
     */
    public boolean usesGradients() {
        return attack().access() == Access.GRADIENTS;
    }

    /**
     * Returns the name of the code that makes the attack, for the names of its results.
     *
     * @return the name of its class
     */
    public String code() {
        return attack().getClass().getName();
    }

    private Attack<?> attack() {
        return service().attack();
    }

    /**
     * Attacks a batch; a departure of the attack's bundle ends it.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterionOf takes the logits (N, K) of the images and tells what to reach
     * @param control random numbers, cancellation, warnings
     * @return the outcome, on the manager of the images
     * @throws org.deepdefense.DeepDefenseException as {@link AttackExecutor#execute}, or if the
     *     attack is gone
     */
    public AttackOutcome execute(
            Classifier classifier,
            NDArray images,
            Function<NDArray, Criterion> criterionOf,
            RunControl control) {
        RunControl watchful = watchful(control);
        return call(
                () -> AttackExecutor.execute(service(), classifier, images, criterionOf, watchful));
    }

    /**
     * Attacks every sample of a batch, those too that fulfil the criterion already.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach, or to go on from
     * @param control random numbers, cancellation, warnings
     * @return the images (N, C, H, W) after the attack, on the manager of the images
     * @throws org.deepdefense.DeepDefenseException as {@link AttackExecutor#worstCases}, or if the
     *     attack is gone
     */
    public NDArray worstCases(
            Classifier classifier, NDArray images, Criterion criterion, RunControl control) {
        RunControl watchful = watchful(control);
        return call(
                () ->
                        AttackExecutor.worstCases(
                                service(), classifier, images, criterion, watchful));
    }

    /**
     * Attacks a batch with the graph to the parameters of the network kept.
     *
     * @param classifier the network
     * @param images images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with their graph
     * @param criterion what to reach
     * @param control random numbers, cancellation, warnings
     * @return perturbations (N, C, H, W), differentiable
     * @throws org.deepdefense.DeepDefenseException as {@link AttackExecutor#perturbation}, or if
     *     the attack is gone
     */
    public NDArray perturbation(
            Classifier classifier,
            NDArray images,
            NDArray logits,
            Criterion criterion,
            RunControl control) {
        RunControl watchful = watchful(control);
        return call(
                () ->
                        AttackExecutor.perturbation(
                                service(), classifier, images, logits, criterion, watchful));
    }

    /** Ends the work at the attack's next look at its control, if its bundle is gone by then. */
    private RunControl watchful(RunControl control) {
        return new RunControl(
                control.random(),
                () -> {
                    control.checkCancelled().run();
                    checkPresent();
                },
                control.warnings(),
                control.starts());
    }
}
