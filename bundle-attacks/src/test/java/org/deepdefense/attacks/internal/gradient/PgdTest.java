// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class PgdTest extends AttackContract {

    PgdTest() {
        super(AttackRun.of(new Pgd()));
    }
}
