// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.model.Classifier;

/**
 * An attack with parameters and a seed, ready to be run by the framework's executor without OSGi.
 * Values of this class don't change; {@code with…} returns another.
 *
 * @param <P> the type of the parameters
 */
public final class AttackRun<P> {

    private static final String EPSILON = "epsilon";
    private static final String RESTARTS = "restarts";

    private final Attack<P> attack;
    private final Map<String, String> parameters;
    private final long seed;

    private AttackRun(Attack<P> attack, Map<String, String> parameters, long seed) {
        this.attack = attack;
        this.parameters = parameters;
        this.seed = seed;
    }

    /**
     * Takes an attack with its default parameters and the seed 0.
     *
     * @param attack the attack
     * @param <P> the type of its parameters
     * @return its run
     */
    public static <P> AttackRun<P> of(Attack<P> attack) {
        return new AttackRun<>(attack, Map.of(), 0);
    }

    /**
     * Sets a parameter.
     *
     * @param parameter its name
     * @param value its value
     * @return another run
     * @throws IllegalArgumentException if the attack has no such parameter
     */
    public AttackRun<P> with(String parameter, Object value) {
        if (!has(parameter)) {
            throw new IllegalArgumentException(
                    attack.getClass().getSimpleName()
                            + " has no parameter "
                            + parameter
                            + ", only "
                            + names());
        }
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value.toString());
        return new AttackRun<>(attack, more, seed);
    }

    /**
     * Sets the seed.
     *
     * @param seed where the random numbers of all samples start
     * @return another run
     */
    public AttackRun<P> withSeed(long seed) {
        return new AttackRun<>(attack, parameters, seed);
    }

    /**
     * Tells whether the attack has a parameter.
     *
     * @param parameter a name
     * @return whether {@link #with} accepts it
     */
    public boolean has(String parameter) {
        return names().contains(parameter);
    }

    private Set<String> names() {
        Set<String> names = own();
        names.add(RESTARTS);
        if (attack instanceof FixedBudgetAttack<?>) {
            names.add(EPSILON);
        }
        return names;
    }

    private Set<String> own() {
        return Arrays.stream(attack.parameters().getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns the attack.
     *
     * @return the attack that is run
     */
    public Attack<P> attack() {
        return attack;
    }

    /**
     * Returns the parameters as the attack sees them.
     *
     * @return the defaults, overridden by what was set
     */
    public P parameters() {
        return Annotations.instance(attack.parameters(), parameters);
    }

    /**
     * Returns the budget.
     *
     * @return what was set, or else the default that the attack declares
     * @throws java.util.NoSuchElementException if the attack has no budget, or no default
     */
    public double epsilon() {
        return budget().orElseThrow();
    }

    private OptionalDouble budget() {
        if (!(attack instanceof FixedBudgetAttack<?>)) {
            return OptionalDouble.empty();
        }
        if (parameters.containsKey(EPSILON)) {
            return OptionalDouble.of(Double.parseDouble(parameters.get(EPSILON)));
        }
        AttackPlugin declared = attack.getClass().getAnnotation(AttackPlugin.class);
        return declared == null
                ? OptionalDouble.empty()
                : Arrays.stream(declared.epsilon()).findFirst();
    }

    /**
     * Runs the attack as the framework does, with checks before and after it.
     *
     * @param classifier the network
     * @param images images (N, C, H, W), which get the random numbers of the samples 0 … N−1
     * @param criterion what to reach
     * @return the outcome, on the manager of the images
     */
    public AttackOutcome on(Classifier classifier, NDArray images, Criterion criterion) {
        return on(classifier, images, criterion, firstSamples(images));
    }

    /**
     * Runs the attack as the framework does, on samples of a larger set.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param samples the numbers of the samples (N), which decide about their random numbers
     * @return the outcome, on the manager of the images
     */
    public AttackOutcome on(
            Classifier classifier, NDArray images, Criterion criterion, long... samples) {
        return execute(classifier, images, criterion, () -> {}, samples);
    }

    /**
     * Runs the attack as the framework does, for a job that was cancelled already.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @return the outcome, if the attack does not care
     * @throws CancellationException if it does
     */
    public AttackOutcome cancelled(Classifier classifier, NDArray images, Criterion criterion) {
        Runnable cancel =
                () -> {
                    throw new CancellationException("cancelled by a test");
                };
        return execute(classifier, images, criterion, cancel, firstSamples(images));
    }

    private AttackOutcome execute(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            Runnable checkCancelled,
            long... samples) {
        return AttackExecutor.execute(
                bound(), classifier, images, criterion, control(checkCancelled, samples));
    }

    /**
     * Runs the attack as the framework does for a defense that trains on the worst cases: on
     * samples, too, that fulfil the criterion already.
     *
     * @param classifier the network
     * @param images images (N, C, H, W), which get the random numbers of the samples 0 … N−1
     * @param criterion what to reach
     * @return the attacked images (N, C, H, W), on the manager of the images
     */
    public NDArray onEveryRow(Classifier classifier, NDArray images, Criterion criterion) {
        return onEveryRow(classifier, images, criterion, firstSamples(images));
    }

    /**
     * Runs the attack for a defense on samples of a larger batch.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param samples the numbers of the samples (N), which decide about their random numbers
     * @return the attacked images (N, C, H, W), on the manager of the images
     */
    public NDArray onEveryRow(
            Classifier classifier, NDArray images, Criterion criterion, long... samples) {
        return AttackExecutor.worstCases(
                bound(), classifier, images, criterion, control(() -> {}, samples));
    }

    /**
     * Returns the attack as the framework binds it.
     *
     * @return the attack with its parameters, budget and restarts
     */
    public BoundAttack<P> bound() {
        return new BoundAttack<>(
                attack.getClass().getSimpleName(),
                attack,
                parameters(),
                budget(),
                own().contains(RESTARTS)
                        ? 1
                        : Integer.parseInt(parameters.getOrDefault(RESTARTS, "1")));
    }

    private RunControl control(Runnable checkCancelled, long... samples) {
        return new RunControl(new SampleRandom(seed, samples), checkCancelled, warning -> {});
    }

    /**
     * Calls the attack itself, so that what it returns is seen before the framework touches it.
     *
     * @param classifier the network
     * @param images images (N, C, H, W), none of which fulfils the criterion
     * @param criterion what to reach
     * @return what the attack returned and the context with its warnings
     */
    public Raw raw(Classifier classifier, NDArray images, Criterion criterion) {
        TestContext<P> context =
                new TestContext<>(
                        parameters(), budget(), new SampleRandom(seed, firstSamples(images)));
        NDArray result =
                Autograd.recording(true, () -> attack.run(classifier, images, criterion, context));
        return new Raw(result, context);
    }

    /**
     * What an attack returned before the framework touched it.
     *
     * @param images images (N, C, H, W)
     * @param context with the warnings
     */
    public record Raw(NDArray images, TestContext<?> context) {}

    private static long[] firstSamples(NDArray images) {
        return LongStream.range(0, images.getShape().get(0)).toArray();
    }

    @Override
    public String toString() {
        return attack.getClass().getSimpleName() + parameters;
    }
}
