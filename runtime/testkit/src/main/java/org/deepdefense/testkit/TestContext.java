// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;

/**
 * The context of an attack that is called directly, without the framework around it.
 *
 * @param parameters the parameters
 * @param budget the radius of the ball, of an attack that has one
 * @param random random numbers, a stream for each sample of the batch
 * @param warnings what the attack found odd
 * @param <P> the type of the parameters
 */
public record TestContext<P>(
        P parameters, OptionalDouble budget, SampleRandom random, List<String> warnings)
        implements AttackContext<P> {

    /**
     * Creates a context without warnings.
     *
     * @param parameters the parameters
     * @param budget the radius of the ball, of an attack that has one
     * @param random random numbers, a stream for each sample of the batch
     */
    public TestContext(P parameters, OptionalDouble budget, SampleRandom random) {
        this(parameters, budget, random, new ArrayList<>());
    }

    /**
     * Creates a context without warnings for an attack without a budget.
     *
     * @param parameters the parameters
     * @param random random numbers, a stream for each sample of the batch
     */
    public TestContext(P parameters, SampleRandom random) {
        this(parameters, OptionalDouble.empty(), random);
    }

    @Override
    public double epsilon() {
        return budget.orElseThrow(() -> new IllegalStateException("the attack has no budget"));
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
