// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of FAB in all norms. */
@ObjectClassDefinition(name = "FAB")
public @interface FabParameters {

    @AttributeDefinition(
            description =
                    "number of steps of each run, each two forward passes and a backward pass for"
                            + " each class considered",
            min = "1")
    int steps() default 100;

    @AttributeDefinition(
            description =
                    "0: each step goes to the nearest boundary of all classes; above 0: runs for so"
                            + " many of the most probable other classes, one after the other, each"
                            + " towards one class (FAB-T, for many classes)",
            min = "0")
    int targets() default 0;

    @AttributeDefinition(
            description =
                    "number of runs (for each target class), the first from the image, the others"
                            + " from random points",
            min = "1")
    int restarts() default 1;

    @AttributeDefinition(
            description =
                    "random points lie at half this distance from the image, as a multiple of the"
                            + " range of pixels, or at half the smallest distance found so far; 0"
                            + " means 0.3 in L∞, 1 in L2, 5 in L1",
            min = "0")
    double startRadius() default 0;

    @AttributeDefinition(
            description = "largest weight of the step that is biased towards the image",
            min = "0",
            max = "1")
    double alphaMax() default 0.1;

    @AttributeDefinition(
            description = "length of a step as a multiple of the distance to the boundary",
            min = "1")
    double eta() default 1.05;

    @AttributeDefinition(
            description =
                    "what a perturbation is multiplied by after a success, before the search goes"
                            + " on",
            min = "0",
            max = "1")
    double beta() default 0.9;
}
