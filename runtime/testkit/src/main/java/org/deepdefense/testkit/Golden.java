// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.deepdefense.attack.Criterion;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.Npz;

/**
 * What other implementations computed for a small network (196-24-16-10 with ReLU) and 16 images of
 * the shape (1, 14, 14), of which two are misclassified. Tests are skipped where the values are
 * missing.
 */
public final class Golden implements AutoCloseable {

    /** The shape of one image. */
    public static final Shape IMAGE = new Shape(1, 14, 14);

    /** How far norms and losses may differ, as a fraction. */
    public static final double NORM_TOLERANCE = 1e-4;

    /** How far pixels may differ on samples that float arithmetic decides. */
    public static final float PIXEL_TOLERANCE = 1e-3f;

    private static final String FOLDER = "golden";

    private final Networks networks = new Networks();
    private final BlockClassifier classifier;
    private final NDArray images;
    private final NDArray labels;

    private Golden() {
        Map<String, NDArray> mlp = arrays("mlp.npz");
        classifier =
                networks.dense(
                        IMAGE,
                        mlp.get("fc1.weight"),
                        mlp.get("fc1.bias"),
                        mlp.get("fc2.weight"),
                        mlp.get("fc2.bias"),
                        mlp.get("fc3.weight"),
                        mlp.get("fc3.bias"));
        Map<String, NDArray> inputs = arrays("inputs.npz");
        images = images(inputs.get("x"));
        labels = inputs.get("labels");
    }

    /**
     * Loads the network and its images, or skips the test.
     *
     * @return the values
     */
    public static Golden open() {
        Shared.require(FOLDER);
        return new Golden();
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
     * Returns the parameters of the network.
     *
     * @return weights and biases of the three layers, in order
     */
    public List<NDArray> parameters() {
        return networks.parameters();
    }

    /**
     * Returns the images.
     *
     * @return images (16, 1, 14, 14)
     */
    public NDArray images() {
        return images;
    }

    /**
     * Returns the true labels.
     *
     * @return classes (16), int64
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
     * Returns the criterion of an untargeted attack that starts from the predictions.
     *
     * @return another class than the clean image
     */
    public Criterion fromPredictions() {
        return Criterion.misclassification(Networks.predictions(classifier, images));
    }

    /**
     * Reads the arrays of a file.
     *
     * @param file a file in the folder of golden values, such as {@code deepdefense.npz}
     * @return arrays by name
     */
    public Map<String, NDArray> arrays(String file) {
        return arrays(file, networks.manager());
    }

    static Map<String, NDArray> arrays(String file, NDManager manager) {
        try {
            return Npz.read(path(file), manager);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a part of a file.
     *
     * @param file a file in the folder of golden values, such as {@code golden.json}
     * @param keys the names of the objects on the way to the part
     * @return the object there
     */
    public JsonObject json(String file, String... keys) {
        return part(file, keys);
    }

    static JsonObject part(String file, String... keys) {
        try (Reader reader = Files.newBufferedReader(path(file))) {
            JsonObject object = JsonParser.parseReader(reader).getAsJsonObject();
            for (String key : keys) {
                object = object.getAsJsonObject(key);
            }
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String file) {
        return Shared.require(FOLDER + "/" + file);
    }

    /**
     * Gives rows of pixels the shape of images.
     *
     * @param rows pixels (N, 196)
     * @return images (N, 1, 14, 14)
     */
    public static NDArray images(NDArray rows) {
        return rows.reshape(new Shape(rows.getShape().get(0)).addAll(IMAGE));
    }

    /**
     * Reads numbers.
     *
     * @param object a part of a file
     * @param key the name of an array in it
     * @return its numbers
     */
    public static double[] numbers(JsonObject object, String key) {
        return StreamSupport.stream(object.getAsJsonArray(key).spliterator(), false)
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }

    /**
     * Fails unless norms agree within {@link #NORM_TOLERANCE}.
     *
     * @param expected norms of another implementation
     * @param actual norms (N)
     */
    public static void assertNorms(double[] expected, NDArray actual) {
        float[] norms = actual.toFloatArray();
        assertEquals(expected.length, norms.length);
        for (int i = 0; i < norms.length; i++) {
            assertEquals(
                    expected[i],
                    norms[i],
                    NORM_TOLERANCE * Math.max(expected[i], 1e-2),
                    "norm of sample " + i);
        }
    }

    /**
     * Fails unless images agree within {@link #PIXEL_TOLERANCE}.
     *
     * @param expected pixels (N, 196) of another implementation
     * @param actual images (N, 1, 14, 14)
     */
    public static void assertPixels(NDArray expected, NDArray actual) {
        long n = expected.getShape().get(0);
        assertPixels(expected, actual, IntStream.range(0, Math.toIntExact(n)).toArray());
    }

    /**
     * Fails unless some of the images agree within {@link #PIXEL_TOLERANCE}.
     *
     * @param expected pixels (N, 196) of another implementation
     * @param actual images (N, 1, 14, 14)
     * @param samples the positions of the images to compare
     */
    public static void assertPixels(NDArray expected, NDArray actual, int... samples) {
        float[] differences =
                expected.sub(actual.reshape(expected.getShape()))
                        .abs()
                        .max(new int[] {1})
                        .toFloatArray();
        for (int sample : samples) {
            assertEquals(0, differences[sample], PIXEL_TOLERANCE, "pixels of sample " + sample);
        }
    }

    /**
     * Fails unless the network gives images these classes.
     *
     * @param expected classes
     * @param actual images (N, 1, 14, 14)
     */
    public void assertPredictions(double[] expected, NDArray actual) {
        long[] classes = Arrays.stream(expected).mapToLong(Math::round).toArray();
        assertEquals(
                Arrays.toString(classes),
                Arrays.toString(Networks.predictions(classifier, actual).toLongArray()));
    }

    /**
     * Returns the share of images that the network gives their true labels.
     *
     * @param adversarials images (16, 1, 14, 14)
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
        networks.close();
    }
}
