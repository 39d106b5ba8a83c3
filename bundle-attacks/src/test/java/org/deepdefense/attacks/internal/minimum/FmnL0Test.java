// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FmnL0Test extends AttackContract {

    FmnL0Test() {
        super(AttackRun.of(new FmnL0()).with("stepSize", 10));
    }
}
