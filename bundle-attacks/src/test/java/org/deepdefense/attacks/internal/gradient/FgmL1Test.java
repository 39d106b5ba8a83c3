// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class FgmL1Test extends AttackContract {

    FgmL1Test() {
        super(AttackRun.of(new FgmL1()));
    }
}
