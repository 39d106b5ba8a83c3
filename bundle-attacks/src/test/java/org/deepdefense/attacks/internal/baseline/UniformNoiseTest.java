// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class UniformNoiseTest extends AttackContract {

    UniformNoiseTest() {
        super(AttackRun.of(new UniformNoise()));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
