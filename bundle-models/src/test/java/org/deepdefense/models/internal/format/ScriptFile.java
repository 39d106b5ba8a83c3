// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes TorchScript files of images (1, 2, 2) and three classes, as {@code torch.jit.save} would:
 * a module with the parameter {@code weight} (3, 4), and whatever is changed about it.
 */
final class ScriptFile {

    static final float[] WEIGHT = {1, 2, 3, 4, -4, -3, -2, -1, 0.5f, -0.5f, 0.25f, -0.25f};

    /** The body of the network of which others are variants. */
    static final String LINEAR = "return torch.linear(torch.flatten(x, 1), self.weight)";

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    ScriptFile(String... body) {
        with("version", "3\n".getBytes(StandardCharsets.US_ASCII));
        with("constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
        with("data.pkl", state(0, 12, 3, 4, 4, 1));
        with("code/__torch__.py", program(body).getBytes(StandardCharsets.UTF_8));
        ByteBuffer weight =
                ByteBuffer.allocate(WEIGHT.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weight.asFloatBuffer().put(WEIGHT);
        with("data/0", weight.array());
    }

    static String program(String... body) {
        return """
        class Net(Module):
          __parameters__ = ["weight", ]
          __buffers__ = []
          weight : Tensor
          training : bool
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            %s
        """
                .formatted(String.join("\n    ", body));
    }

    ScriptFile with(String name, byte... content) {
        entries.put(name, content);
        return this;
    }

    ScriptFile without(String name) {
        entries.remove(name);
        return this;
    }

    /** Pickles the module with a tensor of a storage, both of any size. */
    static byte[] state(long offset, long elements, long rows, long columns, long... strides) {
        return pickle(
                out -> {
                    global(out, "__torch__", "Net");
                    out.writeBytes(")\u0081}(");
                    text(out, "training");
                    out.write(0x89);
                    text(out, "weight");
                    global(out, "torch._utils", "_rebuild_tensor_v2");
                    out.writeBytes("((");
                    text(out, "storage");
                    global(out, "torch", "FloatStorage");
                    text(out, "0");
                    text(out, "cpu");
                    number(out, elements);
                    out.writeBytes("tQ");
                    number(out, offset);
                    out.write('(');
                    number(out, rows);
                    number(out, columns);
                    out.writeBytes("t(");
                    number(out, strides[0]);
                    number(out, strides[1]);
                    out.write('t');
                    out.write(0x88);
                    global(out, "collections", "OrderedDict");
                    out.writeBytes(")RtRub");
                });
    }

    /** Writes the middle of a pickle. */
    @FunctionalInterface
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] pickle(Writer middle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(0x80);
            out.write(2);
            middle.write(out);
            out.write('.');
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static void global(DataOutputStream out, String module, String name) throws IOException {
        out.writeBytes("c" + module + "\n" + name + "\n");
    }

    static void text(DataOutputStream out, String text) throws IOException {
        out.write('X');
        out.writeInt(Integer.reverseBytes(text.length()));
        out.writeBytes(text);
    }

    static void number(DataOutputStream out, long value) throws IOException {
        out.write(0x8a);
        out.write(Long.BYTES);
        out.writeLong(Long.reverseBytes(value));
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                CRC32 sum = new CRC32();
                sum.update(entry.getValue());
                ZipEntry target = new ZipEntry("net/" + entry.getKey());
                target.setSize(entry.getValue().length);
                target.setCrc(sum.getValue());
                zip.putNextEntry(target);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    Path write(Path directory) throws IOException {
        return Files.write(directory.resolve("net.pt"), bytes());
    }
}
