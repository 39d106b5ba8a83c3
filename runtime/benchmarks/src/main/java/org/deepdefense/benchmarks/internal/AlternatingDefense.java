// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.internal.DeepDefense;
import org.deepdefense.defense.internal.Reference;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.model.Classifier;

/**
 * Has one training take plain steps and steps of Deep Defense by turns. A step is measured from the
 * moment at which the training loop asks for its loss to the moment at which it asks for the next:
 * with the backward pass, the update of the weights, and the next batch of images.
 *
 * <p>One instance serves one training.
 */
final class AlternatingDefense implements Defense<DeepDefense.Parameters> {

    private final Reference plain = new Reference();
    private final Reference.Parameters none =
            Annotations.instance(Reference.Parameters.class, Map.of());
    private final DeepDefense deep = new DeepDefense();
    private final int warmUp;
    private final List<Elapsed> plainSteps = new ArrayList<>();
    private final List<Elapsed> deepSteps = new ArrayList<>();
    private final Meter meter = new Meter();
    private Elapsed start = Elapsed.NOTHING;
    private Elapsed lossDone = Elapsed.NOTHING;
    private int step;

    /**
     * Starts with a plain step.
     *
     * @param warmUp how many steps are not counted
     */
    AlternatingDefense(int warmUp) {
        this.warmUp = warmUp;
    }

    private record Context<P>(DefenseContext<?> outer, P parameters, Classifier classifier)
            implements DefenseContext<P> {

        @Override
        public NDArray trainingLogits(NDArray images) {
            return outer.trainingLogits(images);
        }

        @Override
        public AttackRunner attack() {
            return outer.attack();
        }

        @Override
        public void metric(String name, double value) {
            outer.metric(name, value);
        }

        @Override
        public void warn(String message) {
            outer.warn(message);
        }
    }

    @Override
    public Class<DeepDefense.Parameters> parameters() {
        return DeepDefense.Parameters.class;
    }

    @Override
    public NDArray loss(
            DefenseContext<DeepDefense.Parameters> context, NDArray images, NDArray labels) {
        Elapsed now = Elapsed.now();
        if (step > warmUp) {
            (isDeep(step - 1) ? deepSteps : plainSteps).add(now.minus(start));
        } else {
            meter.reset();
        }
        start = now;
        NDArray loss =
                isDeep(step)
                        ? deepLoss(context, images, labels)
                        : plainLoss(context, images, labels);
        lossDone = Elapsed.now();
        return loss;
    }

    private static boolean isDeep(int number) {
        return number % 2 == 1;
    }

    private NDArray plainLoss(DefenseContext<?> context, NDArray images, NDArray labels) {
        return plain.loss(new Context<>(context, none, context.classifier()), images, labels);
    }

    private NDArray deepLoss(
            DefenseContext<DeepDefense.Parameters> context, NDArray images, NDArray labels) {
        Classifier metered = new MeteredClassifier(context.classifier(), meter);
        return deep.loss(new Context<>(context, context.parameters(), metered), images, labels);
    }

    @Override
    public void afterUpdate(DefenseContext<DeepDefense.Parameters> context, Block network) {
        if (isDeep(step)) {
            meter.add(Meter.Part.BACKWARD, Elapsed.since(lossDone));
        }
        step++;
    }

    /** Returns the times of the plain steps; {@link #deepSteps} has that of the step after each. */
    List<Elapsed> plainSteps() {
        return plainSteps.subList(0, deepSteps.size());
    }

    List<Elapsed> deepSteps() {
        return deepSteps;
    }

    /** Returns where the time of the steps of Deep Defense went. */
    Meter meter() {
        return meter;
    }
}
