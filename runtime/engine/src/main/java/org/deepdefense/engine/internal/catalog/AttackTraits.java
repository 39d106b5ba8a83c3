// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;

/**
 * What an attack is: what its registration declares ({@link org.deepdefense.attack.AttackPlugin})
 * or, where that says nothing, what the attack itself says.
 *
 * @param type what it looks for
 * @param norm what measures it, if a norm does
 * @param access what it needs of the network
 * @param targeted whether it can be told a class to reach
 * @param differentiable whether its perturbation can be differentiated
 * @param epsilon the default of its budget, if it declares one
 */
record AttackTraits(
        AttackType type,
        Optional<Norm> norm,
        Access access,
        boolean targeted,
        boolean differentiable,
        Optional<Double> epsilon) {

    /**
     * Reads the registration of an attack.
     *
     * @return its traits, or nothing if it was registered without them
     * @throws org.deepdefense.DeepDefenseException if they are none
     */
    static Optional<AttackTraits> declared(Plugin<?> plugin) {
        try {
            return declared(plugin.properties());
        } catch (IllegalArgumentException e) {
            throw plugin.faulty("declares what there is not: " + e.getMessage(), e);
        }
    }

    /**
     * Reads service properties.
     *
     * @return the traits of an attack, or nothing if there are none
     * @throws IllegalArgumentException if a value is not known
     */
    static Optional<AttackTraits> declared(Map<String, Object> properties) {
        return read(properties, "type", AttackType::valueOf)
                .map(
                        type ->
                                new AttackTraits(
                                        type,
                                        read(properties, "norm", Norm::valueOf),
                                        read(properties, "access", Access::valueOf)
                                                .orElse(Access.GRADIENTS),
                                        read(properties, "targeted", Boolean::valueOf).orElse(true),
                                        read(properties, "differentiable", Boolean::valueOf)
                                                .orElse(false),
                                        read(properties, "epsilon", Double::valueOf)));
    }

    private static <T> Optional<T> read(
            Map<String, Object> properties, String property, Function<String, T> reader) {
        return Optional.ofNullable(properties.get(AttackPlugin.PREFIX_ + property))
                .map(Attribute::text)
                .map(reader);
    }

    /**
     * Asks an attack.
     *
     * @throws NullPointerException if an answer is missing
     */
    static AttackTraits asked(Plugin<?> plugin, Attack<?> attack) {
        Norm norm = null;
        if (attack instanceof FixedBudgetAttack<?> budget) {
            norm = Objects.requireNonNull(budget.norm(), "norm()");
        } else if (attack instanceof MinimumNormAttack<?> minimum) {
            norm = Objects.requireNonNull(minimum.norm(), "norm()");
        }
        return new AttackTraits(
                AttackType.of(attack),
                Optional.ofNullable(norm),
                Objects.requireNonNull(attack.access(), "access()"),
                read(plugin.properties(), "targeted", Boolean::valueOf).orElse(true),
                attack instanceof DifferentiableAttack<?>,
                read(plugin.properties(), "epsilon", Double::valueOf));
    }

    /**
     * Asks an attack, and holds its registration to the answers.
     *
     * @throws NullPointerException if an answer is missing
     * @throws org.deepdefense.DeepDefenseException if the registration declares something else
     */
    static AttackTraits confirmed(Plugin<?> plugin, Attack<?> attack) {
        AttackTraits asked = asked(plugin, attack);
        AttackTraits declared = declared(plugin).orElse(asked);
        if (!declared.equals(asked)) {
            throw plugin.faulty(
                    "is registered as " + declared.listed() + " but is " + asked.listed(), null);
        }
        return asked;
    }

    /** Returns the traits as lists show them. */
    Map<String, String> listed() {
        Map<String, String> traits = new LinkedHashMap<>();
        traits.put("type", type.label() + (differentiable ? ", differentiable" : ""));
        norm.ifPresent(n -> traits.put("norm", n.symbol()));
        traits.put("access", access.label());
        if (!targeted) {
            traits.put("targeted", "no");
        }
        return traits;
    }
}
