// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** Reads the values of an array in NumPy's {@code .npy} format, behind its header. */
final class NpyValues {

    private static final int CHUNK = 1 << 16;

    private NpyValues() {}

    /**
     * Reads values.
     *
     * @param header the header of the array, whose size was found to be that of the file
     * @param in the values and nothing behind them
     * @param manager the owner of the array
     * @return the array, in C order and the byte order of this machine
     * @throws IllegalArgumentException if there is a value that has no place
     * @throws IOException if they can't be read
     */
    static NDArray read(NpyHeader header, InputStream in, NDManager manager) throws IOException {
        Shape shape = header.shape();
        NpyType type = header.type();
        if (shape.size() > Integer.MAX_VALUE / Long.BYTES) {
            throw new ZipException("it has " + shape.size() + " elements");
        }
        int count = (int) shape.size();
        ByteBuffer values =
                ByteBuffer.allocateDirect(count * type.dataType().getNumOfBytes())
                        .order(ByteOrder.nativeOrder());
        if (header.fortran() && shape.dimension() > 1) {
            ByteBuffer all = ByteBuffer.wrap(in.readNBytes(count * type.bytes()));
            if (all.remaining() < count * type.bytes()) {
                throw new EOFException();
            }
            copyTransposed(header, all.order(header.order()), values);
        } else {
            copy(header, in, values);
        }
        if (in.read() >= 0) {
            throw new ZipException("it goes on behind its values");
        }
        return count == 0
                ? manager.create(shape, type.dataType())
                : manager.create(values.flip(), shape, type.dataType());
    }

    private static void copy(NpyHeader header, InputStream in, ByteBuffer to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(header.order());
        while (to.hasRemaining()) {
            long left = (long) to.remaining() / header.type().dataType().getNumOfBytes();
            int wanted = (int) Math.min(CHUNK, left * header.type().bytes());
            if (in.readNBytes(chunk.array(), 0, wanted) < wanted) {
                throw new EOFException();
            }
            chunk.clear().limit(wanted);
            while (chunk.hasRemaining()) {
                header.type().copy(chunk, to);
            }
        }
    }

    /** Walks through the target in C order, and through the source by its strides. */
    private static void copyTransposed(NpyHeader header, ByteBuffer from, ByteBuffer to) {
        Shape shape = header.shape();
        int dimensions = shape.dimension();
        int[] strides = new int[dimensions];
        strides[0] = header.type().bytes();
        for (int d = 1; d < dimensions; d++) {
            strides[d] = Math.toIntExact(strides[d - 1] * shape.get(d - 1));
        }
        int[] index = new int[dimensions];
        int position = 0;
        while (to.hasRemaining()) {
            header.type().copy(from.position(position), to);
            for (int d = dimensions - 1; d >= 0; d--) {
                position += strides[d];
                if (++index[d] < shape.get(d)) {
                    break;
                }
                position -= Math.multiplyExact(index[d], strides[d]);
                index[d] = 0;
            }
        }
    }
}
