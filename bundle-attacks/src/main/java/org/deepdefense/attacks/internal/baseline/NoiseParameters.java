// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of noise within a budget. */
@ObjectClassDefinition(name = "Noise")
public @interface NoiseParameters {

    @AttributeDefinition(
            description = "draws of noise, for the samples not yet successful",
            min = "1")
    int repeats() default 10;
}
