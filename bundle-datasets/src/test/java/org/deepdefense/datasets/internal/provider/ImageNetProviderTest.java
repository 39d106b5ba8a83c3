// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.deepdefense.testkit.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNetProviderTest {

    private final ImageNetProvider provider = new ImageNetProvider();

    @TempDir private Path directory;
    private Path home;

    @BeforeEach
    void writeClasses() throws IOException {
        home = Files.createDirectories(directory.resolve("imagenet"));
        writeNames(1000);
    }

    private void writeNames(int count) throws IOException {
        Files.write(
                home.resolve("synset_words.txt"),
                IntStream.range(0, count)
                        .mapToObj(k -> String.format("n%08d class %d, other name", k, k))
                        .toList());
    }

    private Path add(String path, int grey) throws IOException {
        BufferedImage image = new BufferedImage(300, 260, BufferedImage.TYPE_BYTE_GRAY);
        byte[] pixels = new byte[300 * 260];
        Arrays.fill(pixels, (byte) grey);
        image.getRaster().setDataElements(0, 0, 300, 260, pixels);
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        String format = path.endsWith("png") ? "png" : "jpeg";
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    private Dataset open(Split split) throws IOException {
        return provider.open(split, TestSource.directory(directory));
    }

    private DeepDefenseException assertFails(Split split) {
        return assertThrows(DeepDefenseException.class, () -> open(split));
    }

    @Test
    void takesTheFirstOfEachClassThenTheSecond() throws IOException {
        add("val/n00000007/b.JPEG", 71);
        add("val/n00000007/a.jpg", 70);
        add("val/n00000999/z.png", 99);
        add("val/n00000002/x.jpeg", 20);
        add("val/n00000007/c.PNG", 72);
        Files.createDirectories(home.resolve("val/n00000001"));
        Files.writeString(home.resolve("val/n00000007/.a.jpg"), "");
        Files.writeString(home.resolve("val/n00000007/notes.txt"), "");
        Files.writeString(home.resolve("val/README"), "");
        Files.createDirectories(home.resolve("val/.cache"));

        Dataset dataset = open(Split.TEST);

        assertEquals(5, dataset.size());
        assertEquals(
                List.of(2, 7, 999, 7, 7),
                IntStream.range(0, 5).map(dataset::label).boxed().toList());
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = dataset.images(manager, 0, 1, 2, 3, 4);
            assertEquals(new Shape(5, 3, 224, 224), images.getShape());
            assertEquals(DataType.FLOAT32, images.getDataType());
            int[] greys = {20, 70, 99, 71, 72};
            for (int i = 0; i < greys.length; i++) {
                assertEquals(greys[i], 255 * images.getFloat(i, 2, 100, 100), 1.01);
            }
        }
        assertEquals("class 7, other name", dataset.classNames().get(7));
        assertEquals(1000, dataset.classNames().size());
        assertEquals(1000, provider.classNames().size());
    }

    @Test
    void partsAreFoundInTheFolderOfTheDataSetAndInItself() throws IOException {
        add("val/n00000000/a.JPEG", 0);
        add("train/n00000000/a.JPEG", 0);
        add("train/n00000001/b.JPEG", 0);

        assertEquals(1, open(Split.TEST).size());
        assertEquals(2, open(Split.TRAIN).size());
        assertEquals(1, provider.open(Split.TEST, TestSource.directory(home)).size());
    }

    @Test
    void checksumCoversNamesLabelsAndContent() throws IOException {
        Path file = add("val/n00000000/a.JPEG", 10);
        add("val/n00000001/a.JPEG", 20);
        String first = open(Split.TEST).checksum();
        assertTrue(first.matches("sha256:[0-9a-f]{64}"), first);
        assertEquals(first, open(Split.TEST).checksum());

        byte[] content = Files.readAllBytes(file);
        content[content.length - 5] ^= 1;
        Files.write(file, content);
        String other = open(Split.TEST).checksum();
        assertNotEquals(first, other);

        content[content.length - 5] ^= 1;
        Files.write(file, content);
        assertEquals(first, open(Split.TEST).checksum());
        Files.move(file, file.resolveSibling("b.JPEG"));
        assertNotEquals(first, open(Split.TEST).checksum());
    }

    @Test
    void nothingIsFetched() {
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> provider.open(Split.TEST, TestSource.NONE));

        assertMessage(e, "terms", "https://image-net.org/download", "synset_words.txt", "--data");
    }

    @Test
    void missingPartIsNamed() throws IOException {
        add("val/n00000000/a.JPEG", 0);

        assertMessage(assertFails(Split.TRAIN), home.resolve("train").toString(), "--data DIR");
    }

    @Test
    void missingNames() throws IOException {
        Path file = add("val/n00000000/a.JPEG", 0);
        Files.delete(home.resolve("synset_words.txt"));

        assertMessage(assertFails(Split.TEST), home.resolve("synset_words.txt") + " is missing");
        assertTrue(Files.exists(file));
    }

    @Test
    void wrongNames() throws IOException {
        add("val/n00000000/a.JPEG", 0);
        writeNames(999);
        assertMessage(assertFails(Split.TEST), "999 lines", "expected 1000");

        Files.writeString(home.resolve("synset_words.txt"), "n1 one\nn2\n");
        assertMessage(assertFails(Split.TEST), "Line 2", "\"n2\"");

        Files.writeString(home.resolve("synset_words.txt"), "n1 one\nn2 two\nn1 three\n");
        assertMessage(assertFails(Split.TEST), "Line 3", "\"n1 three\"");
    }

    @Test
    void unknownClass() throws IOException {
        add("val/n00000000/a.JPEG", 0);
        add("val/tench/a.JPEG", 0);

        assertMessage(assertFails(Split.TEST), home.resolve("val/tench").toString());
    }

    @Test
    void imagesWithoutFoldersAreNoneAtAll() throws IOException {
        add("val/ILSVRC2012_val_00000001.JPEG", 0);

        assertMessage(assertFails(Split.TEST), "no images", home.resolve("val").toString(), "WNID");
    }

    @Test
    void damagedImageIsNamedWhenItIsNeeded() throws IOException {
        add("val/n00000000/a.JPEG", 0);
        Path file = add("val/n00000001/a.JPEG", 0);
        Files.writeString(file, "no image");
        Dataset dataset = open(Split.TEST);
        try (NDManager manager = NDManager.newBaseManager()) {
            dataset.images(manager, 0);

            DeepDefenseException e =
                    assertThrows(DeepDefenseException.class, () -> dataset.images(manager, 1));

            assertMessage(e, file.toString(), "no image of a known format");
            Files.delete(file);
            assertMessage(
                    assertThrows(DeepDefenseException.class, () -> dataset.images(manager, 1)),
                    file.toString());
            assertThrows(IndexOutOfBoundsException.class, () -> dataset.images(manager, 2));
        }
    }

    @Test
    void realImagesHaveAllSizes() throws IOException {
        Dataset dataset = provider.open(Split.TEST, TestSource.directory(Shared.directory("data")));

        assertEquals(200, dataset.size());
        assertEquals("tench, Tinca tinca", dataset.classNames().get(dataset.label(0)));
        // One image of every fifth class.
        assertEquals(
                IntStream.range(0, 200).map(i -> 5 * i).boxed().toList(),
                IntStream.range(0, 200).map(dataset::label).boxed().toList());
    }
}
