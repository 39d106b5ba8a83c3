// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes files as NumPy writes them, and as nobody should. */
final class NpyFile {

    private NpyFile() {}

    static byte[] array(String type, boolean fortran, String shape, byte... values) {
        return array(1, "'" + type + "'", fortran, shape, values);
    }

    static byte[] array(int version, String type, boolean fortran, String shape, byte... values) {
        String dictionary =
                "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n"
                        .formatted(type, fortran ? "True" : "False", shape);
        return array(version, dictionary, values);
    }

    private static byte[] array(int version, String dictionary, byte... values) {
        byte[] text = dictionary.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(12 + text.length + values.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            bytes.putShort((short) text.length);
        } else {
            bytes.putInt(text.length);
        }
        bytes.put(text).put(values);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Writes arrays by name, deflated, as {@code numpy.savez_compressed} does. */
    static Path write(Path file, Map<String, byte[]> arrays) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
                zip.write(entry.getValue());
            }
        }
        return Files.write(file, bytes.toByteArray());
    }
}
