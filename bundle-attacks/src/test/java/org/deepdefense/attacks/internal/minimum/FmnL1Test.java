// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FmnL1Test extends AttackContract {

    FmnL1Test() {
        super(AttackRun.of(new FmnL1()));
    }
}
