// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.auto.ApgdCe;
import org.deepdefense.attacks.internal.auto.ApgdCeL2;
import org.deepdefense.attacks.internal.auto.ApgdDlr;
import org.deepdefense.attacks.internal.auto.ApgdT;
import org.deepdefense.attacks.internal.auto.ApgdTL2;
import org.deepdefense.attacks.internal.auto.AutoAttack;
import org.deepdefense.attacks.internal.auto.AutoAttackL2;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.Fab;
import org.deepdefense.attacks.internal.score.Square;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AutoAttack, compared with the code of its authors and with its members. */
class GoldenAutoAttackTest {

    private static final String VALUES = "library/attacks.json";
    private static final int QUERIES = 300;

    @Test
    void leavesTheAccuracyThatTheCodeOfItsAuthorsLeaves() {
        try (Golden golden = Golden.open()) {
            for (String name : List.of("autoattack_linf_0.05", "autoattack_linf_0.1")) {
                double expected =
                        published(golden.json(VALUES, "mlp", "autoattack", name))
                                .get("robust_accuracy")
                                .getAsDouble();
                double actual = accuracy(golden, autoAttack(new AutoAttack(), epsilon(name)));
                assertEquals(expected, actual, 1e-6, name);
            }
        }
    }

    /** Each member attacks what those before it left. */
    @ParameterizedTest
    @ValueSource(strings = {"autoattack_linf_0.05", "autoattack_linf_0.1"})
    void leavesTheAccuracyOfItsAuthorsAfterEachMember(String name) {
        try (Golden golden = Golden.open()) {
            JsonObject expected =
                    published(golden.json(VALUES, "mlp", "autoattack", name))
                            .getAsJsonObject("robust_accuracy_after");
            double epsilon = epsilon(name);
            long[] standing = LongStream.range(0, 16).toArray();
            for (String member : expected.keySet()) {
                NDArray rows = golden.images().getManager().create(standing);
                NDArray images = golden.images().get(rows);
                AttackOutcome outcome =
                        member(member, epsilon)
                                .on(
                                        golden.classifier(),
                                        images,
                                        golden.fromLabels().select(rows),
                                        standing);
                NDArray inside =
                        Norm.LINF.of(outcome.adversarials().sub(images)).lte(1.0001 * epsilon);
                NDArray left = outcome.success().logicalAnd(inside).logicalNot();
                standing = rows.get(left).toLongArray();
                assertEquals(
                        expected.get(member).getAsDouble(), standing.length / 16.0, 1e-6, member);
            }
        }
    }

    private static AttackRun<?> member(String name, double epsilon) {
        return switch (name) {
            case "apgd-ce" -> AttackRun.of(new ApgdCe()).with("epsilon", epsilon);
            case "apgd-t" -> AttackRun.of(new ApgdT()).with("epsilon", epsilon);
            case "fab-t" -> AttackRun.of(new Fab()).with("targets", 9);
            default -> AttackRun.of(new Square()).with("epsilon", epsilon).with("steps", QUERIES);
        };
    }

    private static JsonObject published(JsonObject entry) {
        return entry.getAsJsonArray("runs").get(0).getAsJsonObject();
    }

    private static double epsilon(String name) {
        return Double.parseDouble(name.substring(name.lastIndexOf('_') + 1));
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
            assertNoneFoolsMore(lenet, success, List.of(new ApgdCe(), new Square(), new Pgd()));
        }
    }

    /** Some have to fool fewer, or else all might do nothing. */
    private static void assertNoneFoolsMore(
            GoldenLenet lenet, boolean[] success, List<Attack<?>> members) {
        int gained = 0;
        for (Attack<?> member : members) {
            AttackRun<?> run = AttackRun.of(member).with("epsilon", 0.1);
            boolean[] alone =
                    (member instanceof Square ? run.with("steps", QUERIES) : run)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                            .success()
                            .toBooleanArray();
            for (int i = 0; i < success.length; i++) {
                assertTrue(success[i] || !alone[i], "image " + i + " falls to " + member);
                gained += success[i] && !alone[i] ? 1 : 0;
            }
        }
        assertTrue(gained > 0, "the sequence is stronger than some member");
    }

    /**
     * Runs it on the images that fall and on the nearest of those that do not. The rest, which
     * would take minutes, is farther away by what FAB finds.
     */
    @ParameterizedTest
    @CsvSource({"autoattack_linf_0.1, 50, 2, 5000", "autoattack_linf_0.05, 20, 1, 500"})
    void leavesThePublishedAccuracyOnMnist(String name, int images, int others, int queries) {
        double epsilon = epsilon(name);
        int[] chosen;
        int farther;
        try (GoldenLenet lenet = GoldenLenet.open(images)) {
            double[] distances = lenet.norms("fab_linf_advlib", Norm.LINF);
            int[] byDistance =
                    IntStream.range(0, images)
                            .boxed()
                            .sorted(Comparator.comparingDouble(i -> distances[i]))
                            .mapToInt(Integer::intValue)
                            .toArray();
            long within = Arrays.stream(distances).filter(d -> d <= epsilon).count();
            chosen = Arrays.copyOf(byDistance, Math.toIntExact(within) + others);
            farther = images - chosen.length;
        }
        try (GoldenLenet lenet = GoldenLenet.choose(chosen)) {
            AttackOutcome outcome =
                    autoAttack(new AutoAttack(), epsilon)
                            .with("queries", queries)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels());
            double accuracy =
                    (farther + lenet.accuracy(outcome.adversarials()) * chosen.length) / images;
            assertEquals(
                    published(lenet.json("autoattack", name)).get("robust_accuracy").getAsDouble(),
                    accuracy,
                    1e-6);
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
