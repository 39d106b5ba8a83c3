// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SimbaTest extends AttackContract {

    SimbaTest() {
        super(AttackRun.of(new Simba()).with("steps", 320));
    }
}
