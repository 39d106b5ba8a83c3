// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class DeepFoolLinfTest extends AttackContract {

    DeepFoolLinfTest() {
        super(AttackRun.of(new DeepFoolLinf()).with("clip", true));
    }
}
