package org.deepdefense.attacks.internal;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class AlmaTest extends AttackContract {

    AlmaTest() {
        super(AttackRun.of(new Alma()).with("steps", 40));
    }
}
