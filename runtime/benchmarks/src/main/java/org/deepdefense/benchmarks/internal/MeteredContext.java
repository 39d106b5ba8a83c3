// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.ObjectiveState;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.model.Classifier;

/**
 * The context of a training whose classifier is metered.
 *
 * @param outer the context of the training
 * @param parameters the parameters
 * @param meter takes the times
 * @param <P> the type of the parameters
 */
record MeteredContext<P>(DefenseContext<?> outer, P parameters, Meter meter)
        implements DefenseContext<P> {

    @Override
    public Classifier classifier() {
        return new MeteredClassifier(outer.classifier(), meter);
    }

    @Override
    public NDArray trainingLogits(NDArray images) {
        return outer.trainingLogits(images);
    }

    @Override
    public AttackRunner attack(Shard shard) {
        return outer.attack(shard);
    }

    @Override
    public TrainedWeights weights() {
        return outer.weights();
    }

    @Override
    public Classifier teacher(double decay) {
        return outer.teacher(decay);
    }

    @Override
    public ObjectiveState state() {
        return outer.state();
    }

    @Override
    public int epoch() {
        return outer.epoch();
    }

    @Override
    public long step() {
        return outer.step();
    }

    @Override
    public void metric(Shard shard, String name, double mean) {
        outer.metric(shard, name, mean);
    }

    @Override
    public void warn(String message) {
        outer.warn(message);
    }
}
