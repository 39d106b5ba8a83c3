// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.util.ArrayList;
import java.util.List;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.report.text.EvaluationText;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.TrainingText;
import org.deepdefense.report.text.UniversalText;
import org.deepdefense.training.TrainingResult;

/** The result of any job, whoever started it. */
public final class ResultText {

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public ResultText(Look look) {
        this.look = look;
    }

    /**
     * Tells a result.
     *
     * @param result the result
     * @return lines
     */
    public List<String> lines(Object result) {
        if (result instanceof EvaluationResult evaluation) {
            return new EvaluationText(look).evaluation(evaluation);
        }
        if (result instanceof RobustnessTable table) {
            return new EvaluationText(look).table(table);
        }
        if (result instanceof TrainingResult training) {
            return new TrainingText(look).training(training);
        }
        if (result instanceof UniversalResult universal) {
            return new UniversalText(look).lines(universal);
        }
        if (result instanceof List<?> list) {
            List<String> lines = new ArrayList<>();
            for (Object element : list) {
                lines.addAll(lines(element));
            }
            return lines;
        }
        if (result instanceof AttackedImage image) {
            return new Gallery(look).show(image);
        }
        return List.of(look.text(String.valueOf(result)));
    }
}
