// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class NesTest extends AttackContract {

    NesTest() {
        super(AttackRun.of(new Nes()).with("steps", 60));
    }

    @Override
    protected double slack() {
        return 1.5;
    }
}
