// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of the Square Attack in both norms. */
@ObjectClassDefinition(name = "Square Attack")
public @interface SquareParameters {

    @AttributeDefinition(
            description = "number of steps, each a forward pass of the samples that resist",
            min = "1")
    int steps() default 5000;

    @AttributeDefinition(
            description = "share of the pixels that the first squares change (p in the paper)",
            min = "0",
            max = "1")
    double initialArea() default 0.8;

    @AttributeDefinition(
            description =
                    "whether the squares reach their smallest size at the end of the steps,"
                            + " however many; otherwise they do so after 8000 steps")
    boolean rescaleSchedule() default true;
}
