// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attacks.internal.support.Describe;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of Auto-PGD on one loss, in all norms. */
@ObjectClassDefinition(name = "Auto-PGD")
public @interface ApgdParameters {

    @AttributeDefinition(description = AutoPgd.STEPS_DESCRIPTION, min = "1")
    int steps() default 100;

    @AttributeDefinition(description = AutoPgd.RHO_DESCRIPTION, min = "0", max = "1")
    double rho() default AutoPgd.RHO;

    @AttributeDefinition(description = Describe.EARLY_STOP)
    boolean earlyStop() default true;
}
