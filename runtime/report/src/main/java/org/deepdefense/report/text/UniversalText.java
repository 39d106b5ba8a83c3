// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.evaluation.UniversalResult;

/** What one perturbation for all images does. */
public final class UniversalText {

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public UniversalText(Look look) {
        this.look = look;
    }

    /**
     * Tells a result.
     *
     * @param result the result
     * @return lines
     */
    public List<String> lines(UniversalResult result) {
        List<String> lines = new ArrayList<>();
        String norm = look.either(result.norm().symbol(), result.norm().name());
        lines.add(
                look.bold(
                        look.text(
                                "universal perturbation of "
                                        + result.provenance().network().name()
                                        + " on "
                                        + result.provenance().dataset().name())));
        TextTable table =
                new TextTable(look)
                        .left("IMAGES")
                        .right("NUMBER")
                        .right("FOOLED")
                        .right("ACCURACY")
                        .right("PERTURBED");
        row(table, "training", result.training());
        row(table, "test", result.test());
        lines.addAll(table.lines());
        lines.add(
                look.dim(
                        norm
                                + " "
                                + Format.number(result.size())
                                + " of "
                                + Format.number(result.epsilon())
                                + " in pixels, "
                                + result.passes()
                                + (result.passes() == 1 ? " pass, " : " passes, ")
                                + Times.duration(
                                        Duration.ofMillis((long) (1000 * result.seconds())))
                                + (result.reached()
                                        ? "."
                                        : "; it fools fewer training images than wanted.")));
        result.warnings().forEach(warning -> lines.add("warning: " + look.text(warning)));
        return lines;
    }

    private static void row(TextTable table, String name, UniversalResult.Effect effect) {
        table.row(
                List.of(
                        name,
                        Format.count(effect.samples()),
                        Format.percent(effect.foolingRate()),
                        Format.percent(effect.accuracy()),
                        Format.percent(effect.perturbedAccuracy())));
    }
}
