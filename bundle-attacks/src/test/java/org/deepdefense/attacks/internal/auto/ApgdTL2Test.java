// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdTL2Test extends AttackContract {

    ApgdTL2Test() {
        super(AttackRun.of(new ApgdTL2()));
    }
}
