// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that every Java platform has, without its checked exception. */
public final class Digests {

    private Digests() {}

    /** Starts a SHA-256 sum. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
