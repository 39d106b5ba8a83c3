// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class PgdL1Test extends AttackContract {

    PgdL1Test() {
        super(AttackRun.of(new PgdL1()));
    }
}
