// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import com.google.gson.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.djl.Autograd;
import org.deepdefense.djl.ImageConvolution;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.model.Bounds;

/**
 * What other implementations computed for the reference LeNet of MNIST and the first 200 test
 * images, of which two are misclassified. Attacks see pixels in [0, 1]. Tests are skipped where the
 * network, the images or the values are missing.
 */
public final class GoldenLenet implements AutoCloseable {

    /** The shape of one image. */
    public static final Shape IMAGE = new Shape(1, 28, 28);

    /** How many images there are at most. */
    public static final int IMAGES = 200;

    private static final String VALUES = "library/attacks.json";
    private static final String NORMS = "library/norms-lenet.npz";
    private static final String SECTION = "lenet";
    private static final int CLASSES = 10;
    private static final Shape NO_PADDING = new Shape(0, 0);
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);

    private final NDManager manager = NDManager.newBaseManager();
    private final Autograd autograd = new Autograd();
    private final Map<String, NDArray> library;
    private final BlockClassifier classifier;
    private final int[] samples;
    private final NDArray images;
    private final NDArray labels;

    private GoldenLenet(int... samples) throws IOException {
        this.samples = samples;
        Path weights = Shared.require("data/models/mnist-lenet-reference.npz");
        library = Golden.arrays(NORMS, manager);
        classifier = classifier(Npz.read(weights, manager));
        images =
                chosen(
                        manager.create(
                                        toFloats(mnist("images-idx3", 16, IMAGES * 784)),
                                        new Shape(IMAGES).addAll(IMAGE))
                                .divi(255));
        labels =
                chosen(
                        manager.create(toFloats(mnist("labels-idx1", 8, IMAGES)))
                                .toType(DataType.INT64, false));
    }

    /**
     * Loads the network and the first images, or skips the test.
     *
     * @param count how many images, at most {@link #IMAGES}
     * @return the values
     */
    public static GoldenLenet open(int count) {
        return choose(IntStream.range(0, count).toArray());
    }

    /**
     * Loads the network and some of the images, such as those that a weak attack fools, or skips
     * the test.
     *
     * @param samples positions of images, less than {@link #IMAGES}, in the order that images,
     *     labels, norms and successes get
     * @return the values
     */
    public static GoldenLenet choose(int... samples) {
        for (int sample : samples) {
            if (sample >= IMAGES) {
                throw new IllegalArgumentException(
                        "image " + sample + " asked for, there are " + IMAGES);
            }
        }
        try {
            return new GoldenLenet(samples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BlockClassifier classifier(Map<String, NDArray> weights) {
        LambdaBlock block =
                LambdaBlock.singleton(
                        x -> {
                            NDArray first =
                                    ImageConvolution.convolve(
                                            x,
                                            weights.get("conv1.weight"),
                                            weights.get("conv1.bias"),
                                            NO_PADDING);
                            NDArray second =
                                    Conv2d.conv2d(
                                                    Pool.maxPool2d(
                                                            first, TWO, TWO, NO_PADDING, false),
                                                    weights.get("conv2.weight"),
                                                    weights.get("conv2.bias"),
                                                    ONE,
                                                    NO_PADDING,
                                                    ONE,
                                                    1)
                                            .singletonOrThrow();
                            NDArray features = Pool.maxPool2d(second, TWO, TWO, NO_PADDING, false);
                            NDArray hidden =
                                    linear(
                                            features.reshape(features.getShape().get(0), -1),
                                            weights,
                                            "fc1");
                            return linear(Activation.relu(hidden), weights, "fc2");
                        });
        return new BlockClassifier(
                autograd,
                block,
                IMAGE,
                CLASSES,
                Bounds.UNIT,
                255,
                Optional.of(weights.get("mean").reshape(IMAGE)));
    }

    private static NDArray linear(NDArray input, Map<String, NDArray> weights, String layer) {
        return Linear.linear(input, weights.get(layer + ".weight"), weights.get(layer + ".bias"))
                .singletonOrThrow();
    }

    private static byte[] mnist(String part, int header, int length) throws IOException {
        Path path = Shared.require("data/mnist/t10k-" + part + "-ubyte.gz");
        try (InputStream file = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new GZIPInputStream(file))) {
            in.skipNBytes(header);
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return bytes;
        }
    }

    private static float[] toFloats(byte... bytes) {
        float[] values = new float[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return values;
    }

    /**
     * Returns a manager that lives as long as this object.
     *
     * @return the owner of the images
     */
    public NDManager manager() {
        return manager;
    }

    /**
     * Returns the network.
     *
     * @return its classifier
     */
    public BlockClassifier classifier() {
        return classifier;
    }

    /**
     * Returns the images.
     *
     * @return images (N, 1, 28, 28)
     */
    public NDArray images() {
        return images;
    }

    /**
     * Returns the true labels.
     *
     * @return classes (N), int64
     */
    public NDArray labels() {
        return labels;
    }

    /**
     * Returns the criterion of an untargeted attack that starts from the true labels.
     *
     * @return misclassification
     */
    public Criterion fromLabels() {
        return Criterion.misclassification(labels);
    }

    /**
     * Returns what is known of a run: settings, success, medians and means over all its samples.
     *
     * @param keys the names of the objects on the way to it, such as {@code deterministic} and
     *     {@code df_l2_advlib}
     * @return the object there
     */
    public JsonObject json(String... keys) {
        String[] path = new String[keys.length + 1];
        path[0] = SECTION;
        System.arraycopy(keys, 0, path, 1, keys.length);
        return Golden.part(VALUES, path);
    }

    /**
     * Returns the norms of the perturbations of a run.
     *
     * @param run its name, such as {@code df_l2_advlib}; with {@code .seed0} … if it is stochastic
     * @param norm the norm
     * @return a norm for each of the images, or fewer if the run had fewer; infinite where it
     *     failed
     */
    public double[] norms(String run, Norm norm) {
        boolean[] success = success(run);
        float[] norms =
                chosen(library.get(run + ".norms")).get(":, " + column(norm)).toFloatArray();
        double[] result = new double[norms.length];
        Arrays.setAll(result, i -> success[i] ? norms[i] : Double.POSITIVE_INFINITY);
        return result;
    }

    private static int column(Norm norm) {
        return switch (norm) {
            case L0 -> 0;
            case L1 -> 1;
            case L2 -> 2;
            case LINF -> 3;
        };
    }

    /**
     * Returns which images a run turned into others that are misclassified, or that were so before.
     *
     * @param run its name, with {@code .seed0} … if it is stochastic
     * @return a boolean for each of the images, or fewer if the run had fewer
     */
    public boolean[] success(String run) {
        return chosen(library.get(run + ".success"))
                .toType(DataType.BOOLEAN, false)
                .toBooleanArray();
    }

    /** Returns the rows of the chosen samples, as far as there are such. */
    private NDArray chosen(NDArray rows) {
        long count = rows.getShape().get(0);
        return rows.get(manager.create(Arrays.stream(samples).filter(i -> i < count).toArray()));
    }

    /**
     * Returns the share of images that the network gives their true labels.
     *
     * @param adversarials images (N, 1, 28, 28)
     * @return accuracy in 0 … 1
     */
    public double accuracy(NDArray adversarials) {
        return Networks.predictions(classifier, adversarials)
                .eq(labels)
                .toType(DataType.FLOAT32, false)
                .mean()
                .getFloat();
    }

    @Override
    public void close() {
        manager.close();
        autograd.close();
    }
}
