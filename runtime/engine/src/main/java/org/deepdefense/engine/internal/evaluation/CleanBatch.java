// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;

/**
 * Classifies images that no attack has touched.
 *
 * @param subject the network and the images
 * @param keys names results
 */
record CleanBatch(Subject subject, ResultKeys keys) implements BatchWork {

    @Override
    public Task.Treatment treatment() {
        return Task.Treatment.NONE;
    }

    @Override
    public Optional<String> key() {
        return keys.clean(subject);
    }

    @Override
    public TaskOutcome run(Task task, Runnable check) {
        int[] indices = BatchWork.images(task);
        long[] labels = subject.dataset().labels(indices);
        try (NDManager manager = NDManager.newBaseManager()) {
            long[] predictions =
                    subject.classifier()
                            .predict(subject.dataset().images(manager, indices))
                            .argMax(1)
                            .toLongArray();
            List<SampleRecord> samples =
                    IntStream.range(0, indices.length)
                            .mapToObj(
                                    i ->
                                            SampleMeasures.untouched(
                                                    indices[i],
                                                    (int) labels[i],
                                                    (int) predictions[i]))
                            .toList();
            return new ResultCache.Batch(0, List.of(), samples);
        }
    }

    @Override
    public Optional<String> remark(Outcomes outcomes, int images) {
        return Optional.empty();
    }
}
