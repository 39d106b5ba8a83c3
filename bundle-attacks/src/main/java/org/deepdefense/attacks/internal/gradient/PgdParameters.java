// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.attacks.internal.support.Describe;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of projected gradient descent in all norms. */
@ObjectClassDefinition(name = "Projected gradient descent")
public @interface PgdParameters {

    @AttributeDefinition(description = Describe.STEPS, min = "1")
    int steps() default 40;

    @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
    double relativeStepSize() default 0.05;

    @AttributeDefinition(
            description = "whether to start at a random point of the ball instead of the image")
    boolean randomStart() default true;

    @AttributeDefinition(description = Describe.EARLY_STOP)
    boolean earlyStop() default true;
}
