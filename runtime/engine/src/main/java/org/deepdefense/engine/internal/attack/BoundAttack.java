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
 * @param budget the largest norm, of a {@link FixedBudgetAttack}
 * @param restarts how often it is run, at most
 * @param <P> the type of the parameters
 */
public record BoundAttack<P>(
        String name, Attack<P> attack, P parameters, OptionalDouble budget, int restarts) {

    /**
     * Binds an attack without a budget, which is run once.
     *
     * @param name the name by which users call it
     * @param attack the attack
     * @param parameters its parameters
     */
    public BoundAttack(String name, Attack<P> attack, P parameters) {
        this(name, attack, parameters, OptionalDouble.empty(), 1);
    }

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
     * Asks the attack for all that it says of itself, so that one that cannot tell fails before it
     * is used.
     *
     * @throws NullPointerException if an answer is missing
     */
    public void requireDeclarations() {
        norm();
        attack.isBounded(parameters);
        Objects.requireNonNull(attack.access(), "access()");
    }
}
