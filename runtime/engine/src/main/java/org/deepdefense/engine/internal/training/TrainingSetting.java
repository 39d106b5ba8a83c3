// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.classifier.WatchedClassifier;
import org.deepdefense.model.Classifier;

/** What the defense of a training and its modifiers share. */
final class TrainingSetting {

    private final BlockClassifier classifier;
    private final Classifier watched;
    private final Optional<TrainingAttack> attack;
    private final LiveWeights weights;
    private final Teacher teacher;
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();
    private Averages averages;
    private int epoch;
    private long step;

    TrainingSetting(
            BlockClassifier classifier,
            Optional<TrainingAttack> attack,
            LiveWeights weights,
            Teacher teacher,
            Averages averages,
            Consumer<String> warnings) {
        this.classifier = classifier;
        this.watched = new WatchedClassifier(classifier, this::notFinite);
        this.attack = attack;
        this.weights = weights;
        this.teacher = teacher;
        this.averages = averages;
        this.warnings = warnings;
    }

    /** Once for a training: the share of a batch is much the same in the next. */
    private void notFinite(NDArray input, boolean... rows) {
        if (!warned.getAndSet(true)) {
            long images = IntStream.range(0, rows.length).filter(i -> rows[i]).count();
            warnings.accept(
                    "The gradients of the network are not finite numbers (NaN or infinite) on "
                            + images
                            + " of "
                            + rows.length
                            + " images of a batch: attacks don't follow them, so that the network"
                            + " is trained against weak attacks there");
        }
    }

    /**
     * Begins an epoch.
     *
     * @param number its number, from 1
     * @param next takes the numbers of its steps
     */
    void beginEpoch(int number, Averages next) {
        epoch = number;
        averages = next;
    }

    /**
     * Begins a step.
     *
     * @param number how many there were before it
     */
    void beginStep(long number) {
        step = number;
        attack.ifPresent(runner -> runner.beginStep(number));
    }

    Classifier watched() {
        return watched;
    }

    NDArray trainingLogits(NDArray images) {
        return classifier.trainingLogits(images);
    }

    Optional<TrainingAttack> attack() {
        return attack;
    }

    LiveWeights weights() {
        return weights;
    }

    Teacher teacher() {
        return teacher;
    }

    int epoch() {
        return epoch;
    }

    long step() {
        return step;
    }

    void metric(String name, double value, double share) {
        if (!weights.isProbing()) {
            averages.add(name, value, share);
        }
    }

    void warn(String message) {
        warnings.accept(message);
    }
}
