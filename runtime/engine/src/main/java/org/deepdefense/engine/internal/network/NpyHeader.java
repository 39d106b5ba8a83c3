// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.zip.ZipException;

/**
 * What comes before the values of an array in NumPy's {@code .npy} format, versions 1.0 to 3.0.
 *
 * @param type the type of the elements
 * @param order the order of the bytes of an element
 * @param fortran whether the first index, not the last, runs fastest
 * @param shape the shape
 * @param length the bytes of the header
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
record NpyHeader(NpyType type, ByteOrder order, boolean fortran, Shape shape, int length) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy itself refuses longer ones from files that it does not trust. */
    private static final int MAX_LENGTH = 10_000;

    private static final int MAX_DIMENSIONS = 32;

    private static final Pattern TYPE =
            Pattern.compile("['\"]descr['\"]\\s*:\\s*(?:'([^']*)'|\"([^\"]*)\"|(\\[.*?\\]))");
    private static final Pattern FORTRAN =
            Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([-\\d\\s,L]*)\\)");
    private static final Pattern CODE = Pattern.compile("([<>|=]?)([a-zA-Z]\\d*)");

    /**
     * Reads a header.
     *
     * @param in the beginning of an array
     * @return what it says
     * @throws ZipException if it is damaged or says what has no place in a network
     * @throws IOException if it can't be read
     */
    static NpyHeader read(DataInputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new ZipException("it is no array");
        }
        int version = in.readUnsignedByte();
        int minor = in.readUnsignedByte();
        if (version < 1 || version > 3 || minor != 0) {
            throw new ZipException("its format is of the unknown version " + version + "." + minor);
        }
        int start = MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
        int length =
                version == 1
                        ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                        : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > MAX_LENGTH) {
            throw new ZipException("its header has " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] text = in.readNBytes(length);
        if (text.length < length) {
            throw new ZipException("it ends inside its header");
        }
        return parse(new String(text, StandardCharsets.UTF_8), start + length);
    }

    private static NpyHeader parse(String dictionary, int length) throws ZipException {
        String type = find(TYPE, dictionary, "type");
        Matcher code = CODE.matcher(type);
        Optional<NpyType> known = code.matches() ? NpyType.of(code.group(2)) : Optional.empty();
        if (known.isEmpty()) {
            throw new ZipException(
                    "its elements are of the type "
                            + type
                            + ", and only booleans, integers and floating-point numbers up to 64"
                            + " bits are read");
        }
        return new NpyHeader(
                known.get(),
                order(code.group(1)),
                find(FORTRAN, dictionary, "order").equals("True"),
                shape(find(SHAPE, dictionary, "shape")),
                length);
    }

    private static String find(Pattern pattern, String dictionary, String what)
            throws ZipException {
        Matcher matcher = pattern.matcher(dictionary);
        if (!matcher.find()) {
            throw new ZipException("its header tells no " + what);
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        throw new IllegalStateException("a pattern without groups");
    }

    private static ByteOrder order(String mark) {
        return switch (mark) {
            case "<" -> ByteOrder.LITTLE_ENDIAN;
            case ">" -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
    }

    private static Shape shape(String tuple) throws ZipException {
        try {
            long[] sizes =
                    Arrays.stream(tuple.split(","))
                            .map(size -> size.strip().replaceFirst("L$", ""))
                            .filter(size -> !size.isEmpty())
                            .mapToLong(Long::parseLong)
                            .toArray();
            // Of an empty array, too, each size has to be one that can be multiplied.
            long bytes =
                    LongStream.of(sizes).filter(size -> size != 0).reduce(8, Math::multiplyExact);
            if (bytes < 0
                    || LongStream.of(sizes).anyMatch(size -> size < 0)
                    || sizes.length > MAX_DIMENSIONS) {
                throw new ZipException("its shape is (" + tuple + ")");
            }
            return new Shape(sizes);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new ZipException("its shape is (" + tuple + ")");
        }
    }

    /** Returns the bytes of all elements in the file. */
    long bytes() {
        return shape.size() * type.bytes();
    }
}
