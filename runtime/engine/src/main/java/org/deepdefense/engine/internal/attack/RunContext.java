// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;

/** The context that an attack is given. */
record RunContext<P>(BoundAttack<P> bound, RunControl control) implements AttackContext<P> {

    @Override
    public P parameters() {
        return bound.parameters();
    }

    @Override
    public double epsilon() {
        return bound.budget()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "Attack \"" + bound.name() + "\" has no budget"));
    }

    @Override
    public SampleRandom random() {
        return control.random();
    }

    @Override
    public NDArray startingPoints(NDArray images, Criterion criterion) {
        return control.starts().nearest(images, criterion);
    }

    @Override
    public void checkCancelled() {
        control.checkCancelled().run();
    }

    @Override
    public void warn(String message) {
        control.warnings().accept(message);
    }
}
