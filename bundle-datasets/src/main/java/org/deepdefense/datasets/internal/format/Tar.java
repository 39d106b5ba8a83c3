// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the regular files of a tar archive whose checksum is known to be right: of the format, no
 * more than such an archive of short names and small files needs. (Apache Commons Compress would
 * make this bundle nine times larger and want four other libraries.)
 */
public final class Tar {

    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE = 156;

    private final InputStream in;

    /**
     * Creates a reader.
     *
     * @param in an archive, unpacked
     */
    public Tar(InputStream in) {
        this.in = in;
    }

    /** Where regular files go. */
    public interface Visitor {

        /**
         * Takes a file.
         *
         * @param name its name, without folders
         * @param size its size in bytes
         * @param content its content, which may be left unread
         */
        void visit(String name, long size, InputStream content) throws IOException;
    }

    /**
     * Visits all regular files in their order.
     *
     * @param visitor takes them
     * @throws IOException if the archive is damaged or ends too early
     */
    public void forEach(Visitor visitor) throws IOException {
        // The end of the archive is a block of zeros.
        for (byte[] header = block(); header[0] != 0; header = block()) {
            String path = text(header, 0, NAME_LENGTH);
            long size = size(header);
            Entry content = new Entry(in, size);
            if (header[TYPE] == '0' || header[TYPE] == 0) {
                visitor.visit(path.substring(path.lastIndexOf('/') + 1), size, content);
            }
            in.skipNBytes(content.left + (BLOCK - size % BLOCK) % BLOCK);
        }
    }

    private static long size(byte[] header) throws IOException {
        String digits = text(header, SIZE, SIZE_LENGTH);
        try {
            return Long.parseUnsignedLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("The archive has a file of size \"" + digits + "\"", e);
        }
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new EOFException("The archive ends without its last block");
        }
        return block;
    }

    private static String text(byte[] header, int start, int length) {
        String field = new String(header, start, length, StandardCharsets.US_ASCII);
        int end = field.indexOf('\0');
        return (end < 0 ? field : field.substring(0, end)).strip();
    }

    /** The content of one file, which ends where the file ends. */
    private static final class Entry extends InputStream {

        private final InputStream in;
        private long left;

        Entry(InputStream in, long size) {
            this.in = in;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("The archive ends within a file");
            }
            left -= read;
            return read;
        }
    }
}
