// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.examples.attack;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class GradientLineSearchTest extends AttackContract {

    GradientLineSearchTest() {
        super(AttackRun.of(new GradientLineSearch()));
    }
}
