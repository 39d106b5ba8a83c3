// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdCeL2Test extends AttackContract {

    ApgdCeL2Test() {
        super(AttackRun.of(new ApgdCeL2()));
    }
}
