// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;

/**
 * The samples of a batch that an iterative attack still works on, with the arrays of its state,
 * which all have a row for each of these samples. Samples that are done leave, so that later steps
 * cost less. It owns its arrays: each of {@link PerSample#set} and {@link #retain} releases those
 * that it supersedes, whatever {@link NDScope} is open. An attack extends it by the names of its
 * state, each an array that it {@linkplain #keep keeps}.
 */
public class ActiveSamples implements AutoCloseable {

    private final NDManager owner;
    private NDArray rows;
    private NDArray images;
    private Criterion criterion;
    private SampleRandom random;
    private final List<PerSample> parts = new ArrayList<>();

    /**
     * Starts with all samples of a batch.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param random the random numbers of the batch
     */
    public ActiveSamples(NDArray images, Criterion criterion, SampleRandom random) {
        this.owner = images.getManager().newSubManager();
        this.rows = own(images.getManager().arange(0, count(images), 1, DataType.INT64));
        this.images = own(images.duplicate());
        this.criterion = criterion.map(array -> own(array.duplicate()));
        this.random = random;
    }

    private static int count(NDArray array) {
        return Math.toIntExact(array.getShape().get(0));
    }

    /**
     * Makes an array a part of the state of these samples.
     *
     * @param initial an array (M, …) that is copied
     * @return the array, of which rows leave with their samples
     */
    public final PerSample keep(NDArray initial) {
        PerSample part = new PerSample(this, own(initial.duplicate()));
        parts.add(part);
        return part;
    }

    NDArray own(NDArray array) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }

    public final boolean isEmpty() {
        return rows == null;
    }

    /** Returns how many samples are left. */
    public final int count() {
        return isEmpty() ? 0 : count(rows);
    }

    /** Returns the positions of the samples in the batch (M), int64. */
    public final NDArray rows() {
        return rows;
    }

    /** Returns the clean images (M, C, H, W). */
    public final NDArray images() {
        return images;
    }

    public final Criterion criterion() {
        return criterion;
    }

    public final SampleRandom random() {
        return random;
    }

    /**
     * Lets all samples go but some.
     *
     * @param kept whether to keep each sample (M), boolean
     */
    public final void retain(NDArray kept) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray positions = kept.nonzero().flatten();
            if (positions.size() == rows.size()) {
                return;
            }
            if (positions.isEmpty()) {
                rows = null;
                owner.close();
                return;
            }
            NDIndex index = new NDIndex("{}", positions);
            rows = select(rows, index);
            images = select(images, index);
            criterion = criterion.map(array -> select(array, index));
            random = random.select(positions.toLongArray());
            parts.forEach(part -> part.select(index));
        }
    }

    private NDArray select(NDArray array, NDIndex index) {
        NDArray selected = own(array.get(index));
        array.close();
        return selected;
    }

    /**
     * Writes the rows of these samples.
     *
     * @param result an array (N, …) of the whole batch
     * @param values its new rows (M, …)
     */
    public final void write(NDArray result, NDArray values) {
        result.set(new NDIndex("{}", rows), values);
    }

    /**
     * Writes the rows of some of these samples.
     *
     * @param result an array (N, …) of the whole batch
     * @param values its new rows (M, …), of which only the chosen ones are written
     * @param chosen whether to write each row (M), boolean
     */
    public final void write(NDArray result, NDArray values, NDArray chosen) {
        NDArray positions = chosen.nonzero().flatten();
        if (!positions.isEmpty()) {
            NDIndex index = new NDIndex("{}", positions);
            result.set(new NDIndex("{}", rows.get(index)), values.get(index));
        }
    }

    @Override
    public final void close() {
        rows = null;
        owner.close();
    }
}
