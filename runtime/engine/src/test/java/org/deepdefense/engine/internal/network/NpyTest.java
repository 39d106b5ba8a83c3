// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other writers make of arrays; the bytes are those of {@code numpy.save}. */
class NpyTest {

    @TempDir private Path directory;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({
        "|b1, 0001, BOOLEAN, 0, 1",
        "|i1, 80ff, INT8, -128, -1",
        "|u1, 80ff, UINT8, 128, 255",
        "<i2, 00800300, INT32, -32768, 3",
        ">i2, 80000003, INT32, -32768, 3",
        "<u2, 0080ffff, INT32, 32768, 65535",
        ">u2, 8000ffff, INT32, 32768, 65535",
        "<i4, 0000008003000000, INT32, -2147483648, 3",
        ">i4, 8000000000000003, INT32, -2147483648, 3",
        "<u4, 00000080ffffffff, INT64, 2147483648, 4294967295",
        ">u4, 80000000ffffffff, INT64, 2147483648, 4294967295",
        "<i8, 0100000000000080ffffffffffffff7f, INT64, -9223372036854775807, 9223372036854775807",
        ">i8, 80000000000000017fffffffffffffff, INT64, -9223372036854775807, 9223372036854775807",
        "<u8, 0100000000000000ffffffffffffff7f, INT64, 1, 9223372036854775807",
        ">u8, 00000000000000017fffffffffffffff, INT64, 1, 9223372036854775807",
    })
    void integersOfEveryTypeAndOrder(
            String type, String values, DataType expected, long first, long second)
            throws IOException {
        NDArray array = read(NpyFile.array(type, false, "(2,)", bytes(values)));
        assertEquals(expected, array.getDataType());
        assertArrayEquals(
                new long[] {first, second}, array.toType(DataType.INT64, false).toLongArray());
    }

    @ParameterizedTest
    @CsvSource({
        "<f2, 003c66ae, FLOAT16",
        ">f2, 3c00ae66, FLOAT16",
        "<f4, 0000803fcdccccbd, FLOAT32",
        ">f4, 3f800000bdcccccd, FLOAT32",
        "=f4, 0000803fcdccccbd, FLOAT32",
        "<f8, 000000000000f03f9a9999999999b9bf, FLOAT64",
        ">f8, 3ff0000000000000bfb999999999999a, FLOAT64",
    })
    void floatsOfEveryTypeAndOrder(String type, String values, DataType expected)
            throws IOException {
        NDArray array = read(NpyFile.array(type, false, "(2,)", bytes(values)));
        assertEquals(expected, array.getDataType());
        double[] read = array.toType(DataType.FLOAT64, false).toDoubleArray();
        assertEquals(1, read[0]);
        assertEquals(-0.1, read[1], expected == DataType.FLOAT16 ? 1e-4 : 1e-8);
    }

