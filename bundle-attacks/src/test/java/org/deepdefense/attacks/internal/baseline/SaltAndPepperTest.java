// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SaltAndPepperTest extends AttackContract {

    SaltAndPepperTest() {
        super(AttackRun.of(new SaltAndPepper()).with("steps", 50));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
