// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;

/**
 * The context of an attack that is called directly, without the framework around it.
 *
 * @param parameters the parameters
 * @param random random numbers, a stream for each sample of the batch
 * @param warnings what the attack found odd
 * @param <P> the type of the parameters
 */
public record TestContext<P>(P parameters, SampleRandom random, List<String> warnings)
        implements AttackContext<P> {

    /**
     * Creates a context without warnings.
     *
     * @param parameters the parameters
     * @param random random numbers, a stream for each sample of the batch
     */
    public TestContext(P parameters, SampleRandom random) {
        this(parameters, random, new ArrayList<>());
    }

    @Override
    public NDArray startingPoints(NDArray images, Criterion criterion) {
        return images.duplicate();
    }

    @Override
    public void checkCancelled() {
        // Nobody cancels it.
    }

    @Override
    public void warn(String message) {
        warnings.add(message);
    }
}
