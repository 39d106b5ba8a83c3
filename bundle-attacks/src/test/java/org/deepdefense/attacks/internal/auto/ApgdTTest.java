// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ApgdTTest extends AttackContract {

    ApgdTTest() {
        super(AttackRun.of(new ApgdT()));
    }
}
