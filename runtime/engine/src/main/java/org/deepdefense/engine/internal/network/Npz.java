// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Archive;

/**
 * Named arrays in NumPy's {@code .npz} format. Equal arrays make equal files, unlike with DJL's
 * writer, which records the time. Whatever array of numbers NumPy writes is read as NumPy reads it,
 * and damage is noticed, unlike with DJL's reader.
 */
public final class Npz {

    private static final String EXTENSION = ".npy";
    private static final int ALIGNMENT = 64;
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Npz() {}

    /**
     * Reads all arrays of a file, whatever they are.
     *
     * @param file the file
     * @param manager the owner of the arrays
     * @return arrays without names of their own, by their names in the file, in its order
     * @throws DeepDefenseException if the file is missing, truncated, of another format, or has
     *     arrays that are no numbers
     * @throws IOException if it can't be read
     */
    public static Map<String, NDArray> read(Path file, NDManager manager) throws IOException {
        return read(file, manager, Archive::checkExpansion, shapes -> {});
    }

    /**
     * Reads all arrays of a file if they are what they ought to be.
     *
     * @param file the file
     * @param manager the owner of the arrays
     * @param check is given the names and shapes of all arrays before the values of any are read,
     *     and throws if it can't use them
     * @return arrays without names of their own, by their names in the file, in its order
     * @throws DeepDefenseException if the file is missing, truncated, of another format, or has
     *     arrays that are no numbers; or what the check throws
     * @throws IOException if it can't be read
     */
    static Map<String, NDArray> read(
            Path file, NDManager manager, Consumer<Map<String, Shape>> check) throws IOException {
        return read(file, manager, archive -> {}, check);
    }

    /** Looks at an archive before anything in it is read. */
    @FunctionalInterface
    private interface Inspection {
        void inspect(Archive archive) throws ZipException;
    }

    private static Map<String, NDArray> read(
            Path file, NDManager manager, Inspection inspection, Consumer<Map<String, Shape>> check)
            throws IOException {
        if (Files.isDirectory(file)) {
            throw new DeepDefenseException(file + " is a directory", "name an .npz file");
        }
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (Archive archive = Archive.open(file)) {
            inspection.inspect(archive);
            Map<String, NpyHeader> headers = headers(archive);
            Map<String, Shape> shapes = new LinkedHashMap<>();
            headers.forEach((name, header) -> shapes.put(name, header.shape()));
            check.accept(shapes);
            for (Map.Entry<String, NpyHeader> entry : headers.entrySet()) {
                String name = entry.getKey();
                try (InputStream in = archive.stream(name + EXTENSION)) {
                    in.skipNBytes(entry.getValue().length());
                    arrays.put(name, NpyValues.read(entry.getValue(), in, manager));
                } catch (IllegalArgumentException | EOFException e) {
                    throw in(name, e);
                }
            }
        } catch (NoSuchFileException e) {
            throw new DeepDefenseException(
                    "There is no file " + file, "name an existing .npz file", e);
        } catch (ZipException e) {
            arrays.values().forEach(NDArray::close);
            throw new DeepDefenseException(
                    file + " is truncated, damaged or no .npz file (" + e.getMessage() + ")",
                    "copy it again, or save it with numpy.savez",
                    e);
        }
        return arrays;
    }

    private static Map<String, NpyHeader> headers(Archive archive) throws IOException {
        Map<String, NpyHeader> headers = new LinkedHashMap<>();
        for (String name : archive.names()) {
            if (!name.endsWith(EXTENSION)) {
                throw new ZipException(name + " is no array");
            }
            String array = name.substring(0, name.length() - EXTENSION.length());
            try (DataInputStream in = new DataInputStream(archive.stream(name))) {
                NpyHeader header = NpyHeader.read(in);
                long values = archive.size(name) - header.length();
                if (values != header.bytes()) {
                    throw new ZipException(
                            "%s has %d bytes of values instead of the %d of its shape %s"
                                    .formatted(array, values, header.bytes(), header.shape()));
                }
                headers.put(array, header);
            } catch (ZipException | EOFException e) {
                throw in(array, e);
            }
        }
        return headers;
    }

    private static ZipException in(String array, Exception error) {
        ZipException located =
                new ZipException(
                        "array "
                                + array
                                + ": "
                                + (error instanceof EOFException
                                        ? "it ends too early"
                                        : error.getMessage()));
        located.initCause(error);
        return located;
    }

    /**
     * Writes arrays.
     *
     * @param arrays the arrays by name
     * @param stream where to; it is not closed
     * @throws IOException if writing fails
     */
    public static void write(Map<String, NDArray> arrays, OutputStream stream) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(stream);
        zip.setMethod(ZipOutputStream.STORED);
        for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
            byte[] header = header(entry.getValue());
            byte[] values = entry.getValue().toByteArray();
            CRC32 sum = new CRC32();
            sum.update(header);
            sum.update(values);
            ZipEntry target = new ZipEntry(entry.getKey() + EXTENSION);
            target.setTimeLocal(NO_TIME);
            target.setSize((long) header.length + values.length);
            target.setCrc(sum.getValue());
            zip.putNextEntry(target);
            zip.write(header);
            zip.write(values);
            zip.closeEntry();
        }
        zip.finish();
    }

    /** Magic number, version 1.0, length, a Python dictionary, spaces up to a multiple of 64. */
    private static byte[] header(NDArray array) {
        String dictionary =
                "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
                        .formatted(array.getDataType().asNumpy(), tuple(array.getShape()));
        int start = 10;
        int length = start + dictionary.length() + 1;
        int padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = new byte[padded];
        Arrays.fill(header, (byte) ' ');
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
        System.arraycopy(magic, 0, header, 0, magic.length);
        header[8] = (byte) (padded - start);
        header[9] = (byte) ((padded - start) >> 8);
        byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, header, start, text.length);
        header[padded - 1] = '\n';
        return header;
    }

    private static String tuple(Shape shape) {
        String sizes =
                Arrays.stream(shape.getShape())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(", "));
        return "(" + sizes + (shape.dimension() == 1 ? ",)" : ")");
    }
}
