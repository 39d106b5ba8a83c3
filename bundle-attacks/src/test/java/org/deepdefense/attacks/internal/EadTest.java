package org.deepdefense.attacks.internal;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class EadTest extends AttackContract {

    EadTest() {
        super(
                AttackRun.of(new Ead())
                        .with("steps", 60)
                        .with("searchSteps", 6)
                        .with("initialConstant", 0.1));
    }
}
