// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.JobRecord;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.report.text.AttackList;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.JobText;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.PluginText;
import org.deepdefense.report.text.TrainingText;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.FakeJob;
import org.deepdefense.shell.internal.FakeResults;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a plug-in, a file or a user calls things, no renderer lets it move the cursor. */
class HostileTextTest {

    private static final String HOSTILE =
            "\u001b[2J\u001b[31mred\rover\nnext\u0007\u202eright\u009b1A\u001b]0;title\u0007";

    static Stream<Look> looks() {
        return Stream.of(ColorDepth.values())
                .flatMap(
                        colors ->
                                Stream.of(true, false)
                                        .map(unicode -> new Look(colors, unicode, 80, true)));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void staysText(Look look) {
        for (Class<?> result :
                List.of(
                        EvaluationResult.class,
                        RobustnessTable.class,
                        TrainingResult.class,
                        UniversalResult.class,
                        AttackedImage.class)) {
            check(new ResultText(look).lines(hostile(result)), look);
        }
        check(new ResultText(look).lines(HOSTILE), look);
        NetworkRecord network = hostile(NetworkRecord.class);
        check(new TrainingText(look).network(network), look);
        check(new TrainingText(look).networks(List.of(network)), look);
        PluginInfo plugin = hostile(PluginInfo.class);
        check(new PluginText(look).details(plugin), look);
        check(new PluginText(look).list(List.of(plugin)), look);
        check(new AttackList(look).lines(List.of(plugin)), look);
        check(new JobText(look).history(List.of(hostile(JobRecord.class))), look);
        check(new JobText(look).list(List.of(new FakeJob<>(HOSTILE))), look);
        String error = new ErrorText(look).text(CommandFailure.usage(HOSTILE));
        check(error.lines().toList(), look);
    }

    /** Of our own there are colours only. */
    private static void check(List<String> lines, Look look) {
        for (String line : lines) {
            String text =
                    look.colors() == ColorDepth.NONE
                            ? line
                            : line.replaceAll(
                                    "\u001b\\[(0|1|2|31|[34]8;5;\\d+|[34]8;2;\\d+;\\d+;\\d+)m", "");
            assertTrue(
                    text.codePoints()
                            .mapToObj(Character::getType)
                            .noneMatch(
                                    type -> type == Character.CONTROL || type == Character.FORMAT),
                    text);
            // A style that the hostile text begins would be among ours: its reset tells.
            assertFalse(line.contains("\u001b[31mred"), text);
        }
        assertTrue(String.join("", lines).contains("\\u001b[2J"), () -> "" + lines);
    }

    private static <T> T hostile(Class<T> type) {
        return type.cast(value(type));
    }

    /** Makes a value whose every text is hostile. */
    private static Object value(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Object last = value(arguments[arguments.length - 1]);
            if (generic.getRawType() == List.class) {
                // As many as a table has accuracies.
                return Collections.nCopies(RobustnessTable.FRACTIONS.size(), last);
            }
            return generic.getRawType() == Map.class
                    ? Map.of(value(arguments[0]), last)
                    : Optional.of(last);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Picture.class) {
            return new Picture(1, 2, 2, 0, 1, 0.5f, 0);
        }
        if (plain.isRecord()) {
            return record(plain);
        }
        if (plain.getPackage() == EvaluationResult.class.getPackage()) {
            return record(
                    Arrays.stream(FakeResults.class.getDeclaredClasses())
                            .filter(plain::isAssignableFrom)
                            .findFirst()
                            .orElseThrow());
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[0];
        }
        return Map.<Class<?>, Object>ofEntries(
                        Map.entry(String.class, HOSTILE),
                        Map.entry(int.class, 1),
                        Map.entry(Integer.class, 1),
                        Map.entry(long.class, 1L),
                        Map.entry(Long.class, 1L),
                        Map.entry(double.class, 0.5),
                        Map.entry(Double.class, 0.5),
                        Map.entry(boolean.class, true),
                        Map.entry(OptionalInt.class, OptionalInt.of(1)),
                        Map.entry(OptionalDouble.class, OptionalDouble.of(0.5)),
                        Map.entry(Instant.class, Instant.EPOCH),
                        Map.entry(Duration.class, Duration.ZERO),
                        Map.entry(Shape.class, new Shape(1, 2, 2)),
                        Map.entry(Path.class, Path.of("x")))
                .get(plain);
    }

    private static Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(components)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            return constructor.newInstance(
                    Arrays.stream(components).map(c -> value(c.getGenericType())).toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }
}
