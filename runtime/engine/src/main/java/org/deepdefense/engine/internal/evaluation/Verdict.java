// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.OptionalDouble;
import org.deepdefense.engine.internal.catalog.AttackUse;

/** Judges what an attack did to an image by a budget, which may be another than its own. */
final class Verdict {

    /**
     * How far float arithmetic may carry a perturbation over a budget, in pixels and relatively.
     */
    private static final double MARGIN = 1e-6;

    private Verdict() {}

    /** Tells whether an attack was given no more than a budget. */
    static boolean isWithin(AttackUse attack, OptionalDouble epsilon) {
        return attack.budget().isEmpty()
                || epsilon.isEmpty()
                || attack.budget().getAsDouble() <= epsilon.getAsDouble();
    }

    /** Tells whether an attack itself fooled an image within a budget of its norm. */
    static boolean isFooled(AttackUse attack, SampleRecord image, OptionalDouble epsilon) {
        return image.attacked() && image.success() && keeps(attack, image, epsilon);
    }

    /**
     * The engine has held an attack to its own budget already; another budget is kept by what is
     * small enough.
     */
    private static boolean keeps(AttackUse attack, SampleRecord image, OptionalDouble epsilon) {
        if (epsilon.isEmpty() || attack.norm().isEmpty()) {
            return true;
        }
        return (attack.budget().isPresent() && isWithin(attack, epsilon))
                || image.norm(attack.norm().get()) <= epsilon.getAsDouble() * (1 + MARGIN) + MARGIN;
    }
}
