// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.training.TrainingResult;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultJsonTest {

    static Stream<Object> results() {
        return Stream.of(
                Samples.evaluation(),
                Samples.table(),
                Samples.image(),
                Samples.universal(),
                Samples.training(),
                Samples.task(),
                Samples.outcome());
    }

    private static Class<?> type(Object result) {
        return Stream.of(
                        EvaluationResult.class,
                        RobustnessTable.class,
                        AttackedImage.class,
                        UniversalResult.class,
                        TrainingResult.class,
                        Task.class,
                        TaskOutcome.class)
                .filter(type -> type.isInstance(result))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("results")
    void whatIsWrittenIsRead(Object result) {
        String json = ResultJson.write(result);
        Object read = ResultJson.read(json, type(result));

        assertInstanceOf(type(result), read);
        assertEquals(json, ResultJson.write(read));
        assertEquals(read, ResultJson.read(ResultJson.write(read), type(result)));
    }

    @ParameterizedTest
    @MethodSource("results")
    void theSchemaOfTheApiIsTrue(Object result) throws IOException {
        assertEquals(Set.of(), faults(ResultJson.write(result)));
        assertEquals(Set.of(), faults(ResultJson.summary(result)));
        String other = ResultJson.write(result).replaceFirst("/1\"", "/2\"");
        assertFalse(faults(other).isEmpty());
    }

    @Test
    void theSchemaKnowsEveryMember() throws IOException {
        String json = ResultJson.write(Samples.evaluation());
        for (String member : List.of("samples", "rho2Sizes", "p90", "finiteGradients", "seed")) {
            String without = json.replace("\"" + member + "\":", "\"other\":");
            assertFalse(faults(without).isEmpty(), member);
        }
    }

    private static Set<ValidationMessage> faults(String json) throws IOException {
        try (InputStream schema =
                EvaluationResult.class.getResourceAsStream("results.schema.json")) {
            JsonSchema validator =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema);
            return validator.validate(json, InputFormat.JSON);
        }
    }

    @Test
    void allNumbersComeBack() {
        EvaluationResult written = Samples.evaluation();
        EvaluationResult read = ResultJson.read(ResultJson.write(written), EvaluationResult.class);

        assertEquals(written.samples(), read.samples());
        assertEquals(written.accuracy(), read.accuracy());
        assertEquals(written.warnings(), read.warnings());
        assertEquals(written.provenance(), read.provenance());
        assertEquals(written.robustAccuracy(), read.robustAccuracy());
        AttackResult attack = read.attacks().get(0);
        assertEquals(Optional.of(Norm.LINF), attack.norm());
        assertEquals(OptionalDouble.of(8 / 255.0), attack.epsilon());
        assertEquals(written.attacks().get(0).norms(), attack.norms());
        assertEquals(Double.POSITIVE_INFINITY, attack.size().p90());
        assertTrue(Double.isNaN(attack.rho2()));
        SampleResult sample = attack.images().get(1);
        assertTrue(Double.isNaN(sample.rho2()));
        assertEquals(1 / 3.0, sample.norm(Norm.L2));
        assertTrue(sample.isEvaluated());
        assertEquals(Map.of(), read.worstCases().get(0).norms());
    }

    @Test
    void aTaskIsTheSameValue() {
        assertEquals(Samples.task(), ResultJson.read(ResultJson.write(Samples.task()), Task.class));
    }

    @Test
    void aSummaryHasNoImages() {
        String json = ResultJson.summary(Samples.evaluation());
        EvaluationResult read = ResultJson.read(json, EvaluationResult.class);
        assertFalse(json.contains("\"images\""), json);
        assertEquals(List.of(), read.overall().images());
        assertEquals(Samples.evaluation().accuracy(), read.accuracy());

        String picture = ResultJson.summary(List.of(Samples.image()));
        AttackedImage image = ResultJson.readList(picture, AttackedImage.class).get(0);
        assertFalse(picture.contains("pixels"), picture);
        assertEquals(7, image.label());
        assertThrows(IllegalStateException.class, image::clean);
    }

    @Test
    void whatIsAddedLaterIsIgnored() {
        String json = ResultJson.write(Samples.table());
        String later = json.replaceFirst("\"samples\"", "\"news\": [1, {}], \"samples\"");
        assertEquals(
                ResultJson.read(json, RobustnessTable.class),
                ResultJson.read(later, RobustnessTable.class));
    }

    @Test
    void anythingElseIsAnErrorWithARemedy() {
        String json = ResultJson.write(Samples.table());
        for (String text :
                List.of(
                        "",
                        "[]",
                        "{",
                        json.replace("table/1", "table/2"),
                        json.replace("\"schema\"", "\"scheme\""),
                        json.replace("\"samples\"", "\"simples\""),
                        ResultJson.write(Samples.evaluation()))) {
            DeepDefenseException e =
                    assertThrows(
                            DeepDefenseException.class,
                            () -> ResultJson.read(text, RobustnessTable.class),
                            text);
            assertTrue(e.getMessage().contains("can't be read"), e.getMessage());
        }
    }
}
