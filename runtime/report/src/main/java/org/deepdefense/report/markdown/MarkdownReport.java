// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.markdown;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.report.text.Format;

/** Results and lists as tables in Markdown, for a README or a comment on a change. */
public final class MarkdownReport {

    private static final List<String> TYPES =
            List.of("fixed budget", "minimum norm", "minimum norm, differentiable", "other");

    private MarkdownReport() {}

    /**
     * Compares networks as in table 1 of the Deep Defense paper.
     *
     * @param result the table
     * @return lines, each with its line break
     */
    public static String table(RobustnessTable result) {
        MarkdownTable table =
                new MarkdownTable().left("network").right("accuracy").right("ρ₂").right("fooled");
        RobustnessTable.FRACTIONS.forEach(
                f -> table.right(String.format(Locale.ROOT, "accuracy at %.1f ε_ref", f)));
        for (RobustnessTable.Row row : result.rows()) {
            List<String> cells = new ArrayList<>();
            cells.add(row.network());
            cells.add(Format.percent(row.accuracy()));
            cells.add(Format.ratio(row.rho2()));
            cells.add(Format.percent(row.successRate()));
            row.accuracyAt().forEach(accuracy -> cells.add(Format.percent(accuracy)));
            table.row(cells);
        }
        return table.text()
                + "\nε_ref = "
                + Format.ratio(result.epsilonRef())
                + "; "
                + Format.count(result.samples())
                + " images.\n";
    }

    /**
     * Tells how a network fares under each attack and in the worst cases.
     *
     * @param result the evaluation
     * @return lines, each with its line break
     */
    public static String evaluation(EvaluationResult result) {
        MarkdownTable table =
                new MarkdownTable()
                        .left("attack")
                        .left("norm")
                        .right("ε")
                        .right("robust accuracy")
                        .right("success rate")
                        .right("mean")
                        .right("median")
                        .right("ρ₂");
        List<AttackResult> rows = new ArrayList<>(result.attacks());
        if (result.attacks().size() > 1) {
            rows.addAll(
                    result.worstCases().isEmpty()
                            ? List.of(result.overall())
                            : result.worstCases());
        }
        rows.forEach(row -> table.row(cells(row)));
        StringBuilder text =
                new StringBuilder(table.text())
                        .append("\nAccuracy ")
                        .append(Format.percent(result.accuracy()))
                        .append(" on ")
                        .append(Format.count(result.samples()))
                        .append(" images.\n");
        rows.stream()
                .filter(row -> row.notEvaluated() > 0)
                .forEach(
                        row ->
                                text.append(row.attack())
                                        .append(": ")
                                        .append(Format.count(row.notEvaluated()))
                                        .append(" images were not evaluated.\n"));
        return text.toString();
    }

    private static List<String> cells(AttackResult row) {
        return List.of(
                row.attack(),
                row.norm().map(Norm::symbol).orElse("-"),
                row.epsilon().isPresent()
                        ? String.format(Locale.ROOT, "%.4g", row.epsilon().getAsDouble())
                        : "-",
                Format.percent(row.robustAccuracy()),
                Format.percent(row.successRate()),
                row.norms().isEmpty() ? "-" : Format.number(row.size().mean()),
                row.norms().isEmpty() ? "-" : Format.number(row.size().median()),
                Format.ratio(row.rho2()));
    }

    /**
     * Lists attacks as they describe themselves, by type, norm, access and name.
     *
     * @param attacks the attacks
     * @return lines, each with its line break
     */
    public static String attacks(List<PluginInfo> attacks) {
        MarkdownTable table = new MarkdownTable();
        Stream.of("attack", "what it does", "type", "norm", "access", "paper").forEach(table::left);
        attacks.stream()
                .sorted(
                        Comparator.<PluginInfo>comparingInt(a -> TYPES.indexOf(trait(a, "type")))
                                .thenComparingInt(a -> norms().indexOf(trait(a, "norm")))
                                .thenComparingInt(a -> accesses().indexOf(trait(a, "access")))
                                .thenComparing(PluginInfo::name))
                .forEach(
                        attack ->
                                table.row(
                                        List.of(
                                                "`" + attack.name() + "`",
                                                attack.description(),
                                                trait(attack, "type"),
                                                trait(attack, "norm"),
                                                trait(attack, "access"),
                                                attack.paper())));
        return table.text();
    }

    private static String trait(PluginInfo attack, String name) {
        return attack.traits().getOrDefault(name, "");
    }

    private static List<String> norms() {
        return Stream.of(Norm.values()).map(Norm::symbol).toList();
    }

    private static List<String> accesses() {
        return Stream.of(Access.values()).map(Access::label).toList();
    }
}
