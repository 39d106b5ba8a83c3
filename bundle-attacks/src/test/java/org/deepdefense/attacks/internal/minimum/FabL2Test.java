// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FabL2Test extends AttackContract {

    FabL2Test() {
        super(AttackRun.of(new FabL2()).with("steps", 10));
    }
}
