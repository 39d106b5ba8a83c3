package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deepdefense.attack.Attack;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Test;

/** AutoAttack, compared with the code of its authors and with its members. */
class GoldenAutoAttackTest {

    private static final int QUERIES = 300;

    @Test
    void leavesTheAccuracyThatTheCodeOfItsAuthorsLeaves() {
        try (Golden golden = Golden.open()) {
            for (String name : List.of("autoattack_linf_0.05", "autoattack_linf_0.1")) {
                double expected =
                        golden.json("library/attacks.json", "mlp", "autoattack", name)
                                .getAsJsonArray("runs")
                                .get(0)
                                .getAsJsonObject()
                                .get("robust_accuracy")
                                .getAsDouble();
                double epsilon = Double.parseDouble(name.substring(name.lastIndexOf('_') + 1));
                double actual = accuracy(golden, autoAttack(new AutoAttack(), epsilon));
                assertEquals(expected, actual, 1e-6, name);
            }
        }
    }

    @Test
    void leavesNoMoreThanAnyOfItsMembers() {
        try (Golden golden = Golden.open()) {
            double linf = accuracy(golden, autoAttack(new AutoAttack(), 0.04));
            for (Attack<?> member :
                    List.of(new ApgdCe(), new ApgdDlr(), new ApgdT(), new Square(), new Pgd())) {
                double alone = accuracy(golden, AttackRun.of(member).with("epsilon", 0.04));
                assertTrue(linf <= alone, linf + " <= " + alone + " of " + member);
            }
            double l2 = accuracy(golden, autoAttack(new AutoAttackL2(), 0.3));
            for (Attack<?> member : List.of(new ApgdCeL2(), new ApgdTL2(), new PgdL2())) {
                double alone = accuracy(golden, AttackRun.of(member).with("epsilon", 0.3));
                assertTrue(l2 <= alone, l2 + " <= " + alone + " of " + member);
            }
        }
    }

    @Test
    void foolsTheImagesOfMnistThatTheCodeOfItsAuthorsFools() {
        try (GoldenLenet lenet = GoldenLenet.open(20)) {
            boolean[] success =
                    autoAttack(new AutoAttack(), 0.1)
                            .with("queries", 20)
                            .with("targets", 3)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                            .success()
                            .toBooleanArray();
            boolean[] apgd = lenet.success("apgd_t_linf_0.1.seed0");
            for (int i = 0; i < success.length; i++) {
                assertEquals(apgd[i], success[i], "image " + i);
            }
        }
    }

    private static AttackRun<?> autoAttack(Attack<?> attack, double epsilon) {
        return AttackRun.of(attack).with("epsilon", epsilon).with("queries", QUERIES);
    }

    private static double accuracy(Golden golden, AttackRun<?> run) {
        return golden.accuracy(
                run.on(golden.classifier(), golden.images(), golden.fromLabels()).adversarials());
    }
}
