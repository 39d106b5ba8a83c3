// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive of a TorchScript module that has one method and no parameters, as {@code
 * torch.jit.save} would: four stored entries below one folder.
 */
final class TorchScriptModule {

    private static final String NAME = "Module";

    private TorchScriptModule() {}

    /**
     * Returns the archive of a module whose {@code forward} has the given signature and body.
     *
     * @param arguments the arguments after {@code self}, in TorchScript's serialised form
     * @param result the type of the result, in the same form
     * @param body the lines of the body, indented by four spaces
     * @return the bytes of the archive
     */
    static byte[] archive(String arguments, String result, String body) {
        String code =
                """
                class %1$s(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.%1$s,
                    %2$s) -> %3$s:
                %4$s
                """
                        .formatted(NAME, arguments, result, body);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            put(zip, "data.pkl", data());
            put(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("module/" + name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Pickles (protocol 2) an instance of the module with the state {@code {'training': True}}. */
    private static byte[] data() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(new byte[] {(byte) 0x80, 2});
            out.writeBytes("c__torch__\n" + NAME + "\n");
            out.write(new byte[] {')', (byte) 0x81, '}', 'X'});
            byte[] key = "training".getBytes(StandardCharsets.US_ASCII);
            out.writeInt(Integer.reverseBytes(key.length));
            out.write(key);
            out.write(new byte[] {(byte) 0x88, 's', 'b', '.'});
        }
        return bytes.toByteArray();
    }
}
