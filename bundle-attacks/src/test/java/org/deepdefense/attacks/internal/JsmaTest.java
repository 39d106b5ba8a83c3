package org.deepdefense.attacks.internal;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

/** Pixels have to become darker to reach the boundaries of the contract. */
class JsmaTest extends AttackContract {

    JsmaTest() {
        super(AttackRun.of(new Jsma()).with("theta", -1).with("gamma", 1));
    }

    /** Pixels change in pairs: four where three would do. */
    @Override
    protected double slack() {
        return 1.34;
    }
}
