// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.Shard;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.model.Classifier;

/** The attack that a training defends against. */
final class TrainingAttack {

    private final AttackUse use;
    private final JobControl control;
    private final long seed;

    /** How often the rows from some place on were attacked in this step. */
    private final Map<Long, Long> calls = new ConcurrentHashMap<>();

    private volatile long step;

    TrainingAttack(AttackUse use, JobControl control, long seed) {
        this.use = use;
        this.control = control;
        this.seed = seed;
    }

    /**
     * Has random numbers follow from the number of a step, whatever was done before it.
     *
     * @param number the number of the step since the training began
     */
    void beginStep(long number) {
        step = number;
        calls.clear();
    }

    /** Returns the attack on some rows of the batch of this step. */
    AttackRunner on(Shard shard) {
        return new OnRows(shard.first());
    }

    private final class OnRows implements AttackRunner {

        private final long first;

        OnRows(long first) {
            this.first = first;
        }

        @Override
        public String name() {
            return use.name();
        }

        @Override
        public boolean isDifferentiable() {
            return use.isDifferentiable();
        }

        @Override
        public NDArray adversarials(Classifier classifier, NDArray images, Criterion criterion) {
            return use.execute(classifier, images, logits -> criterion, runControl(images))
                    .adversarials();
        }

        @Override
        public NDArray worstCases(Classifier classifier, NDArray images, Criterion criterion) {
            return use.worstCases(classifier, images, criterion, runControl(images));
        }

        @Override
        public NDArray perturbation(
                Classifier classifier, NDArray images, NDArray logits, Criterion criterion) {
            return use.perturbation(classifier, images, logits, criterion, runControl(images));
        }

        private RunControl runControl(NDArray images) {
            long call = calls.merge(first, 1L, Long::sum) - 1;
            long end = first + images.getShape().get(0);
            return new RunControl(
                    new SampleRandom(
                            Order.mix(Order.mix(seed, step), call),
                            LongStream.range(first, end).toArray()),
                    control::checkCancelled,
                    control::warn);
        }
    }
}
