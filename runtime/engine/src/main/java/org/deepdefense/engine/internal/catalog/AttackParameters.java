// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.BoundAttack;

/**
 * The parameters that the framework adds to those of an attack: {@code epsilon} to one with a
 * budget, and {@code restarts} to all. An attack that has one of these itself keeps its own.
 */
final class AttackParameters {

    static final String EPSILON = "epsilon";
    static final String RESTARTS = "restarts";

    private static final AttackTraits UNKNOWN =
            new AttackTraits(
                    AttackType.FIXED_BUDGET,
                    Optional.of(Norm.LINF),
                    Access.GRADIENTS,
                    true,
                    false,
                    Optional.empty());

    private AttackParameters() {}

    /** Declares the types of what is added. */
    @interface Added {

        /** Returns the budget in units of pixels; its default depends on the attack. */
        double epsilon();

        /** Returns the number of runs. */
        int restarts() default 1;
    }

    /**
     * Adds what an attack lacks.
     *
     * @param own the parameters that it declares
     * @param traits what it is
     * @return all its parameters, the budget first
     */
    static Map<String, Attribute> added(Map<String, Attribute> own, AttackTraits traits) {
        Map<String, Attribute> all = new LinkedHashMap<>();
        if (traits.type() == AttackType.FIXED_BUDGET && !own.containsKey(EPSILON)) {
            Norm norm = traits.norm().orElse(Norm.LINF);
            all.put(
                    EPSILON,
                    new Attribute(
                            declared(EPSILON),
                            metadata(meaning(norm), "0"),
                            traits.epsilon().orElse(usual(norm))));
        }
        all.putAll(own);
        all.computeIfAbsent(
                RESTARTS,
                name ->
                        new Attribute(
                                declared(name),
                                metadata(
                                        traits.type() == AttackType.MINIMUM_NORM
                                                ? "runs with different random numbers, of which"
                                                        + " the nearest adversarial image counts"
                                                : "runs with different random numbers, for the"
                                                        + " samples not yet successful",
                                        "1")));
        return all;
    }

    private static Method declared(String name) {
        try {
            return Added.class.getDeclaredMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AttributeMetadata metadata(String description, String min) {
        return new AttributeMetadata(description, Optional.of(min), Optional.empty(), List.of());
    }

    private static String meaning(Norm norm) {
        return switch (norm) {
                    case L0 -> "largest number of components that change";
                    case L1 -> "largest sum of the changes of all pixels";
                    case L2 -> "largest Euclidean norm of the perturbation";
                    case LINF -> "largest change of a pixel";
                }
                + (norm == Norm.L0 ? "" : ", in units of pixels, which lie in [0, 1]");
    }

    /** Returns the budget of an attack that declares no default. */
    private static double usual(Norm norm) {
        return switch (norm) {
            case LINF -> 0.1;
            case L2 -> 1;
            case L0, L1 -> 10;
        };
    }

    /** Adds what a registered component lacks; it may have a budget if it does not say. */
    static Map<String, Attribute> added(
            Map<String, Attribute> own, Optional<AttackTraits> declared) {
        return added(own, declared.orElse(UNKNOWN));
    }

    /** Binds an attack to the values of all its parameters. */
    static <P> BoundAttack<P> bound(
            String name, Attack<P> attack, AttackTraits traits, Binding<P> binding) {
        Map<String, String> values = binding.values();
        boolean ownRestarts = Parameters.names(attack.parameters()).contains(RESTARTS);
        return new BoundAttack<>(
                name,
                attack,
                binding.parameters(),
                traits.type() == AttackType.FIXED_BUDGET
                        ? OptionalDouble.of(Double.parseDouble(values.get(EPSILON)))
                        : OptionalDouble.empty(),
                ownRestarts ? 1 : Integer.parseInt(values.get(RESTARTS)));
    }
}
