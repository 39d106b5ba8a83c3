// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class CarliniWagnerTest extends AttackContract {

    CarliniWagnerTest() {
        super(
                AttackRun.of(new CarliniWagner())
                        .with("steps", 60)
                        .with("searchSteps", 6)
                        .with("learningRate", 0.05)
                        .with("initialConstant", 0.1));
    }
}
