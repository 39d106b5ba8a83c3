// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

/** What attacks say of parameters that many of them have. */
public final class Describe {

    /** Of the number of steps. */
    public static final String STEPS = "number of steps, each a forward and a backward pass";

    /** Of the length of a step. */
    public static final String RELATIVE_STEP = "length of a step as a multiple of epsilon";

    /** Of the weight of the past. */
    public static final String DECAY =
            "what the sum of earlier directions is multiplied by in each step (μ in the paper)";

    /** Of whether an image that is adversarial is left as it is. */
    public static final String EARLY_STOP =
            "whether an image stays where it is first seen to be adversarial; otherwise its loss is"
                    + " increased further, as in other libraries and for training on the results";

    private Describe() {}
}
