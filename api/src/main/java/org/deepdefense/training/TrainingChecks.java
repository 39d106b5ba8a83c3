// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.training;

import java.util.List;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;

/** Checks of what a training may be asked for. */
final class TrainingChecks {

    private TrainingChecks() {}

    static void steps(int epochs, int batchSize, int checkpointSteps) {
        atLeast("epochs", epochs);
        atLeast("batch size", batchSize);
        atLeast("checkpoint steps", checkpointSteps);
    }

    private static void atLeast(String name, int value) {
        if (value < 1) {
            throw new DeepDefenseException(
                    "The number of " + name + ", " + value + ", is out of range", "give 1 or more");
        }
    }

    static void rates(
            OptionalDouble learningRate, List<Integer> decayEpochs, double factor, int epochs) {
        learningRate.ifPresent(rate -> positive("learning rate", rate));
        for (int epoch : decayEpochs) {
            if (epoch < 1 || epoch > epochs) {
                throw new DeepDefenseException(
                        "The learning rate cannot fall at epoch " + epoch + " of " + epochs,
                        "give epochs from 1 to " + epochs);
            }
        }
        positive("decay factor", factor);
    }

    private static void positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new DeepDefenseException(
                    "The " + name + ", " + value + ", is out of range", "give a number above 0.0");
        }
    }

    /** Which weights are saved. */
    static void saved(int averagedEpochs, int epochs, OptionalDouble emaDecay, int validation) {
        if (averagedEpochs < 0 || averagedEpochs > epochs) {
            throw new DeepDefenseException(
                    "The number of averaged epochs, " + averagedEpochs + ", is out of range",
                    "give 0 to " + epochs + ", the number of epochs");
        }
        emaDecay.ifPresent(TrainingChecks::decay);
        if (validation < 0) {
            throw new DeepDefenseException(
                    "The number of validation images, " + validation + ", is out of range",
                    "give 0 or more");
        }
        if (averagedEpochs > 0 && (emaDecay.isPresent() || validation > 0)) {
            throw new DeepDefenseException(
                    "The mean over the last "
                            + averagedEpochs
                            + " epochs cannot be saved together with an exponential mean or the"
                            + " best epoch",
                    "average over 0 epochs, or leave the other out");
        }
    }

    private static void decay(double decay) {
        if (!(decay > 0 && decay < 1)) {
            throw new DeepDefenseException(
                    "A decay of the weights' mean of " + decay + " is out of range",
                    "give a number between 0 and 1, such as 0.999");
        }
    }

    static void numbers(double scale, double momentum, double weightDecay) {
        positive("scale", scale);
        if (!(momentum >= 0 && momentum < 1)) {
            throw new DeepDefenseException(
                    "A momentum of " + momentum + " is out of range", "give 0 or more, below 1");
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new DeepDefenseException(
                    "A weight decay of " + weightDecay + " is out of range", "give 0 or more");
        }
    }
}
