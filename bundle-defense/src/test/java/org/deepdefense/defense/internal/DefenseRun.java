// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;

/** A defense with parameters and an attack, run without the training loop. */
final class DefenseRun<P> implements DefenseContext<P> {

    private final Defense<P> defense;
    private final P parameters;
    private final BlockClassifier classifier;
    private final AttackRun<?> attack;
    private final Map<String, Double> metrics = new LinkedHashMap<>();

    DefenseRun(
            Defense<P> defense,
            Map<String, ?> parameters,
            BlockClassifier classifier,
            AttackRun<?> attack) {
        this.defense = defense;
        this.parameters = Annotations.instance(defense.parameters(), parameters);
        this.classifier = classifier;
        this.attack = attack;
    }

    NDArray loss(NDArray images, NDArray labels) {
        return Autograd.recording(true, () -> defense.loss(this, images, labels));
    }

    Map<String, Double> metrics() {
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
    public AttackRunner attack() {
        return new Runner<>(attack);
    }

    @Override
    public void metric(String name, double value) {
        metrics.put(name, value);
    }

    @Override
    public void warn(String message) {
        throw new AssertionError(message);
    }

    private record Runner<A>(AttackRun<A> attack) implements AttackRunner {

        @Override
        public String name() {
            return attack.toString();
        }

        @Override
        public boolean isDifferentiable() {
            return attack.attack() instanceof DifferentiableAttack<?>;
        }

        @Override
        public NDArray adversarials(Classifier network, NDArray images, Criterion criterion) {
            return attack.on(network, images, criterion).adversarials();
        }

        @Override
        public NDArray worstCases(Classifier network, NDArray images, Criterion criterion) {
            return attack.onEveryRow(network, images, criterion);
        }

        @Override
        public NDArray perturbation(
                Classifier network, NDArray images, NDArray logits, Criterion criterion) {
            long[] samples = LongStream.range(0, images.getShape().get(0)).toArray();
            return AttackExecutor.perturbation(
                    new BoundAttack<>(name(), attack.attack(), attack.parameters()),
                    network,
                    images,
                    logits,
                    criterion,
                    new RunControl(new SampleRandom(0, samples), () -> {}, warning -> {}));
        }
    }
}
