// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FgmL2Test extends AttackContract {

    FgmL2Test() {
        super(AttackRun.of(new FgmL2()));
    }
}
