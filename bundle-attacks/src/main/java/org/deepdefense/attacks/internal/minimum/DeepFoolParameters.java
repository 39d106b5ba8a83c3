// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of DeepFool in all norms. */
@ObjectClassDefinition(name = "DeepFool")
public @interface DeepFoolParameters {

    @AttributeDefinition(
            description = "How many steps to make at most; each is tested for success",
            min = "1")
    int iterations() default 50;

    @AttributeDefinition(
            description =
                    "How far to go beyond the boundary, as a fraction of the perturbation; part of"
                            + " the result",
            min = "0")
    double overshoot() default 0.02;

    @AttributeDefinition(
            description =
                    "How many classes with the highest logits to consider, that of the start"
                            + " included; fewer overstate robustness",
            min = "2")
    int candidates() default 10;

    @AttributeDefinition(
            description =
                    "Whether to keep pixels inside their bounds in every step (as Foolbox does);"
                            + " without it the distance is that of the paper")
    boolean clip() default false;
}
