// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class BlurTest extends AttackContract {

    BlurTest() {
        super(AttackRun.of(new Blur()));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
