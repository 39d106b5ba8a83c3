// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdDlrL2Test extends AttackContract {

    ApgdDlrL2Test() {
        super(AttackRun.of(new ApgdDlrL2()));
    }
}
