// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.training.TrainingResult;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;

/** What JSON says of its own form. New members do not make a new version; others do. */
enum Schema {
    EVALUATION(EvaluationResult.class),
    TABLE(RobustnessTable.class),
    IMAGE(AttackedImage.class),
    UNIVERSAL(UniversalResult.class),
    TRAINING(TrainingResult.class),
    TASK(Task.class),
    OUTCOME(TaskOutcome.class);

    private static final int VERSION = 1;

    private final Class<?> type;

    Schema(Class<?> type) {
        this.type = type;
    }

    /** Returns the form of a result, or nothing for another value. */
    static Optional<Schema> of(Object value) {
        return Stream.of(values()).filter(schema -> schema.type.isInstance(value)).findFirst();
    }

    /**
     * Returns the form of a type of results.
     *
     * @throws IllegalArgumentException if it has none
     */
    static Schema of(Class<?> type) {
        return Stream.of(values())
                .filter(schema -> schema.type == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " is no type of results"));
    }

    /** Returns its name and version, such as {@code deepdefense/evaluation/1}. */
    String id() {
        return "deepdefense/" + name().toLowerCase(Locale.ROOT) + "/" + VERSION;
    }

    /** Checks that JSON is of this form. */
    void check(JsonElement found) {
        if (found == null || !found.getAsString().equals(id())) {
            throw new JsonParseException(
                    "The JSON has the schema " + found + " where " + id() + " is read");
        }
    }
}
