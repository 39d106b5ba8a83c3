// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.format;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.deepdefense.DeepDefenseException;

/**
 * Reads IDX, the format of MNIST: a magic number that says the type of the values and the number of
 * dimensions, the dimensions, and the values; all integers are big-endian.
 */
public final class Idx {

    private static final int UNSIGNED_BYTES = 0x0800;

    /** Five times as many as MNIST has for training. */
    private static final long MAX_VALUES = 250_000_000;

    private Idx() {}

    /**
     * Reads unsigned bytes.
     *
     * @param in the content of the file, unpacked
     * @param file its name, for errors
     * @param remedy what to do if the content is wrong
     * @param item the dimensions of one item: none for labels
     * @return the values of all items
     * @throws DeepDefenseException if the content is not what its header says, or its items have
     *     other dimensions
     */
    public static byte[] read(InputStream in, Path file, String remedy, int... item)
            throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            int magic = data.readInt();
            int expected = UNSIGNED_BYTES | (item.length + 1);
            if (magic != expected) {
                throw new DeepDefenseException(
                        String.format(
                                "%s begins with 0x%08x, expected 0x%08x", file, magic, expected),
                        remedy);
            }
            long count = Integer.toUnsignedLong(data.readInt());
            long size = count;
            for (int length : item) {
                int found = data.readInt();
                if (found != length) {
                    throw new DeepDefenseException(
                            file + " has items of size " + found + ", expected " + length, remedy);
                }
                size *= length;
            }
            if (count == 0 || size > MAX_VALUES) {
                throw new DeepDefenseException(
                        String.format(
                                "%s says that it has %d items, expected 1 to %d",
                                file, count, MAX_VALUES * count / Math.max(1, size)),
                        remedy);
            }
            byte[] values = data.readNBytes((int) size);
            if (values.length < size) {
                throw new DeepDefenseException(
                        file + " ends after " + values.length + " of " + size + " values", remedy);
            }
            if (data.read() >= 0) {
                throw new DeepDefenseException(
                        file + " goes on after the " + size + " values of its header", remedy);
            }
            return values;
        } catch (EOFException e) {
            throw new DeepDefenseException(file + " ends within its header", remedy, e);
        }
    }
}
