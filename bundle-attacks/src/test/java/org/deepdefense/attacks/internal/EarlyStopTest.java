package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deepdefense.attack.Attack;
import org.deepdefense.model.Classifier.Calls;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.junit.jupiter.api.Test;

/** What attacks that leave an image once it is adversarial cost. */
class EarlyStopTest {

    private static final int STEPS = 10;

    @Test
    void asksTheNetworkOncePerStepAndOnlyForWhatResists() {
        try (Golden golden = Golden.open()) {
            for (Attack<?> attack : List.of(new Bim(), new Pgd(), new PgdL2(), new MiFgsm())) {
                AttackRun<?> run = AttackRun.of(attack).with("steps", STEPS).with("epsilon", 0.1);
                Calls complete = calls(golden, run.with("earlyStop", false));
                assertEquals(new Calls(16 * STEPS, 16 * STEPS), complete, attack.toString());
                Calls stopped = calls(golden, run);
                assertEquals(stopped.forwards(), stopped.backwards());
                assertTrue(
                        stopped.forwards() < complete.forwards(),
                        attack + " made the calls " + stopped);
            }
        }
    }

    private static Calls calls(Golden golden, AttackRun<?> run) {
        Calls before = golden.classifier().calls();
        run.raw(golden.classifier(), golden.images(), golden.fromLabels());
        return golden.classifier().calls().since(before);
    }
}
