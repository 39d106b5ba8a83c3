// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;

/**
 * The samples of a batch that an iterative attack still works on, with the arrays of its state,
 * which all have a row for each of these samples. Samples that are done leave, so that later steps
 * cost less. It owns its arrays: each of {@link #replace} and {@link #retain} releases those that
 * it supersedes, whatever {@link NDScope} is open.
 */
public final class ActiveSamples implements AutoCloseable {

    private final NDManager owner;
    private NDArray rows;
    private NDArray images;
    private Criterion criterion;
    private SampleRandom random;
    private final NDArray[] state;

    /**
     * Starts with all samples of a batch.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param random the random numbers of the batch
     * @param state arrays (N, …) that are copied
     */
    public ActiveSamples(
            NDArray images, Criterion criterion, SampleRandom random, NDArray... state) {
        this.owner = images.getManager().newSubManager();
        this.rows = own(images.getManager().arange(0, count(images), 1, DataType.INT64));
        this.images = own(images.duplicate());
        this.criterion = criterion.map(array -> own(array.duplicate()));
        this.random = random;
        this.state = Arrays.stream(state).map(a -> own(a.duplicate())).toArray(NDArray[]::new);
    }

    private static int count(NDArray array) {
        return Math.toIntExact(array.getShape().get(0));
    }

    private NDArray own(NDArray array) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }

    public boolean isEmpty() {
        return rows == null;
    }

    /** Returns how many samples are left. */
    public int count() {
        return isEmpty() ? 0 : count(rows);
    }

    /** Returns the positions of the samples in the batch (M), int64. */
    public NDArray rows() {
        return rows;
    }

    /** Returns the clean images (M, C, H, W). */
    public NDArray images() {
        return images;
    }

    public Criterion criterion() {
        return criterion;
    }

    public SampleRandom random() {
        return random;
    }

    /** Returns an array of the state (M, …). */
    public NDArray state(int index) {
        return state[index];
    }

    /** Puts an array (M, …), which it takes over, in the place of another. */
    public void replace(int index, NDArray array) {
        NDArray next = own(array.stopGradient());
        if (next != state[index]) {
            state[index].close();
            state[index] = next;
        }
    }

    /**
     * Lets all samples go but some.
     *
     * @param kept whether to keep each sample (M), boolean
     */
    public void retain(NDArray kept) {
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
            for (int i = 0; i < state.length; i++) {
                state[i] = select(state[i], index);
            }
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
    public void write(NDArray result, NDArray values) {
        result.set(new NDIndex("{}", rows), values);
    }

    /**
     * Writes the rows of some of these samples.
     *
     * @param result an array (N, …) of the whole batch
     * @param values its new rows (M, …), of which only the chosen ones are written
     * @param chosen whether to write each row (M), boolean
     */
    public void write(NDArray result, NDArray values, NDArray chosen) {
        NDArray positions = chosen.nonzero().flatten();
        if (!positions.isEmpty()) {
            NDIndex index = new NDIndex("{}", positions);
            result.set(new NDIndex("{}", rows.get(index)), values.get(index));
        }
    }

    @Override
    public void close() {
        rows = null;
        owner.close();
    }
}
