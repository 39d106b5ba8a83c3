// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import org.deepdefense.attacks.internal.support.Patience;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of HopSkipJumpAttack in both norms. */
@ObjectClassDefinition(name = "HopSkipJumpAttack")
public @interface HopSkipJumpParameters {

    @AttributeDefinition(
            description = "number of steps, each an estimate of the normal of the boundary",
            min = "1")
    int steps() default 64;

    @AttributeDefinition(
            description =
                    "queries of the first estimate of the normal; that of step t takes √t times as"
                            + " many",
            min = "1")
    int initialProbes() default 100;

    @AttributeDefinition(description = "queries of an estimate at most", min = "1")
    int maxProbes() default 10000;

    @AttributeDefinition(
            description =
                    "scale of the bisection's tolerance, which is gamma / d^1.5 in L2 and gamma /"
                            + " d² in L∞ of the distance for d components, and of the probes, of"
                            + " length gamma / d of the distance from the second step on",
            min = "1e-6")
    double gamma() default 1;

    @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
    int patience() default 0;

    @AttributeDefinition(
            description = "images of noise to try, at most, until one is adversarial",
            min = "1")
    int draws() default 1000;
}
