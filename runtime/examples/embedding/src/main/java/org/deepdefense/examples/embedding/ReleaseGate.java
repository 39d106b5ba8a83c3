// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.examples.embedding;

import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.network.NetworkSource.Saved;
import org.deepdefense.network.NetworkSource.Untrained;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Trains the application's model, measures it, hardens it, and measures it again. */
@Component(service = ReleaseGate.class)
public final class ReleaseGate {

    private final Trainer trainer;
    private final Evaluator evaluator;

    /** Gets the two services of the engine that it needs. */
    @Activate
    public ReleaseGate(@Reference Trainer trainer, @Reference Evaluator evaluator) {
        this.trainer = trainer;
        this.evaluator = evaluator;
    }

    /** What the gate found, of the model as it was and as it is after Deep Defense. */
    public record Report(EvaluationResult before, EvaluationResult after) {}

    /** Runs the gate. Errors that a user can mend are a DeepDefenseException with the remedy. */
    public Report run() throws InterruptedException {
        train(new Untrained("digit-reader"), "reference", "digit-reader", 10, 0.1);
        train(new Saved("digit-reader"), "deep-defense:c=10", "digit-reader-hardened", 5, 0.01);
        return new Report(measure("digit-reader"), measure("digit-reader-hardened"));
    }

    private void train(NetworkSource from, String defense, String name, int epochs, double rate)
            throws InterruptedException {
        DatasetSpec images = DatasetSpec.of("digits", Split.TRAIN);
        trainer.train(
                        TrainingRequest.builder(from, images, PluginSpec.parse(defense), name)
                                .optEpochs(epochs)
                                .optBatchSize(32)
                                .optLearningRate(rate)
                                .optScale(1)
                                .optOverwrite(true)
                                .build())
                .await();
    }

    private EvaluationResult measure(String name) throws InterruptedException {
        return evaluator
                .evaluate(
                        EvaluationRequest.builder(
                                        new Saved(name),
                                        DatasetSpec.of("digits", Split.TEST),
                                        PluginSpec.of("deepfool"))
                                .build())
                .await();
    }
}
