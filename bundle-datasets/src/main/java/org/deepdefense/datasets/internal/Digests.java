// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests that every Java platform has, without their checked exception. */
final class Digests {

    private Digests() {}

    /** MD5, which the homes of the data sets publish. */
    static MessageDigest md5() {
        return named("MD5");
    }

    static MessageDigest sha256() {
        return named("SHA-256");
    }

    private static MessageDigest named(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
