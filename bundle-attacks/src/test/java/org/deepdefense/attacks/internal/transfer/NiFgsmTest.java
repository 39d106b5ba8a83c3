// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class NiFgsmTest extends AttackContract {

    NiFgsmTest() {
        super(AttackRun.of(new NiFgsm()));
    }
}
