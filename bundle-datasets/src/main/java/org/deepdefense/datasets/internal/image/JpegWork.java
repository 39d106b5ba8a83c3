// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

/**
 * How much work the pixels of a JPEG file are, whatever its length: a progressive image is kept in
 * memory until its end, and each of its scans goes through all of it, even one of a few bytes. The
 * markers are looked for everywhere. Coded pixels never contain them; other data may by accident,
 * and then the image is taken for more work than it is.
 *
 * @param progressive whether the image may be kept as coefficients
 * @param scans how often its pixels may be gone through
 */
record JpegWork(boolean progressive, int scans) {

    private static final int PROGRESSIVE_FRAME = 0xC2;
    private static final int SCAN = 0xDA;

    /** Coefficients take some 6 bytes a pixel. */
    private static final int MAX_PROGRESSIVE_PIXELS = 32_000_000;

    /** Some seconds; usual are ten scans. */
    private static final long MAX_PIXELS_OF_SCANS = 640_000_000;

    /** Looks through a file. */
    static JpegWork of(byte[] content) {
        boolean progressive = false;
        int scans = 0;
        for (int i = 1; i < content.length; i++) {
            if (content[i - 1] == (byte) 0xFF) {
                int marker = Byte.toUnsignedInt(content[i]);
                progressive |= marker == PROGRESSIVE_FRAME;
                scans += marker == SCAN ? 1 : 0;
            }
        }
        return new JpegWork(progressive, scans);
    }

    /** Tells whether to refuse an image of this many pixels. */
    boolean isTooMuchFor(long pixels) {
        return (progressive && pixels > MAX_PROGRESSIVE_PIXELS)
                || pixels * scans > MAX_PIXELS_OF_SCANS;
    }
}
