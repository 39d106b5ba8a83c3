// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetPlugin;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.image.PixelDataset;
import org.osgi.service.component.annotations.Component;

/**
 * The UCI handwritten digits (E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten
 * Digits", 1998), which come with the bundle: 1797 images of 8×8 pixels, enlarged to 1×28×28 with
 * the geometry of MNIST, pixels in [0, 1].
 *
 * <p>Of every nine images of a class, in the order of the file, two are for the tests. The writers
 * of the two parts are therefore the same people, unlike in MNIST.
 */
@Component(service = DatasetProvider.class, configurationPid = "deepdefense.dataset.digits")
@DatasetPlugin(
        name = "digits",
        description = "UCI handwritten digits, 1x28x28 in 10 classes; part of this bundle")
public final class DigitsProvider implements DatasetProvider {

    private static final String RESOURCE = "digits.csv.gz";
    private static final int SMALL = 8;
    private static final int LARGE = 28;
    private static final int CLASSES = 10;

    /** MNIST's digits fill a box of this size, the rest is margin. */
    private static final int BOX = 20;

    private static final int BRIGHTEST = 16;

    /** The lines have a quarter of that. */
    private static final int MAX_BYTES = 1 << 20;

    private static final Shape IMAGE = new Shape(1, LARGE, LARGE);

    @Override
    public Shape imageShape() {
        return IMAGE;
    }

    @Override
    public List<String> classNames() {
        return MnistProvider.DIGITS;
    }

    @Override
    public Dataset open(Split split, DatasetSource source) throws IOException {
        try (InputStream resource = DigitsProvider.class.getResourceAsStream(RESOURCE);
                InputStream lines = new GZIPInputStream(resource)) {
            return read(lines, split);
        }
    }

    /**
     * Reads lines of 64 pixels and the class.
     *
     * @param in the lines
     * @param split the part that is wanted
     * @throws DeepDefenseException if a line is anything else, or there are none of this part
     */
    static Dataset read(InputStream in, Split split) throws IOException {
        String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        int[] seen = new int[CLASSES];
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int[] values = values(line, number);
            int label = values[SMALL * SMALL];
            if (split(seen[label]++) == split) {
                pixels.writeBytes(enlarge(values));
                labels.write(label);
            }
        }
        if (labels.size() == 0) {
            throw damaged("have no images of the split " + split, null);
        }
        return new PixelDataset(IMAGE, pixels.toByteArray(), labels.toByteArray());
    }

    private static int[] values(String line, int number) {
        try {
            int[] values = Arrays.stream(line.split(",", -1)).mapToInt(Integer::parseInt).toArray();
            for (int i = 0; i < SMALL * SMALL; i++) {
                Objects.checkIndex(values[i], BRIGHTEST + 1);
            }
            Objects.checkIndex(values[SMALL * SMALL], CLASSES);
            if (values.length == SMALL * SMALL + 1) {
                return values;
            }
            throw damaged("have " + values.length + " values in line " + number, null);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw damaged("are damaged in line " + number, e);
        }
    }

    private static DeepDefenseException damaged(String fault, RuntimeException cause) {
        return new DeepDefenseException(
                "The digits that come with the data sets " + fault,
                "install the bundle org.deepdefense.datasets anew",
                cause);
    }

    private static Split split(int rankInClass) {
        return rankInClass % 9 == 4 || rankInClass % 9 == 8 ? Split.TEST : Split.TRAIN;
    }

    /** Enlarges an image by bilinear interpolation about its centre. */
    private static byte[] enlarge(int[] image) {
        byte[] result = new byte[LARGE * LARGE];
        for (int y = 0; y < LARGE; y++) {
            for (int x = 0; x < LARGE; x++) {
                float grey = interpolate(image, inSmall(y), inSmall(x)) / (float) BRIGHTEST;
                result[y * LARGE + x] = (byte) Math.round(grey * 255);
            }
        }
        return result;
    }

    /** Maps the centre of an enlarged pixel to a coordinate between centres of original pixels. */
    private static float inSmall(int coordinate) {
        return (coordinate + 0.5f - LARGE / 2f) * SMALL / BOX + SMALL / 2f - 0.5f;
    }

    private static float interpolate(int[] image, float y, float x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        float down = y - top;
        float right = x - left;
        float upper = (1 - right) * at(image, top, left) + right * at(image, top, left + 1);
        float lower = (1 - right) * at(image, top + 1, left) + right * at(image, top + 1, left + 1);
        return (1 - down) * upper + down * lower;
    }

    /** Returns a pixel; outside the image it is dark. */
    private static int at(int[] image, int y, int x) {
        boolean inside = y >= 0 && y < SMALL && x >= 0 && x < SMALL;
        return inside ? image[y * SMALL + x] : 0;
    }
}
