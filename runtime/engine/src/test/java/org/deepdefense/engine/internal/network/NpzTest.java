// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {

    @TempDir private Path directory;
    private NDManager manager;
    private Map<String, NDArray> arrays;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        arrays = new LinkedHashMap<>();
        arrays.put("conv1.weight", manager.randomNormal(new Shape(2, 3, 4)));
        arrays.put("conv1.bias", manager.create(new float[] {-0f, Float.MIN_VALUE}));
        arrays.put("scale", manager.create(255.0));
        arrays.put("steps", manager.create(new long[] {Long.MAX_VALUE}));
        arrays.put("state.json", manager.create(new byte[] {1, -2, 3}));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void whatIsWrittenIsReadBitForBit() throws IOException {
        Map<String, NDArray> read = Npz.read(write("all.npz"), manager);
        assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.keySet()));
        arrays.forEach(
                (name, array) -> {
                    assertEquals(array.getShape(), read.get(name).getShape(), name);
                    assertEquals(array.getDataType(), read.get(name).getDataType(), name);
                    assertArrayEquals(array.toByteArray(), read.get(name).toByteArray(), name);
                });
    }

    @Test
    void equalArraysMakeEqualFiles() throws IOException, InterruptedException {
        Path first = write("first.npz");
        // The time stamps of a zip file have a resolution of two seconds.
        Thread.sleep(2100);
        assertEquals(-1, Files.mismatch(first, write("second.npz")));
    }

    @Test
    void otherReadersUnderstandTheFile() throws IOException {
        NDList read = NDList.decode(manager, Files.readAllBytes(write("all.npz")));
        assertEquals(arrays.get("conv1.weight"), read.get("conv1.weight"));
        assertEquals(new Shape(), read.get("scale").getShape());
    }

    @Test
    void filesOfOtherWritersAreRead() throws IOException {
        NDArray array = arrays.get("conv1.weight");
        array.setName("conv1.weight");
        Path file = directory.resolve("other.npz");
        try (OutputStream stream = Files.newOutputStream(file)) {
            new NDList(array).encode(stream, NDList.Encoding.NPZ);
        }
        assertEquals(array, Npz.read(file, manager).get("conv1.weight"));
    }

    @Test
    void aTruncatedFileIsAnErrorWhereverItEnds() throws IOException {
        byte[] whole = Files.readAllBytes(write("whole.npz"));
        for (int length : new int[] {0, 1, 50, whole.length / 2, whole.length - 1}) {
            Path file = Files.write(directory.resolve("cut.npz"), Arrays.copyOf(whole, length));
            assertTrue(failure(file).contains(file + " is truncated, damaged or no .npz file"));
        }
    }

    @Test
    void aFlippedBitIsAnError() throws IOException {
        byte[] content = Files.readAllBytes(write("flipped.npz"));
        content[200] ^= 1;
        Path file = Files.write(directory.resolve("flipped.npz"), content);
        assertTrue(failure(file).contains("conv1.weight.npy has another checksum than recorded"));
    }

    @Test
    void anotherFormatIsAnError() throws IOException {
        Path text = Files.writeString(directory.resolve("text.npz"), "these are no arrays");
        assertTrue(failure(text).contains("is truncated, damaged or no .npz file"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write("this is no array".getBytes(UTF_8));
        }
        Path archive = Files.write(directory.resolve("archive.npz"), bytes.toByteArray());
        assertTrue(failure(archive).contains("is truncated, damaged or no .npz file"));
    }

    @Test
    void aMissingFileAndADirectoryAreErrors() {
        Path missing = directory.resolve("missing.npz");
        assertTrue(failure(missing).contains("There is no file " + missing));
        assertTrue(failure(directory).contains(directory + " is a directory"));
    }

    private String failure(Path file) {
        return assertThrows(DeepDefenseException.class, () -> Npz.read(file, manager)).getMessage();
    }

    private Path write(String name) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream stream = Files.newOutputStream(file)) {
            Npz.write(arrays, stream);
        }
        return file;
    }
}
