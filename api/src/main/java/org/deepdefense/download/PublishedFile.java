// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.download;

/**
 * A file as its home publishes it.
 *
 * @param name its name, without folders
 * @param size its size in bytes
 * @param sha256 its SHA-256 sum, 64 hexadecimal digits in lower case
 */
public record PublishedFile(String name, long size, String sha256) {

    /**
     * Describes a file.
     *
     * @param name its name, without folders
     * @param size its size in bytes
     * @param sha256 its SHA-256 sum, 64 hexadecimal digits in lower case
     * @throws IllegalArgumentException if the name has folders, the size is negative or the sum is
     *     none
     */
    public PublishedFile {
        if (name.matches(".*[/\\\\].*") || size < 0 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "no published file: " + name + ", " + size + " bytes, " + sha256);
        }
    }

    /** Names the file with all that is known of it. */
    @Override
    public String toString() {
        return name + " (" + size + " bytes, SHA-256 " + sha256 + ")";
    }
}
