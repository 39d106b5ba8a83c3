// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FabTest extends AttackContract {

    FabTest() {
        super(AttackRun.of(new Fab()).with("steps", 10));
    }
}
