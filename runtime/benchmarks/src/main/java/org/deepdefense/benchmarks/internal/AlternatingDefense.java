// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.deepdefense.DeepDefense;
import org.deepdefense.defense.internal.loss.Reference;
import org.deepdefense.engine.internal.catalog.Annotations;

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

    @Override
    public Class<DeepDefense.Parameters> parameters() {
        return DeepDefense.Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<DeepDefense.Parameters> context) {
        Objective plainObjective = plain.begin(new MeteredContext<>(context, none, meter));
        Objective deepObjective =
                deep.begin(new MeteredContext<>(context, context.parameters(), meter));
        return new Objective() {
            @Override
            public Supplier<NDArray> prepare(Shard shard) {
                Supplier<NDArray> loss =
                        (isDeep(step) ? deepObjective : plainObjective).prepare(shard);
                return () -> loss(loss);
            }

            @Override
            public void afterUpdate() {
                if (isDeep(step)) {
                    meter.add(Meter.Part.BACKWARD, Elapsed.since(lossDone));
                }
                step++;
            }
        };
    }

    private NDArray loss(Supplier<NDArray> work) {
        Elapsed now = Elapsed.now();
        if (step > warmUp) {
            (isDeep(step - 1) ? deepSteps : plainSteps).add(now.minus(start));
        } else {
            meter.reset();
        }
        start = now;
        NDArray loss = work.get();
        lossDone = Elapsed.now();
        return loss;
    }

    private static boolean isDeep(int number) {
        return number % 2 == 1;
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
