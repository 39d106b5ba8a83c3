// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.Split;
import org.deepdefense.model.Bounds;

/**
 * Makes sure that a data set is what it says, whoever made it: a wrong label or pixel would be
 * counted without a word. All labels are looked at when it is opened, and of the images the first
 * and the last; the others are when they are read, since reading them may take hours.
 *
 * @param label what the data set is called in errors
 * @param split the part that is open
 * @param imageShape the shape (C, H, W) of an image
 * @param classNames the names of the classes
 * @param bounds the interval in which pixels lie
 */
record DatasetCheck(
        String label, Split split, Shape imageShape, List<String> classNames, Bounds bounds) {

    /** How far float arithmetic may carry a pixel out of its bounds, in units of their range. */
    private static final float TOLERANCE = 1e-6f;

    /**
     * Checks what the provider says of all images.
     *
     * @throws DeepDefenseException if no image can be of this shape, or there are not two classes
     */
    DatasetCheck {
        if (imageShape.dimension() != 3
                || LongStream.of(imageShape.getShape()).anyMatch(axis -> axis <= 0)) {
            throw faulty(label, "says that its images have the shape " + imageShape);
        }
        if (classNames.size() < 2) {
            throw new DeepDefenseException(
                    label + " has fewer than two classes: " + classNames,
                    "name all classes that the network tells apart");
        }
    }

    /**
     * Checks a data set that was just opened.
     *
     * @param dataset the images
     * @return the classes of all images (N)
     * @throws DeepDefenseException if there are no images, images or labels are missing, or a label
     *     or one of the images looked at is wrong; the message has the index of the first
     */
    int[] checkOpened(Dataset dataset) {
        int size = dataset.size();
        if (size <= 0) {
            throw new DeepDefenseException(
                    label + " has no images in its split " + split, "check its files");
        }
        int[] labels =
                IntStream.range(0, size).map(index -> checkedLabel(dataset, index)).toArray();
        try (NDManager scratch = NDManager.newBaseManager()) {
            int[] some = size == 1 ? new int[] {0} : new int[] {0, size - 1};
            checkImages(dataset.images(scratch, some), some);
        } catch (IndexOutOfBoundsException e) {
            throw miscounted(dataset, "can't give image 0 or image " + (size - 1), e);
        }
        return labels;
    }

    private int checkedLabel(Dataset dataset, int index) {
        int found;
        try {
            found = dataset.label(index);
        } catch (IndexOutOfBoundsException e) {
            throw miscounted(dataset, "has no label for image " + index, e);
        }
        if (found < 0 || found >= classNames.size()) {
            throw new DeepDefenseException(
                    "%s has label %d for image %d of its split %s, expected 0 to %d"
                            .formatted(label, found, index, split, classNames.size() - 1),
                    "correct the labels; its classes are counted from 0");
        }
        return found;
    }

    private DeepDefenseException miscounted(
            Dataset dataset, String what, IndexOutOfBoundsException cause) {
        return new DeepDefenseException(
                "%s says that its split %s has %d images, but %s"
                        .formatted(label, split, dataset.size(), what),
                "check whether it has as many labels as images",
                cause);
    }

    /**
     * Checks images that were just read.
     *
     * @param images what the data set gave
     * @param indices which images were asked for (N)
     * @throws DeepDefenseException if they are not float32 (N, C, H, W), or a pixel is not finite
     *     or outside the bounds; the message has the index of the first such image
     */
    void checkImages(NDArray images, int... indices) {
        Shape expected = new Shape(indices.length).addAll(imageShape);
        if (!expected.equals(images.getShape()) || images.getDataType() != DataType.FLOAT32) {
            throw faulty(
                    label,
                    "gave "
                            + images.getDataType()
                            + " of the shape "
                            + images.getShape()
                            + " for images "
                            + indices[0]
                            + " to "
                            + indices[indices.length - 1]
                            + ", expected float32 of the shape "
                            + expected);
        }
        try (NDArray min = images.min();
                NDArray max = images.max()) {
            // Both are NaN if any pixel is.
            if (!isInside(min.getFloat()) || !isInside(max.getFloat())) {
                throw outside(images.toFloatArray(), indices);
            }
        }
    }

    private boolean isInside(float pixel) {
        float margin = TOLERANCE * bounds.range();
        return pixel >= bounds.min() - margin && pixel <= bounds.max() + margin;
    }

    private DeepDefenseException outside(float[] pixels, int... indices) {
        int first =
                IntStream.range(0, pixels.length)
                        .filter(i -> !isInside(pixels[i]))
                        .findFirst()
                        .orElseThrow();
        int index = indices[(int) (first / imageShape.size())];
        return new DeepDefenseException(
                "%s has a pixel of %s in image %d of its split %s, outside of its bounds %s"
                        .formatted(label, pixels[first], index, split, bounds),
                "correct or remove the image, or scale all images to these bounds");
    }

    private static DeepDefenseException faulty(String label, String fault) {
        return new DeepDefenseException(label + " " + fault, "tell the author of the bundle");
    }
}
