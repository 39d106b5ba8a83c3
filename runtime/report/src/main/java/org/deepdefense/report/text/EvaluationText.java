// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.job.Provenance;

/** How networks fare under attack. */
public final class EvaluationText {

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public EvaluationText(Look look) {
        this.look = look;
    }

    /**
     * Tells the result of an evaluation: line by line for one attack, as a table for several
     * attacks or budgets.
     *
     * @param result the result
     * @return lines
     */
    public List<String> evaluation(EvaluationResult result) {
        List<String> lines =
                new ArrayList<>(result.attacks().size() == 1 ? one(result) : several(result));
        if (result.overall().cached() > 0) {
            lines.add(
                    look.dim(
                            Format.count(result.overall().cached())
                                    + " results came from the cache."));
        }
        return lines;
    }

    private List<String> one(EvaluationResult result) {
        AttackResult attack = result.overall();
        List<String> lines = new ArrayList<>();
        lines.add(look.bold(look.text(subject(result) + " under " + attack(result.provenance()))));
        TextTable table = new TextTable(look).left("").right("").left("");
        table.row(List.of("  accuracy", Format.percent(result.accuracy()), "on clean images"));
        table.row(
                List.of(
                        "  robust accuracy",
                        Format.percent(attack.robustAccuracy()),
                        "under attack"));
        table.row(
                List.of(
                        "  success rate",
                        Format.percent(attack.successRate()),
                        "of " + Format.count(attack.attacked()) + " images that were right"));
        if (attack.notEvaluated() > 0) {
            table.row(
                    List.of(
                            "  not evaluated",
                            Format.count(attack.notEvaluated()),
                            "of them, where gradients are not finite numbers"));
        }
        table.row(List.of("  " + look.rho2(), Format.ratio(attack.rho2()), rhoNote(attack)));
        table.row(
                List.of(
                        "  mean " + norm(attack.norm().orElse(Norm.L2)),
                        Format.number(attack.size().mean()),
                        "median " + Format.number(attack.size().median()) + ", in pixels"));
        table.row(
                List.of(
                        "  passes an image",
                        Format.number(attack.forwardsPerSample()),
                        "forward, " + Format.number(attack.backwardsPerSample()) + " backward"));
        table.row(List.of("  time", time(attack.seconds()), ""));
        lines.addAll(table.lines());
        return lines;
    }

    private List<String> several(EvaluationResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(
                look.bold(
                        look.text(
                                subject(result)
                                        + ": accuracy "
                                        + Format.percent(result.accuracy()))));
        List<AttackResult> rows = new ArrayList<>(result.attacks());
        // The worst case of a single attack is the attack.
        if (result.attacks().stream().map(AttackResult::attack).distinct().count() > 1) {
            rows.addAll(
                    result.worstCases().isEmpty()
                            ? List.of(result.overall())
                            : result.worstCases());
        }
        TextTable table =
                new TextTable(look)
                        .left("ATTACK")
                        .left("NORM")
                        .right(look.either("ε", "EPS"))
                        .right("ROBUST")
                        .right("SUCCESS")
                        .right("MEAN")
                        .right("MEDIAN")
                        .right(look.rho2())
                        .right("FORWARD")
                        .right("BACKWARD")
                        .right("TIME");
        rows.forEach(row -> table.row(cells(row)));
        lines.addAll(table.lines());
        rows.stream()
                .filter(row -> row.notEvaluated() > 0)
                .forEach(row -> lines.add(look.text(notEvaluated(row))));
        lines.add(
                look.dim(
                        look.text(
                                "ROBUST: classified correctly under attack. SUCCESS, MEAN, MEDIAN:"
                                        + " of the attacked images that were right, the latter in the"
                                        + " norm, in pixels. FORWARD, BACKWARD: passes an image.")));
        return lines;
    }

    private static String notEvaluated(AttackResult row) {
        return row.attack()
                + (row.epsilon().isPresent() ? " at " + budget(row.epsilon().getAsDouble()) : "")
                + ": "
                + notEvaluated(row.notEvaluated());
    }

    private static String notEvaluated(int images) {
        return Format.count(images)
                + " images were not evaluated, as gradients are not finite numbers there; they are"
                + " neither robust nor fooled.";
    }

