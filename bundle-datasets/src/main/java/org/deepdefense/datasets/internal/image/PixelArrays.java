// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Turns bytes to arrays of pixels in [0, 1]. May be used by several threads at once. */
final class PixelArrays {

    private static final float WHITE = 255;

    // Arrays are made from memory outside the heap, which the collector frees late: one per thread.
    private final ThreadLocal<ByteBuffer> scratch =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

    /**
     * Creates an array.
     *
     * @param manager the owner of the result
     * @param shape the shape of the result
     * @param source puts all pixels into a buffer, unsigned
     * @return float32 pixels
     */
    NDArray create(NDManager manager, Shape shape, Consumer<ByteBuffer> source) {
        ByteBuffer buffer = scratch(Math.toIntExact(shape.size()));
        source.accept(buffer);
        try (NDArray bytes = manager.create(buffer.flip(), shape, DataType.UINT8)) {
            return bytes.toType(DataType.FLOAT32, false).divi(WHITE);
        }
    }

    private ByteBuffer scratch(int size) {
        ByteBuffer buffer = scratch.get();
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size);
            scratch.set(buffer);
        }
        return buffer.clear();
    }
}
