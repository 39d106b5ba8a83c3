// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FabL1Test extends AttackContract {

    FabL1Test() {
        super(AttackRun.of(new FabL1()).with("steps", 10));
    }
}
