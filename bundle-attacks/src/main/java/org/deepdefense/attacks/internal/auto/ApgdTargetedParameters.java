// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attacks.internal.support.Describe;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of targeted Auto-PGD in all norms. */
@ObjectClassDefinition(name = "Targeted Auto-PGD")
public @interface ApgdTargetedParameters {

    @AttributeDefinition(
            description = "how many of the most probable other classes are tried",
            min = "1")
    int targets() default 9;

    @AttributeDefinition(description = AutoPgd.STEPS_DESCRIPTION, min = "1")
    int steps() default 100;

    @AttributeDefinition(description = AutoPgd.RHO_DESCRIPTION, min = "0", max = "1")
    double rho() default AutoPgd.RHO;

    @AttributeDefinition(description = Describe.EARLY_STOP)
    boolean earlyStop() default true;
}
