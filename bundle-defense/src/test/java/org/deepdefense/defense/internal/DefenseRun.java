// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.defense.ObjectiveState;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;

/** The objective of a defense with parameters and an attack, run without the training loop. */
public final class DefenseRun<P> implements DefenseContext<P> {

    private final P parameters;
    private final BlockClassifier classifier;
    private final AttackRun<?> attack;
    private final Map<String, NDArray> weights;
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final Objective objective;

    /** Begins the objective of a defense whose weights are of no interest. */
    public DefenseRun(
            Defense<P> defense,
            Map<String, ?> parameters,
            BlockClassifier classifier,
            AttackRun<?> attack) {
        this(defense, parameters, classifier, attack, Map.of());
    }

    /** Begins the objective of a defense. */
    public DefenseRun(
            Defense<P> defense,
            Map<String, ?> parameters,
            BlockClassifier classifier,
            AttackRun<?> attack,
            Map<String, NDArray> weights) {
        this(
                Annotations.instance(defense.parameters(), parameters),
                classifier,
                attack,
                weights,
                defense::begin);
    }

    private DefenseRun(
            P parameters,
            BlockClassifier classifier,
            AttackRun<?> attack,
            Map<String, NDArray> weights,
            Function<DefenseContext<P>, Objective> begin) {
        this.parameters = parameters;
        this.classifier = classifier;
        this.attack = attack;
        this.weights = weights;
        this.objective = begin.apply(this);
    }

    /** Begins the same objective with a modifier. */
    public <Q> DefenseRun<Q> modified(ObjectiveModifier<Q> modifier, Map<String, ?> with) {
        return new DefenseRun<>(
                Annotations.instance(modifier.parameters(), with),
                classifier,
                attack,
                weights,
                context -> modifier.begin(objective, context));
    }

    /** Returns the objective. */
    public Objective objective() {
        return objective;
    }

    /** Returns the loss of a batch. */
    public NDArray loss(NDArray images, NDArray labels) {
        long size = images.getShape().get(0);
        return loss(new Shard(images, labels, 0, size));
    }

    /** Returns what some rows add to the loss of a batch. */
    public NDArray loss(Shard shard) {
        return Autograd.recording(true, () -> objective.prepare(shard).get());
    }

    /** Returns the numbers that were shown last. */
    public Map<String, Double> metrics() {
        return metrics;
    }

    @Override
    public P parameters() {
        return parameters;
    }

    @Override
    public Classifier classifier() {
        return classifier;
    }

    @Override
    public NDArray trainingLogits(NDArray images) {
        return classifier.trainingLogits(images);
    }

    @Override
    public AttackRunner attack(Shard shard) {
        return new Runner<>(attack, shard.first());
    }

    @Override
    public TrainedWeights weights() {
        return new PlainWeights(weights);
    }

    @Override
    public Classifier teacher(double decay) {
        throw new UnsupportedOperationException("there is no training loop");
    }

    @Override
    public ObjectiveState state() {
        throw new UnsupportedOperationException("there is no training loop");
    }

    @Override
    public int epoch() {
        return 1;
    }

    @Override
    public long step() {
        return 0;
    }

    @Override
    public void metric(Shard shard, String name, double mean) {
        metrics.put(name, mean);
    }

    @Override
    public void warn(String message) {
        throw new AssertionError(message);
    }

    private record Runner<A>(AttackRun<A> attack, long first) implements AttackRunner {

        @Override
        public String name() {
            return attack.toString();
        }

        @Override
        public boolean isDifferentiable() {
            return attack.attack() instanceof DifferentiableAttack<?>;
        }

        private long[] samples(NDArray images) {
            return LongStream.range(first, first + images.getShape().get(0)).toArray();
        }

        @Override
        public NDArray adversarials(Classifier network, NDArray images, Criterion criterion) {
            return attack.on(network, images, criterion, samples(images)).adversarials();
        }

        @Override
        public NDArray worstCases(Classifier network, NDArray images, Criterion criterion) {
            return attack.onEveryRow(network, images, criterion, samples(images));
        }

        @Override
        public NDArray perturbation(
                Classifier network, NDArray images, NDArray logits, Criterion criterion) {
            return AttackExecutor.perturbation(
                    attack.bound(),
                    network,
                    images,
                    logits,
                    criterion,
                    new RunControl(new SampleRandom(0, samples(images)), () -> {}, warning -> {}));
        }
    }
}
