// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdCeTest extends AttackContract {

    ApgdCeTest() {
        super(AttackRun.of(new ApgdCe()));
    }
}
