// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Random numbers of which each sample has a stream of its own, so that a sample gets the same
 * numbers whatever batch it is in. It belongs to one thread.
 */
public final class SampleRandom {

    private final RandomGenerator[] streams;

    /**
     * Starts the streams of a batch.
     *
     * @param seed the seed of the run
     * @param samples a number for each sample (N), such as its index in the data set
     */
    public SampleRandom(long seed, long... samples) {
        this.streams =
                Arrays.stream(samples)
                        .mapToObj(sample -> new SplittableRandom(mix(seed, sample)))
                        .toArray(RandomGenerator[]::new);
    }

    private SampleRandom(RandomGenerator... streams) {
        this.streams = streams;
    }

    /** Spreads neighbouring seeds and samples over all 64 bits (the constants of SplitMix64). */
    private static long mix(long seed, long sample) {
        long z = seed * 0x9E3779B97F4A7C15L + sample * 0xBF58476D1CE4E5B9L + 0x94D049BB133111EBL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * Draws from the uniform distribution.
     *
     * @param manager the owner of the result
     * @param sample the shape of one sample
     * @param low the lower end
     * @param high the upper end
     * @return numbers (N, shape of a sample), float32
     */
    public NDArray uniform(NDManager manager, Shape sample, double low, double high) {
        return draw(manager, sample, r -> low + (high - low) * r.nextDouble());
    }

    /**
     * Draws from the standard normal distribution.
     *
     * @param manager the owner of the result
     * @param sample the shape of one sample
     * @return numbers (N, shape of a sample), float32
     */
    public NDArray normal(NDManager manager, Shape sample) {
        return draw(manager, sample, RandomGenerator::nextGaussian);
    }

    private NDArray draw(
            NDManager manager, Shape sample, ToDoubleFunction<RandomGenerator> distribution) {
        int size = Math.toIntExact(sample.size());
        float[] values = new float[streams.length * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) distribution.applyAsDouble(streams[i / size]);
        }
        return manager.create(values, new Shape(streams.length).addAll(sample));
    }

    /**
     * Returns the streams of some of the samples; both go on from where they are.
     *
     * @param rows the positions of the samples in this batch
     * @return their streams
     */
    public SampleRandom select(long... rows) {
        return new SampleRandom(
                Arrays.stream(rows)
                        .mapToObj(row -> streams[Math.toIntExact(row)])
                        .toArray(RandomGenerator[]::new));
    }
}
