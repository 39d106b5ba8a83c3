// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.ObjectiveState;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.model.Classifier;

/**
 * What a training gives to its defense, or to one of its modifiers.
 *
 * @param name the name of the plug-in
 * @param parameters its parameters
 * @param setting the training
 * @param state what this plug-in keeps
 * @param <P> the type of the parameters
 */
record TrainingContext<P>(String name, P parameters, TrainingSetting setting, ObjectiveState state)
        implements DefenseContext<P> {

    @Override
    public Classifier classifier() {
        return setting.watched();
    }

    @Override
    public NDArray trainingLogits(NDArray images) {
        return setting.trainingLogits(images);
    }

    @Override
    public AttackRunner attack(Shard shard) {
        return setting.attack()
                .orElseThrow(
                        () ->
                                new DeepDefenseException(
                                        "\"" + name + "\" needs an attack",
                                        "name the attack to defend against"))
                .on(shard);
    }

    @Override
    public TrainedWeights weights() {
        return setting.weights();
    }

    @Override
    public Classifier teacher(double decay) {
        return setting.teacher().classifier(decay);
    }

    @Override
    public int epoch() {
        return setting.epoch();
    }

    @Override
    public long step() {
        return setting.step();
    }

    @Override
    public void metric(Shard shard, String metric, double mean) {
        setting.metric(metric, mean, (double) shard.size() / shard.batchSize());
    }

    @Override
    public void warn(String message) {
        setting.warn(message);
    }
}
