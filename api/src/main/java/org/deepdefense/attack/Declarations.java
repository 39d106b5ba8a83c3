// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

/** Reads what attacks declare of themselves by {@link AttackPlugin}. */
final class Declarations {

    private Declarations() {}

    /**
     * Returns the norm that an attack declares.
     *
     * @throws IllegalStateException if it declares none, or several
     */
    static Norm norm(Attack<?> attack) {
        AttackPlugin declared = attack.getClass().getAnnotation(AttackPlugin.class);
        if (declared == null || declared.norm().length != 1) {
            throw new IllegalStateException(
                    attack.getClass().getName()
                            + " declares no norm: write @AttackPlugin(norm = …), or override"
                            + " norm()");
        }
        return declared.norm()[0];
    }

    /** Returns the access that an attack declares, gradients if it declares none. */
    static Access access(Attack<?> attack) {
        AttackPlugin declared = attack.getClass().getAnnotation(AttackPlugin.class);
        return declared == null ? Access.GRADIENTS : declared.access();
    }
}
