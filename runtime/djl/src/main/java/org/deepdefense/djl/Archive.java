// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip archive that nobody vouches for, as NumPy and PyTorch keep arrays in. Sizes are checked
 * before anything is unpacked, and checksums when it is.
 */
public final class Archive implements Closeable {

    /** More entries than any network has arrays. */
    public static final int MAX_ENTRIES = 20_000;

    /** How many bytes an archive may unpack to for each of its own: weights hardly shrink. */
    private static final int MAX_EXPANSION = 16;

    /** What even a small archive may unpack to, in bytes. */
    private static final long FREE_EXPANSION = 16 << 20;

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries;
    private final long unpacked;
    private final long packed;

    private Archive(ZipFile zip, Map<String, ZipEntry> entries, long unpacked, long packed) {
        this.zip = zip;
        this.entries = entries;
        this.unpacked = unpacked;
        this.packed = packed;
    }

    /**
     * Opens an archive.
     *
     * @param file the file
     * @return the archive, to be closed by the caller
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws ZipException if it is no archive, is damaged, has more than {@link #MAX_ENTRIES}
     *     entries or two of one name
     * @throws IOException if it can't be read
     */
    public static Archive open(Path file) throws IOException {
        ZipFile zip = zip(file);
        try {
            if (zip.size() > MAX_ENTRIES) {
                throw new ZipException("it has " + zip.size() + " entries");
            }
            Map<String, ZipEntry> entries = new LinkedHashMap<>();
            Set<String> names = new TreeSet<>();
            long unpacked = 0;
            for (ZipEntry entry : zip.stream().toList()) {
                if (!names.add(entry.getName().toLowerCase(Locale.ROOT))) {
                    throw new ZipException("it has " + entry.getName() + " twice");
                }
                if (entry.getSize() < 0) {
                    throw new ZipException(entry.getName() + " has no size");
                }
                entries.put(entry.getName(), entry);
                unpacked = Math.addExact(unpacked, entry.getSize());
            }
            return new Archive(
                    zip, Collections.unmodifiableMap(entries), unpacked, Files.size(file));
        } catch (ArithmeticException e) {
            zip.close();
            throw new ZipException("it claims to unpack to more than 2⁶³ bytes");
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipException damaged(Exception cause) {
        ZipException error = new ZipException("its directory or an entry is damaged");
        error.initCause(cause);
        return error;
    }

    private static ZipFile zip(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (IllegalArgumentException | EOFException e) {
            // Names that are no text, for example, or a directory that begins behind the end.
            throw damaged(e);
        }
    }

    /**
     * Checks that the archive does not unpack to much more than itself. Who can tell the right size
     * of each entry has no need of it.
     *
     * @throws ZipException if it does
     */
    public void checkExpansion() throws ZipException {
        if (unpacked / MAX_EXPANSION > packed && unpacked > FREE_EXPANSION) {
            throw new ZipException("its " + packed + " bytes unpack to " + unpacked);
        }
    }

    /**
     * Returns what is in the archive.
     *
     * @return names in the order of the file
     */
    public Set<String> names() {
        return entries.keySet();
    }

    /**
     * Returns the size of an entry.
     *
     * @param name the name of an entry
     * @return its unpacked size in bytes
     */
    public long size(String name) {
        return entries.get(name).getSize();
    }

    /**
     * Returns the checksum of an entry as it is recorded.
     *
     * @param name the name of an entry
     * @return the CRC-32
     */
    public long crc(String name) {
        return entries.get(name).getCrc();
    }

    /**
     * Reads an entry as a stream, at whose end its size and checksum are checked.
     *
     * @param name the name of an entry
     * @return a stream that throws a {@link ZipException} where the entry is damaged
     * @throws IOException if it can't be read
     */
    public InputStream stream(String name) throws IOException {
        ZipEntry entry = entries.get(name);
        return new Verified(zip.getInputStream(entry), entry);
    }

    /**
     * Reads an entry whole.
     *
     * @param name the name of an entry
     * @param limit how many bytes it may have
     * @return its content
     * @throws ZipException if it is larger or damaged
     * @throws IOException if it can't be read
     */
    public byte[] read(String name, int limit) throws IOException {
        if (size(name) > limit) {
            throw new ZipException(name + " has " + size(name) + " bytes, at most " + limit);
        }
        try (InputStream in = stream(name)) {
            return in.readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Ends where the entry ought to end, and nowhere else. */
    private static final class Verified extends FilterInputStream {

        private final ZipEntry entry;
        private final CRC32 sum;
        private long left;

        Verified(InputStream in, ZipEntry entry) {
            this(in, entry, new CRC32());
        }

        private Verified(InputStream in, ZipEntry entry, CRC32 sum) {
            super(new CheckedInputStream(in, sum));
            this.entry = entry;
            this.sum = sum;
            this.left = entry.getSize();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = readSome(target, offset, length);
            left -= Math.max(count, 0);
            boolean ended = count < 0;
            if (left < 0 || (ended && (left > 0 || sum.getValue() != entry.getCrc()))) {
                throw new ZipException(entry.getName() + " has another checksum than recorded");
            }
            return count;
        }

        private int readSome(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (EOFException e) {
                throw damaged(e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            // Skipped bytes belong to the checksum.
            return readNBytes((int) Math.min(count, 1 << 16)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
