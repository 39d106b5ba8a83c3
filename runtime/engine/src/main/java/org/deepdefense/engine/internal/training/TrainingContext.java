// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.classifier.WatchedClassifier;
import org.deepdefense.model.Classifier;

/** What a training gives to its defense. */
final class TrainingContext<P> implements DefenseContext<P> {

    private final BoundDefense<P> defense;
    private final BlockClassifier classifier;
    private final Classifier watched;
    private final Optional<AttackRunner> attack;
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();
    private Averages averages;

    TrainingContext(
            BoundDefense<P> defense,
            BlockClassifier classifier,
            Optional<AttackRunner> attack,
            Averages averages,
            Consumer<String> warnings) {
        this.defense = defense;
        this.classifier = classifier;
        this.watched = new WatchedClassifier(classifier, this::notFinite);
        this.attack = attack;
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

    /** Sends the numbers of the following steps elsewhere. */
    void setAverages(Averages next) {
        averages = next;
    }

    @Override
    public P parameters() {
        return defense.parameters();
    }

    @Override
    public Classifier classifier() {
        return watched;
    }

    @Override
    public NDArray trainingLogits(NDArray images) {
        return classifier.trainingLogits(images);
    }

    @Override
    public AttackRunner attack() {
        return attack.orElseThrow(
                () ->
                        new DeepDefenseException(
                                "Defense \"" + defense.name() + "\" needs an attack",
                                "name the attack to defend against"));
    }

    @Override
    public void metric(String name, double value) {
        averages.add(name, value);
    }

    @Override
    public void warn(String message) {
        warnings.accept(message);
    }
}