    private List<String> cells(AttackResult row) {
        return List.of(
                row.attack(),
                row.norm().map(this::norm).orElse("-"),
                row.epsilon().isPresent() ? budget(row.epsilon().getAsDouble()) : "-",
                Format.percent(row.robustAccuracy()),
                Format.percent(row.successRate()),
                Format.number(row.size().mean()),
                Format.number(row.size().median()),
                Format.ratio(row.rho2()),
                Format.number(row.forwardsPerSample()),
                Format.number(row.backwardsPerSample()),
                time(row.seconds()));
    }

    private static String budget(double epsilon) {
        return String.format(Locale.ROOT, "%.4g", epsilon);
    }

    private String norm(Norm norm) {
        return look.either(norm.symbol(), norm.name());
    }

    private static String time(double seconds) {
        return Times.duration(Duration.ofMillis((long) (seconds * 1000)));
    }

    private static String subject(EvaluationResult result) {
        String target = result.provenance().settings().get("target");
        return result.provenance().network().name()
                + " on "
                + Format.count(result.samples())
                + " images of "
                + result.provenance().dataset().name()
                + (target == null ? "" : " (target: " + target + ")");
    }

    private static String rhoNote(AttackResult attack) {
        String note = Format.ratio(attack.rho2Pixels()) + " in pixels";
        return attack.rho2Excluded() == 0
                ? note
                : note + ", " + Format.count(attack.rho2Excluded()) + " black images left out";
    }

    private static String attack(Provenance how) {
        Provenance.Plugin attack = how.plugins().get("attack");
        if (attack == null) {
            return "attack";
        }
        return attack.parameters().isEmpty()
                ? attack.name()
                : attack.name()
                        + " ("
                        + String.join(
                                ", ",
                                attack.parameters().entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .toList())
                        + ")";
    }

    /**
     * Tells the paper's table.
     *
     * @param result the table
     * @return lines
     */
    public List<String> table(RobustnessTable result) {
        TextTable table =
                new TextTable(look)
                        .left("NETWORK")
                        .right("ACCURACY")
                        .right(look.rho2())
                        .right("FOOLED");
        RobustnessTable.FRACTIONS.forEach(
                f -> table.right(String.format(Locale.ROOT, "ACC@%.1f%s", f, look.epsilon())));
        for (RobustnessTable.Row row : result.rows()) {
            List<String> cells = new ArrayList<>();
            cells.add(row.network());
            cells.add(Format.percent(row.accuracy()));
            cells.add(Format.ratio(row.rho2()));
            cells.add(Format.percent(row.successRate()));
            row.accuracyAt().forEach(a -> cells.add(Format.percent(a)));
            table.row(cells);
        }
        List<String> lines = new ArrayList<>(table.lines());
        result.rows().stream()
                .filter(row -> row.notEvaluated() > 0)
                .forEach(
                        row ->
                                lines.add(
                                        look.text(
                                                row.network()
                                                        + ": "
                                                        + notEvaluated(row.notEvaluated()))));
        lines.add(
                look.dim(
                        look.epsilon()
                                + " = "
                                + Format.ratio(result.epsilonRef())
                                + " halves the accuracy of "
                                + result.rows().get(result.rows().size() - 1).network()
                                + "; "
                                + Format.count(result.samples())
                                + " images."));
        return lines;
    }

    /**
     * Tells in one line what a table of two networks means.
     *
     * @param result the table, the defended network last
     * @return a sentence
     */
    public String meaning(RobustnessTable result) {
        RobustnessTable.Row before = result.rows().get(0);
        RobustnessTable.Row after = result.rows().get(result.rows().size() - 1);
        double change = after.rho2() / before.rho2() - 1;
        double points = (after.accuracy() - before.accuracy()) * 100;
        return String.format(
                Locale.ROOT,
                "Fooling the defended network takes a change of the image that is %.0f %% %s (%s %s"
                        + " instead of %s), while its accuracy on clean images %s.",
                Math.abs(change) * 100,
                change >= 0 ? "larger" : "smaller",
                look.rho2(),
                Format.ratio(after.rho2()),
                Format.ratio(before.rho2()),
                Math.abs(points) < 0.005
                        ? "stays the same"
                        : String.format(
                                Locale.ROOT,
                                "%s by %.2f points",
                                points > 0 ? "rises" : "falls",
                                Math.abs(points)));
    }
}
