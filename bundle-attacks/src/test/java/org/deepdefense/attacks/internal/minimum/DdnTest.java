// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class DdnTest extends AttackContract {

    DdnTest() {
        super(AttackRun.of(new Ddn()));
    }
}
