package org.deepdefense.attacks.internal;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class AutoAttackTest extends AttackContract {

    AutoAttackTest() {
        super(AttackRun.of(new AutoAttack()).with("queries", 30).with("steps", 20));
    }
}
