// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.evaluation.SampleResult;

/**
 * One attack as it is run.
 *
 * @param name what users call it: its name with the parameters that it was given
 * @param attack the attack with its parameters
 * @param norm the norm that measures it, if there is one
 * @param budget the budget that its results keep, if it has one
 */
record Trial(
        String name, PluginUse<BoundAttack<?>> attack, Optional<Norm> norm, OptionalDouble budget) {

    /**
     * How far float arithmetic may carry a perturbation over a budget, in pixels and relatively.
     */
    private static final double MARGIN = 1e-6;

    static Trial of(String name, PluginUse<BoundAttack<?>> use) {
        return new Trial(name, use, use.service().norm(), use.service().budget());
    }

    boolean isMinimumNorm() {
        return attack.service().attack() instanceof MinimumNormAttack<?>;
    }

    /** Tells whether what the attack returns are images that could be stored. */
    boolean isBounded() {
        return isBounded(attack.service());
    }

    private static <P> boolean isBounded(BoundAttack<P> bound) {
        return bound.attack().isBounded(bound.parameters());
    }

    boolean usesGradients() {
        return attack.service().attack().access() == Access.GRADIENTS;
    }

    /** Tells whether the attack was given no more than a budget. */
    boolean isWithin(OptionalDouble epsilon) {
        return budget.isEmpty()
                || epsilon.isEmpty()
                || budget.getAsDouble() <= epsilon.getAsDouble();
    }

    /** Tells whether the attack itself fooled an image within a budget of its norm. */
    boolean fooled(SampleResult image, OptionalDouble epsilon) {
        return image.attacked() && image.success() && keeps(image, epsilon);
    }

    /**
     * The engine has held an attack to its own budget already; another budget is kept by what is
     * small enough.
     */
    private boolean keeps(SampleResult image, OptionalDouble epsilon) {
        if (epsilon.isEmpty() || norm.isEmpty()) {
            return true;
        }
        return (budget.isPresent() && isWithin(epsilon))
                || image.norm(norm.get()) <= epsilon.getAsDouble() * (1 + MARGIN) + MARGIN;
    }
}
