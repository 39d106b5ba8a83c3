// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import org.osgi.annotation.versioning.ProviderType;

/** What an attack looks for. */
@ProviderType
public enum AttackType {
    /** The worst image within a distance: a {@link FixedBudgetAttack}. */
    FIXED_BUDGET("fixed budget"),
    /** The nearest adversarial image: a {@link MinimumNormAttack}. */
    MINIMUM_NORM("minimum norm"),
    /** An adversarial image whose distance no norm of pixels measures. */
    OTHER("other");

    private final String label;

    AttackType(String label) {
        this.label = label;
    }

    /**
     * Returns the words that lists show.
     *
     * @return a few words in lower case
     */
    public String label() {
        return label;
    }

    /**
     * Returns what an attack is by the interface that it implements.
     *
     * @param attack the attack
     * @return its type
     */
    public static AttackType of(Attack<?> attack) {
        if (attack instanceof FixedBudgetAttack<?>) {
            return FIXED_BUDGET;
        }
        return attack instanceof MinimumNormAttack<?> ? MINIMUM_NORM : OTHER;
    }
}
