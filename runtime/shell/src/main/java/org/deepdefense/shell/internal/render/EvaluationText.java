package org.deepdefense.shell.internal.render;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.job.Provenance;
import org.deepdefense.shell.internal.console.Look;
import org.deepdefense.shell.internal.console.ProgressBar;

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
     * Tells the result of an evaluation.
     *
     * @param result the result
     * @return lines
     */
    public List<String> evaluation(EvaluationResult result) {
        Provenance how = result.provenance();
        List<String> lines = new ArrayList<>();
        lines.add(
                look.bold(
                        look.text(
                                how.network().name()
                                        + " on "
                                        + Format.count(result.samples())
                                        + " images of "
                                        + how.dataset().name()
                                        + " under "
                                        + attack(how))));
        String norm = look.either(result.norm().symbol(), result.norm().name());
        TextTable table = new TextTable(look).left("").right("").left("");
        table.row(List.of("  accuracy", Format.percent(result.accuracy()), "on clean images"));
        table.row(
                List.of(
                        "  robust accuracy",
                        Format.percent(result.robustAccuracy()),
                        "under attack"));
        table.row(
                List.of(
                        "  success rate",
                        Format.percent(result.successRate()),
                        "of " + Format.count(result.attacked()) + " attacked images"));
        table.row(List.of("  " + look.rho2(), Format.ratio(result.rho2()), rhoNote(result)));
        table.row(
                List.of(
                        "  mean " + norm,
                        Format.number(result.meanNorm()),
                        "median " + Format.number(result.medianNorm()) + ", in pixels"));
        table.row(
                List.of(
                        "  passes an image",
                        Format.number(result.forwardsPerSample()),
                        "forward, " + Format.number(result.backwardsPerSample()) + " backward"));
        table.row(
                List.of(
                        "  time",
                        ProgressBar.duration(Duration.ofMillis((long) (result.seconds() * 1000))),
                        ""));
        lines.addAll(table.lines());
        return lines;
    }

    private static String rhoNote(EvaluationResult result) {
        String note = Format.ratio(result.rho2Pixels()) + " in pixels";
        return result.rho2Excluded() == 0
                ? note
                : note + ", " + Format.count(result.rho2Excluded()) + " black images left out";
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
