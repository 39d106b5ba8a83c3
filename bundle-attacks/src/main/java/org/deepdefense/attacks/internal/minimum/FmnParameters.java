// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attacks.internal.support.Patience;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of the Fast Minimum-Norm attack in all norms. */
@ObjectClassDefinition(name = "Fast Minimum-Norm")
public @interface FmnParameters {

    @AttributeDefinition(
            description = "number of steps, each a forward and a backward pass",
            min = "1")
    int steps() default 100;

    @AttributeDefinition(
            description =
                    "Euclidean length of the first step, as a multiple of the range of pixels; the"
                            + " last is a hundredth of it",
            min = "0")
    double stepSize() default 1;

    @AttributeDefinition(
            description =
                    "by how much the radius grows or shrinks in the first step, as a fraction",
            min = "0",
            max = "1")
    double gamma() default 0.05;

    @AttributeDefinition(
            description = "by how much the radius grows or shrinks in the last step, as a fraction",
            min = "0",
            max = "1")
    double finalGamma() default 0.001;

    @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
    int patience() default 0;
}
