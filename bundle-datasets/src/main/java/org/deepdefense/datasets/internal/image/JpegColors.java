// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

/**
 * What the components of a JPEG file mean: its reader in the JDK refuses to say so of some files
 * that everybody else reads.
 *
 * @param adobeTransform what the marker of Adobe says, or -1 if there is none
 * @param jfif whether the file follows JFIF, whose colours are luma and chroma
 * @param named whether the components call themselves R, G and B
 */
record JpegColors(int adobeTransform, boolean jfif, boolean named) {

    private static final int START_OF_IMAGE_LENGTH = 2;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int START_OF_SCAN = 0xDA;

    /** Where the transform is in Adobe's segment, after its name, version and two flags. */
    private static final int TRANSFORM = 11;

    /** Where the components' names are in the frame header, and how far one is from the next. */
    private static final int NAMES = 6;

    private static final int COMPONENT_LENGTH = 3;

    /** Looks through the segments before the pixels. */
    static JpegColors of(byte[] content) {
        int transform = -1;
        boolean jfif = false;
        boolean named = false;
        int at = START_OF_IMAGE_LENGTH;
        while (at + 4 <= content.length) {
            int marker = Byte.toUnsignedInt(content[at + 1]);
            if (Byte.toUnsignedInt(content[at]) != 0xFF || marker == START_OF_SCAN) {
                break;
            }
            if (marker == 0xFF) {
                // Any marker may have fill bytes before it.
                at++;
                continue;
            }
            int data = at + 4;
            if (marker == APP0 && isText(content, data, "JFIF")) {
                jfif = true;
            } else if (marker == APP14 && isText(content, data, "Adobe")) {
                transform = byteAt(content, data + TRANSFORM);
            } else if (isFrame(marker) && byteAt(content, data + NAMES - 1) == RgbImage.CHANNELS) {
                named =
                        byteAt(content, data + NAMES) == 'R'
                                && byteAt(content, data + NAMES + COMPONENT_LENGTH) == 'G'
                                && byteAt(content, data + NAMES + 2 * COMPONENT_LENGTH) == 'B';
            }
            at += 2 + (byteAt(content, at + 2) << 8) + byteAt(content, at + 3);
        }
        return new JpegColors(transform, jfif, named);
    }

    /** Tells whether a marker starts a frame: C0 to CF without DHT, JPG and DAC. */
    private static boolean isFrame(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    private static boolean isText(byte[] content, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (byteAt(content, at + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int byteAt(byte[] content, int at) {
        return at < content.length ? Byte.toUnsignedInt(content[at]) : 0;
    }

    /**
     * Tells whether the first three components are luma and chroma.
     *
     * @param components how many components there are, 3 or 4
     */
    boolean isLumaChroma(int components) {
        if (components == 4) {
            return adobeTransform == 2;
        }
        if (jfif) {
            return true;
        }
        return adobeTransform < 0 ? !named : adobeTransform != 0;
    }
}
