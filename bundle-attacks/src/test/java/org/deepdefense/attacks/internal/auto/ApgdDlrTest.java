// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdDlrTest extends AttackContract {

    ApgdDlrTest() {
        super(AttackRun.of(new ApgdDlr()));
    }
}
