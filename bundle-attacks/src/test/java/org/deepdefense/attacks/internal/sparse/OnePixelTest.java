// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class OnePixelTest extends AttackContract {

    OnePixelTest() {
        super(AttackRun.of(new OnePixel()).with("population", 20).with("steps", 20));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
