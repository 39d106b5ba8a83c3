package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Consumer;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;

/** What a training gives to its defense. */
final class TrainingContext<P> implements DefenseContext<P> {

    private final BoundDefense<P> defense;
    private final BlockClassifier classifier;
    private final Optional<AttackRunner> attack;
    private final Consumer<String> warnings;
    private Averages averages;

    TrainingContext(
            BoundDefense<P> defense,
            BlockClassifier classifier,
            Optional<AttackRunner> attack,
            Averages averages,
            Consumer<String> warnings) {
        this.defense = defense;
        this.classifier = classifier;
        this.attack = attack;
        this.averages = averages;
        this.warnings = warnings;
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
        return classifier;
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
