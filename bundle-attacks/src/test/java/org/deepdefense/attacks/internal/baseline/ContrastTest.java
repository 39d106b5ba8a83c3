// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class ContrastTest extends AttackContract {

    ContrastTest() {
        super(AttackRun.of(new Contrast()));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
