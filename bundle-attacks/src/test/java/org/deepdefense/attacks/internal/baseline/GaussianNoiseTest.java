// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class GaussianNoiseTest extends AttackContract {

    GaussianNoiseTest() {
        super(AttackRun.of(new GaussianNoise()));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
