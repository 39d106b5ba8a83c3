package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deepdefense.DeepDefenseException;

/** Checks named arrays against the network that they are meant for. */
final class Weights {

    private static final String REMEDY = "use a file that was saved for this architecture";

    private Weights() {}

    /**
     * Checks that there is an array for each parameter, and no other.
     *
     * @param arrays arrays by name
     * @param parameters parameters by path
     * @param origin where the arrays come from
     * @throws DeepDefenseException if not
     */
    static void check(
            Map<String, NDArray> arrays, Map<String, Parameter> parameters, String origin) {
        parameters.forEach(
                (path, parameter) -> {
                    NDArray array = arrays.get(path);
                    if (array == null) {
                        throw new DeepDefenseException(
                                origin + " has no array " + path + ", it has " + arrays.keySet(),
                                REMEDY);
                    }
                    Shape expected = parameter.getArray().getShape();
                    checkShape(path, array, expected, origin);
                    checkFinite(path, array, origin);
                });
        Set<String> surplus = new TreeSet<>(arrays.keySet());
        surplus.removeAll(parameters.keySet());
        if (!surplus.isEmpty()) {
            throw new DeepDefenseException(
                    origin + " has arrays that the network has no use for: " + surplus, REMEDY);
        }
    }

    /**
     * Takes the normalisation out of arrays: {@code scale} and {@code mean}, unless the network has
     * parameters of these names.
     *
     * @param arrays arrays by name, from which those of the normalisation are removed
     * @param parameters parameters by path
     * @param imageShape the shape (C, H, W) of one image
     * @param origin where the arrays come from
     * @return the normalisation
     * @throws DeepDefenseException if an array has a wrong shape or is not finite
     */
    static Normalization takeNormalization(
            Map<String, NDArray> arrays,
            Map<String, Parameter> parameters,
            Shape imageShape,
            String origin) {
        NDArray scale = take(arrays, parameters, LoadedNetwork.SCALE);
        NDArray mean = take(arrays, parameters, LoadedNetwork.MEAN);
        if (mean != null) {
            checkShape(LoadedNetwork.MEAN, mean, imageShape, origin);
            checkFinite(LoadedNetwork.MEAN, mean, origin);
        }
        if (scale != null) {
            if (scale.size() != 1) {
                throw wrongShape(LoadedNetwork.SCALE, scale, new Shape(), origin);
            }
            checkFinite(LoadedNetwork.SCALE, scale, origin);
        }
        return new Normalization(
                scale == null ? scaleOf(mean) : number(scale),
                Optional.ofNullable(mean).map(array -> array.toType(DataType.FLOAT32, false)));
    }

    /** A mean that is not a mean of pixels in [0, 1] must be one of pixels in 0..255. */
    private static double scaleOf(NDArray mean) {
        if (mean == null) {
            return 1;
        }
        try (NDArray largest = mean.max()) {
            return number(largest) > 1 ? 255 : 1;
        }
    }

    private static double number(NDArray scalar) {
        try (NDArray wide = scalar.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray()[0];
        }
    }

    private static NDArray take(
            Map<String, NDArray> arrays, Map<String, Parameter> parameters, String name) {
        return parameters.containsKey(name) ? null : arrays.remove(name);
    }

    private static void checkShape(String name, NDArray array, Shape expected, String origin) {
        if (!array.getShape().equals(expected)) {
            throw wrongShape(name, array, expected, origin);
        }
    }

    private static DeepDefenseException wrongShape(
            String name, NDArray array, Shape expected, String origin) {
        return new DeepDefenseException(
                "In %s the array %s has the shape %s instead of %s"
                        .formatted(origin, name, array.getShape(), expected),
                REMEDY);
    }

    private static void checkFinite(String name, NDArray array, String origin) {
        if (!array.getDataType().isFloating()) {
            return;
        }
        // NaN and infinity, and nothing else, times zero make NaN, which the sum preserves.
        try (NDArray zeros = array.mul(0);
                NDArray sum = zeros.sum()) {
            if (Double.isNaN(number(sum))) {
                throw new DeepDefenseException(
                        "In "
                                + origin
                                + " the array "
                                + name
                                + " has values that are NaN or infinite",
                        "use weights of a training that did not diverge");
            }
        }
    }
}
