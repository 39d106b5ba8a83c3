// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SigmaZeroTest extends AttackContract {

    SigmaZeroTest() {
        super(AttackRun.of(new SigmaZero()).with("steps", 30));
    }

    /**
     * Pixels of equal value and slope stay equal in all steps, so that all of them change or none
     * does, where a third would do.
     */
    @Override
    protected double slack() {
        return 3.1;
    }
}
