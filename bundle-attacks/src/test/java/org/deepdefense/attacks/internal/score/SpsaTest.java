// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SpsaTest extends AttackContract {

    SpsaTest() {
        super(AttackRun.of(new Spsa()).with("directions", 32).with("steps", 80));
    }

    @Override
    protected double slack() {
        return 1.5;
    }
}
