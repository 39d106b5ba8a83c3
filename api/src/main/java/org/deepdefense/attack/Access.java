// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import org.osgi.annotation.versioning.ProviderType;

/** What an attacker is given of a network: the threat model. */
@ProviderType
public enum Access {
    /** Logits and their gradients (a white-box attack). */
    GRADIENTS("gradients"),
    /** Logits, but no gradients (a score-based attack). */
    SCORES("scores"),
    /** Only the predicted class (a decision-based attack). */
    DECISIONS("decisions");

    private final String label;

    Access(String label) {
        this.label = label;
    }

    /**
     * Returns the word that lists show.
     *
     * @return one word in lower case
     */
    public String label() {
        return label;
    }
}
