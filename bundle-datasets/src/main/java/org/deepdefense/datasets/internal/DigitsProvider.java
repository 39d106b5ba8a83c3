package org.deepdefense.datasets.internal;

import ai.djl.ndarray.types.Shape;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetPlugin;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.osgi.service.component.annotations.Component;

/**
 * The UCI handwritten digits (E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten
 * Digits", 1998), which come with the bundle: 1797 images of 8×8 pixels, enlarged to 1×28×28 with
 * the geometry of MNIST, pixels in [0, 1].
 *
 * <p>Of every nine images of a class, in the order of the file, two are for the tests. The writers
 * of the two parts are therefore the same people, unlike in MNIST.
 */
@Component(service = DatasetProvider.class)
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

    private static final float BRIGHTEST = 16;

    @Override
    public Shape imageShape() {
        return new Shape(1, LARGE, LARGE);
    }

    @Override
    public List<String> classNames() {
        return MnistProvider.DIGITS;
    }

    @Override
    public Dataset open(Split split, DatasetSource source) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        int[] seen = new int[CLASSES];
        try (InputStream resource = DigitsProvider.class.getResourceAsStream(RESOURCE);
                BufferedReader reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(resource),
                                        StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int[] values =
                        Arrays.stream(line.split(",", -1)).mapToInt(Integer::parseInt).toArray();
                int label = values[SMALL * SMALL];
                if (split(seen[label]++) == split) {
                    pixels.writeBytes(enlarge(values));
                    labels.write(label);
                }
            }
        }
        return new PixelDataset(imageShape(), pixels.toByteArray(), labels.toByteArray());
    }

    private static Split split(int rankInClass) {
        return rankInClass % 9 == 4 || rankInClass % 9 == 8 ? Split.TEST : Split.TRAIN;
    }

    /** Enlarges an image by bilinear interpolation about its centre. */
    private static byte[] enlarge(int[] image) {
        byte[] result = new byte[LARGE * LARGE];
        for (int y = 0; y < LARGE; y++) {
            for (int x = 0; x < LARGE; x++) {
                float grey = interpolate(image, inSmall(y), inSmall(x)) / BRIGHTEST;
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