    @Test
    void theFirstIndexMayRunFastest() throws IOException {
        byte[] counted = new byte[24];
        for (int i = 0; i < counted.length; i++) {
            counted[i] = (byte) i;
        }
        NDArray array = read(NpyFile.array("|i1", true, "(2, 3, 4)", counted));
        assertEquals(new Shape(2, 3, 4), array.getShape());
        byte[] values = array.toByteArray();
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 4; k++) {
                    assertEquals(i + 2 * j + 6 * k, values[12 * i + 4 * j + k]);
                }
            }
        }
    }

    @Test
    void bothOrdersAtOnce() throws IOException {
        NDArray array = read(NpyFile.array(">i2", true, "(2, 2)", bytes("0001000200030004")));
        assertArrayEquals(new int[] {1, 3, 2, 4}, array.toIntArray());
    }

    @Test
    void chunksDoNotShow() throws IOException {
        int count = 100_003;
        ByteBuffer values = ByteBuffer.allocate(count * Short.BYTES);
        for (int i = 0; i < count; i++) {
            values.putShort((short) i);
        }
        int[] read =
                read(NpyFile.array(">u2", false, "(" + count + ",)", values.array())).toIntArray();
        for (int i = 0; i < count; i++) {
            assertEquals(i & 0xffff, read[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyVersionAndNoDimension(int version) throws IOException {
        NDArray array = read(NpyFile.array(version, "'<i4'", false, "()", bytes("07000000")));
        assertEquals(new Shape(), array.getShape());
        assertEquals(7, array.getInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(0,)", "(3, 0)", "(0L, 2L)"})
    void emptyArrays(String shape) throws IOException {
        assertEquals(0, read(NpyFile.array("<f4", false, shape)).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'<c8'",
                "'<U3'",
                "'|S1'",
                "'|O'",
                "'<M8[ns]'",
                "'|V8'",
                "'<f16'",
                "[('a', '<f4'), ('b', '<f4')]"
            })
    void otherTypesAreRefusedByName(String type) throws IOException {
        String message = failure(NpyFile.array(1, type, false, "(1,)", new byte[8]));
        assertTrue(
                message.contains(
                        "array x: its elements are of the type " + type.replaceAll("^'|'$", "")),
                message);
    }

    @Test
    void unsignedNumbersBeyondAllSignedOnesAreRefused() throws IOException {
        String message = failure(NpyFile.array("<u8", false, "(1,)", bytes("ffffffffffffffff")));
        assertTrue(message.contains("array x: it has the value 18446744073709551615"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(2147483647,)",
                "(2147483647, 2147483647, 2147483647)",
                "(0, 9223372036854775807, 3)",
                "(99999999999999999999,)",
                "(-1,)",
                "(-2, -2)",
                "(1, 1)",
                "(3,)"
            })
    void shapesThatAreNotThoseOfTheValuesAreRefused(String shape) throws IOException {
        String message = failure(NpyFile.array("<f4", false, shape, new byte[8]));
        assertTrue(message.contains("array x"), message);
    }

    @Test
    void headersThatLieAboutTheirLengthAreRefused() throws IOException {
        byte[] array = NpyFile.array(2, "'<f4'", false, "(2,)", new byte[8]);
        for (String length : new String[] {"ffffffff", "ffffff7f", "00000000", "00010000"}) {
            System.arraycopy(bytes(length), 0, array, 8, 4);
            assertTrue(failure(array).contains("array x: "));
        }
    }

    @Test
    void whatUnpacksToMuchMoreIsRefused() throws IOException {
        Path file = directory.resolve("bomb.npz");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(NpyFile.array("<f4", false, "(16777216,)"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        String message = failure(file);
        assertTrue(message.contains("bytes unpack to 6710"), message);
        assertThrows(
                IllegalStateException.class,
                () ->
                        Npz.read(
                                file,
                                manager,
                                shapes -> {
                                    assertEquals(Map.of("x", new Shape(1 << 24)), shapes);
                                    throw new IllegalStateException("not expected");
                                }));
    }

    @Test
    void thousandsOfArraysAreRefused() throws IOException {
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        byte[] one = NpyFile.array("<f4", false, "()", new byte[4]);
        for (int i = 0; i < 60_000; i++) {
            arrays.put("x" + i, one);
        }
        Path file = NpyFile.write(directory.resolve("many.npz"), arrays);
        assertTrue(failure(file).contains("it has 60000 entries"));
    }

    @Test
    void twoArraysOfOneNameAreRefused() throws IOException {
        byte[] one = NpyFile.array("<f4", false, "()", new byte[4]);
        Path file = NpyFile.write(directory.resolve("twice.npz"), Map.of("x", one, "X", one));
        assertTrue(failure(file).contains("twice"));
    }

    private NDArray read(byte[] array) throws IOException {
        Path file = NpyFile.write(directory.resolve("x.npz"), Map.of("x", array));
        return Npz.read(file, manager).get("x");
    }

    private String failure(byte[] array) throws IOException {
        return failure(NpyFile.write(directory.resolve("x.npz"), Map.of("x", array)));
    }

    private String failure(Path file) {
        return assertThrows(DeepDefenseException.class, () -> Npz.read(file, manager)).getMessage();
    }

    private static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }
}
