// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of AutoAttack in both norms. */
@ObjectClassDefinition(name = "AutoAttack")
public @interface AutoAttackParameters {

    @AttributeDefinition(description = "number of steps of each run of APGD and FAB", min = "1")
    int steps() default 100;

    @AttributeDefinition(
            description =
                    "how many of the most probable other classes are tried by APGD-T and FAB-T",
            min = "1")
    int targets() default 9;

    @AttributeDefinition(
            description = "number of steps of the square attack, each a forward pass",
            min = "1")
    int queries() default 5000;
}
