// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.completion;

/**
 * A way to complete a word.
 *
 * @param value the whole word
 * @param description what it means, or empty
 * @param isWhole whether the word ends there
 */
public record Proposal(String value, String description, boolean isWhole) {

    static Proposal whole(String value, String description) {
        return new Proposal(value, description, true);
    }

    static Proposal beginning(String value, String description) {
        return new Proposal(value, description, false);
    }
}
