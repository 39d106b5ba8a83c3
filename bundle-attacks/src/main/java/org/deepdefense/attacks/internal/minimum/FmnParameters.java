// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attacks.internal.support.Patience;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of the Fast Minimum-Norm attack in all norms. */
@ObjectClassDefinition(name = "Fast Minimum-Norm")
public @interface FmnParameters {

    /**
     * Returns the number of steps.
     *
     * @return at least 1
     */
    @AttributeDefinition(
            description = "number of steps, each a forward and a backward pass",
            min = "1")
    int steps() default 100;

    /**
     * Returns the length of the first step.
     *
     * @return a multiple of the range of pixels
     */
    @AttributeDefinition(
            description =
                    "Euclidean length of the first step, as a multiple of the range of pixels; the"
                            + " last is a hundredth of it",
            min = "0")
    double stepSize() default 1;

    /**
     * Returns by how much the radius changes in the first step.
     *
     * @return a fraction
     */
    @AttributeDefinition(
            description =
                    "by how much the radius grows or shrinks in the first step, as a fraction",
            min = "0",
            max = "1")
    double gamma() default 0.05;

    /**
     * Returns by how much the radius changes in the last step.
     *
     * @return a fraction
     */
    @AttributeDefinition(
            description = "by how much the radius grows or shrinks in the last step, as a fraction",
            min = "0",
            max = "1")
    double finalGamma() default 0.001;

    /**
     * Returns when a sample is done.
     *
     * @return a number of steps, or 0
     */
    @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
    int patience() default 0;
}
