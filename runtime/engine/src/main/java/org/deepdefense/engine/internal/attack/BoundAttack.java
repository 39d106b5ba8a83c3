// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;

/**
 * An attack with the parameters of a run.
 *
 * @param name the name by which users call it
 * @param attack the attack
 * @param parameters its parameters
 * @param <P> the type of the parameters
 */
public record BoundAttack<P>(String name, Attack<P> attack, P parameters) {

    /**
     * Returns the norm that measures the attack.
     *
     * @return the norm, or nothing if there is none
     */
    public Optional<Norm> norm() {
        if (attack instanceof FixedBudgetAttack<P> budget) {
            return Optional.of(budget.norm());
        }
        return attack instanceof MinimumNormAttack<P> minimum
                ? Optional.of(minimum.norm())
                : Optional.empty();
    }

    /**
     * Returns the budget that the attack keeps.
     *
     * @return the largest norm, or nothing if it has no budget
     */
    public OptionalDouble budget() {
        return attack instanceof FixedBudgetAttack<P> budget
                ? OptionalDouble.of(budget.epsilon(parameters))
                : OptionalDouble.empty();
    }

    /**
     * Asks the attack for all that it says of itself, so that one that cannot tell fails before it
     * is used.
     *
     * @throws NullPointerException if an answer is missing
     */
    public void requireDeclarations() {
        norm();
        budget();
        attack.isBounded(parameters);
        Objects.requireNonNull(attack.access(), "access()");
    }
}
