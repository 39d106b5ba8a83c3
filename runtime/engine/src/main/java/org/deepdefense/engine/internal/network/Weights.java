// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;

/** Checks named arrays against the network that they are meant for. */
final class Weights {

    private static final String REMEDY = "use a file that was saved for this architecture";
    private static final int MOST_LISTED = 20;

    private Weights() {}

    /**
     * Checks that there is an array for each parameter, and no other, before any is read.
     *
     * @param shapes shapes of arrays by name, those of the normalisation among them
     * @param parameters parameters by path
     * @param origin where the arrays come from
     * @throws DeepDefenseException if not
     */
    static void checkShapes(
            Map<String, Shape> shapes, Map<String, Parameter> parameters, String origin) {
        Map<String, Shape> own = new LinkedHashMap<>(shapes);
        for (String name : List.of(LoadedNetwork.SCALE, LoadedNetwork.MEAN)) {
            if (!parameters.containsKey(name)) {
                own.remove(name);
            }
        }
        parameters.forEach(
                (path, parameter) -> {
                    Shape shape = own.get(path);
                    if (shape == null) {
                        throw new DeepDefenseException(
                                origin + " has no array " + path + ", it has " + some(own.keySet()),
                                REMEDY);
                    }
                    checkShape(path, shape, parameter.getArray().getShape(), origin);
                });
        Set<String> surplus = new TreeSet<>(own.keySet());
        surplus.removeAll(parameters.keySet());
        if (!surplus.isEmpty()) {
            throw new DeepDefenseException(
                    origin + " has arrays that the network has no use for: " + some(surplus),
                    REMEDY);
        }
    }

    private static String some(Set<String> names) {
        return names.size() <= MOST_LISTED
                ? names.toString()
                : names.stream()
                        .limit(MOST_LISTED)
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "[",
                                        ", and " + (names.size() - MOST_LISTED) + " more]"));
    }

    /**
     * Checks that there is an array for each parameter, and no other, whose values the parameter
     * can take.
     *
     * @param arrays arrays by name
     * @param parameters parameters by path
     * @param origin where the arrays come from
     * @throws DeepDefenseException if not
     */
    static void check(
            Map<String, NDArray> arrays, Map<String, Parameter> parameters, String origin) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        arrays.forEach((name, array) -> shapes.put(name, array.getShape()));
        checkShapes(shapes, parameters, origin);
        parameters.forEach(
                (path, parameter) ->
                        checkFinite(
                                path,
                                arrays.get(path),
                                parameter.getArray().getDataType(),
                                origin));
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
            checkShape(LoadedNetwork.MEAN, mean.getShape(), imageShape, origin);
            checkFinite(LoadedNetwork.MEAN, mean, DataType.FLOAT32, origin);
        }
        if (scale != null) {
            if (scale.size() != 1) {
                throw wrongShape(LoadedNetwork.SCALE, scale.getShape(), new Shape(), origin);
            }
            checkFinite(LoadedNetwork.SCALE, scale, DataType.FLOAT32, origin);
            checkPositive(number(scale), origin);
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

    /** Pixels times 0 are one image, and a negative scale is that of a negative. */
    private static void checkPositive(double scale, String origin) {
        if ((float) scale <= 0) {
            throw new DeepDefenseException(
                    "In "
                            + origin
                            + " the scale is "
                            + scale
                            + ", so that no pixel counts as it is",
                    "save the factor that pixels are multiplied by, such as 255, or no scale");
        }
    }

    private static void checkShape(String name, Shape shape, Shape expected, String origin) {
        if (!shape.equals(expected)) {
            throw wrongShape(name, shape, expected, origin);
        }
    }

    private static DeepDefenseException wrongShape(
            String name, Shape shape, Shape expected, String origin) {
        return new DeepDefenseException(
                "In %s the array %s has the shape %s instead of %s"
                        .formatted(origin, name, shape, expected),
                REMEDY);
    }

    private static void checkFinite(String name, NDArray array, DataType target, String origin) {
        if (!array.getDataType().isFloating()) {
            return;
        }
        if (!isFinite(array)) {
            throw new DeepDefenseException(
                    "In " + origin + " the array " + name + " has values that are NaN or infinite",
                    "use weights of a training that did not diverge");
        }
        try (NDArray converted = array.toType(target, true)) {
            if (!isFinite(converted)) {
                throw new DeepDefenseException(
                        "In "
                                + origin
                                + " the array "
                                + name
                                + " has values beyond those of "
                                + target,
                        "use weights of a training that did not diverge");
            }
        }
    }

    private static boolean isFinite(NDArray array) {
        // NaN and infinity, and nothing else, times zero make NaN, which the sum preserves.
        try (NDArray zeros = array.mul(0);
                NDArray sum = zeros.sum()) {
            return !Double.isNaN(number(sum));
        }
    }
}
