// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.work.LentArrays;

/**
 * The objective of a plug-in, which gets copies of the batch, and whose faults are errors that name
 * it.
 *
 * @param use the plug-in
 * @param objective its objective
 * @param checkCancelled throws if the job was cancelled
 */
record GuardedObjective(PluginUse<?> use, Objective objective, Runnable checkCancelled)
        implements Objective {

    @Override
    public Supplier<NDArray> prepare(Shard shard) {
        LentArrays lent = new LentArrays();
        Shard shown =
                new Shard(
                        lent.copy(shard.images()),
                        lent.copy(shard.labels()),
                        shard.first(),
                        shard.batchSize());
        Supplier<NDArray> loss = guarded(lent, () -> objective.prepare(shown));
        return () -> guarded(lent, loss);
    }

    private <T> T guarded(LentArrays lent, Supplier<T> call) {
        T result = use.call(checkCancelled, call);
        if (!lent.areUntouched()) {
            throw new DeepDefenseException(
                    "Defense \"" + use.name() + "\" changed the images or labels that it was given",
                    "what it trains cannot be trusted; use another defense or tell its author");
        }
        return result;
    }

    @Override
    public WeightChange perturb(List<Supplier<NDArray>> losses) {
        return use.call(checkCancelled, () -> objective.perturb(losses));
    }

    @Override
    public void afterUpdate() {
        use.run(objective::afterUpdate);
    }
}
