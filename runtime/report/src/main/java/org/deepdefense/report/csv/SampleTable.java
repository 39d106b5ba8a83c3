// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.csv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.report.text.Printable;

/**
 * How each image fared under each attack, as comma-separated values (RFC 4180) in UTF-8: a line for
 * each image and row of the evaluation. What is unknown or not finite is empty.
 */
public final class SampleTable {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setHeader(
                            "index",
                            "label",
                            "prediction",
                            "attack",
                            "norm",
                            "epsilon",
                            "attacked",
                            "success",
                            "evaluated",
                            "adversarialPrediction",
                            "l0",
                            "l1",
                            "l2",
                            "linf",
                            "rho2",
                            "rho2Pixels",
                            "forwards",
                            "backwards")
                    .build();

    private SampleTable() {}

    /**
     * Writes a table.
     *
     * @param result the evaluation
     * @param file the file
     * @throws IOException if it cannot be written
     */
    public static void write(EvaluationResult result, Path file) throws IOException {
        try (CSVPrinter printer = FORMAT.print(file, StandardCharsets.UTF_8)) {
            for (AttackResult attack : result.attacks()) {
                for (SampleResult image : attack.images()) {
                    write(attack, image, printer);
                }
            }
        }
    }

    private static void write(AttackResult attack, SampleResult image, CSVPrinter printer)
            throws IOException {
        printer.printRecord(
                image.index(),
                image.label(),
                image.prediction(),
                Printable.of(attack.attack()),
                attack.norm().map(Enum::name).orElse(null),
                attack.epsilon().isPresent() ? attack.epsilon().getAsDouble() : null,
                image.attacked(),
                image.success(),
                image.isEvaluated(),
                image.adversarialPrediction(),
                number(image.norm(Norm.L0)),
                number(image.norm(Norm.L1)),
                number(image.norm(Norm.L2)),
                number(image.norm(Norm.LINF)),
                number(image.rho2()),
                number(image.rho2Pixels()),
                number(image.forwards()),
                number(image.backwards()));
    }

    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
