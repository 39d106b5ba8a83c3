// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class AutoAttackL2Test extends AttackContract {

    AutoAttackL2Test() {
        super(AttackRun.of(new AutoAttackL2()).with("queries", 30).with("steps", 20));
    }
}
