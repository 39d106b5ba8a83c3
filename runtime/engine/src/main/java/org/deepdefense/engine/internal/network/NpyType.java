// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The types of elements in NumPy's files that have a place in a network, each with the narrowest
 * type here that holds all its values: PyTorch has no unsigned integers but bytes, and DJL no
 * 16-bit ones.
 */
enum NpyType {
    BOOL("b1", DataType.BOOLEAN) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.put((byte) (from.get() == 0 ? 0 : 1));
        }
    },
    INT8("i1", DataType.INT8) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.put(from.get());
        }
    },
    UINT8("u1", DataType.UINT8) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.put(from.get());
        }
    },
    INT16("i2", DataType.INT32) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putInt(from.getShort());
        }
    },
    UINT16("u2", DataType.INT32) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putInt(Short.toUnsignedInt(from.getShort()));
        }
    },
    INT32("i4", DataType.INT32) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putInt(from.getInt());
        }
    },
    UINT32("u4", DataType.INT64) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putLong(Integer.toUnsignedLong(from.getInt()));
        }
    },
    INT64("i8", DataType.INT64) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putLong(from.getLong());
        }
    },
    UINT64("u8", DataType.INT64) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            long value = from.getLong();
            if (value < 0) {
                throw new IllegalArgumentException(
                        "it has the value " + Long.toUnsignedString(value) + ", beyond 2⁶³");
            }
            to.putLong(value);
        }
    },
    FLOAT16("f2", DataType.FLOAT16) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putShort(from.getShort());
        }
    },
    FLOAT32("f4", DataType.FLOAT32) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putInt(from.getInt());
        }
    },
    FLOAT64("f8", DataType.FLOAT64) {
        @Override
        void copy(ByteBuffer from, ByteBuffer to) {
            to.putLong(from.getLong());
        }
    };

    private final String code;
    private final DataType dataType;

    NpyType(String code, DataType dataType) {
        this.code = code;
        this.dataType = dataType;
    }

    /**
     * Finds a type.
     *
     * @param code its kind and number of bytes in NumPy's notation, such as {@code f4}
     * @return the type, or nothing if networks have no use for it
     */
    static Optional<NpyType> of(String code) {
        return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
    }

    /** Returns the type of the array in memory. */
    DataType dataType() {
        return dataType;
    }

    /** Returns the bytes of an element in the file. */
    int bytes() {
        return code.charAt(1) - '0';
    }

    /**
     * Copies an element.
     *
     * @param from where the element is in the file, in the order of the file
     * @param to where to put it in {@link #dataType}
     * @throws IllegalArgumentException if that type has no such value
     */
    abstract void copy(ByteBuffer from, ByteBuffer to);
}
