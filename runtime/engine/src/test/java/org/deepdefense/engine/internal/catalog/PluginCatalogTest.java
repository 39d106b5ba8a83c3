// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.CrossEntropy;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.engine.internal.fixture.TestBundle;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginCatalogTest {

    @TempDir Path home;
    private TestEngine engine;
    private PluginCatalog catalog;

    @BeforeEach
    void start() {
        engine = new TestEngine(home);
        catalog = engine.catalog();
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private SignStep.Parameters sign(String spec) {
        return (SignStep.Parameters) catalog.attack(PluginSpec.parse(spec)).service().parameters();
    }

    @Test
    void defaultsAreOverriddenByConfigurationAndByTheCaller() {
        engine.attack(
                "sign-strong",
                new SignStep(),
                Map.of("epsilon", "0.5", "steps", 7),
                SignStep.metatype());
        assertEquals(0.1, sign("sign").epsilon());
        assertEquals(0.5, sign("sign-strong").epsilon());
        assertEquals(7, sign("sign-strong").steps());
        assertEquals(0.25, sign("sign-strong:epsilon=0.25,noise=TRUE").epsilon());
        assertTrue(sign("sign-strong:epsilon=0.25,noise=TRUE").noise());
        assertEquals(1e-3, sign("sign:epsilon=1e-3,steps=1e1").epsilon());
        assertEquals(10, sign("sign:epsilon=1e-3,steps=1e1").steps());
        assertEquals(8 / 255.0, sign("sign:epsilon=8/255").epsilon());
    }

    @Test
    void theRecordHasAllParameters() {
        assertEquals(
                Map.of(
                        "epsilon",
                        "0.1",
                        "steps",
                        "3",
                        "noise",
                        "false",
                        "mode",
                        "fast",
                        "restarts",
                        "1"),
                catalog.attack(PluginSpec.parse("sign:steps=3")).provenance().parameters());
        assertEquals(
                "org.example.plugin 1.2.3",
                catalog.attack(PluginSpec.of("sign")).provenance().bundle());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sign:epsilon=2     | "2"    | "epsilon" | a number from 0 to 1
                    sign:epsilon=-0.1  | "-0.1" | "epsilon" | a number from 0 to 1
                    sign:epsilon=NaN   | "NaN"  | "epsilon" | a number from 0 to 1
                    sign:epsilon=1/0   | "1/0"  | "epsilon" | a number from 0 to 1
                    sign:epsilon=1/2/3 | "1/2/3" | "epsilon" | a number from 0 to 1
                    sign:epsilon=big   | "big"  | "epsilon" | a number from 0 to 1
                    sign:steps=1.5     | "1.5"  | "steps"   | a whole number from 1 to 100
                    sign:steps=        | ""     | "steps"   | a whole number from 1 to 100
                    sign:steps=1e99    | "1e99" | "steps"   | a whole number from 1 to 100
                    sign:noise=yes     | "yes"  | "noise"   | true or false
                    sign:mode=quick    | "quick"| "mode"    | one of fast, slow
                    sign:epsilo=0.1    | sign   | "epsilo"  | did you mean "epsilon"?
                    nearest:epsilon=1  | nearest| "epsilon" | it takes restarts
                    """)
    void aWrongParameterIsNamedWithWhatIsAllowed(
            String spec, String value, String parameter, String allowed) {
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> catalog.attack(PluginSpec.parse(spec)))
                        .getMessage();
        for (String part : List.of(value, parameter, allowed)) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aConfiguredValueThatIsNotAllowedLeavesTheDefaultInForce() {
        engine.attack(
                "broken",
                new SignStep(),
                Map.of("steps", "0", "epsilon", "big", "mode", "slow"),
                SignStep.metatype());
        SignStep.Parameters bound = sign("broken");
        assertEquals(1, bound.steps());
        assertEquals(0.1, bound.epsilon());
        assertEquals("slow", bound.mode());
        assertEquals(
                List.of("broken", "nearest", "sign"),
                catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList());
    }

    @Test
    void twoVersionsOfAnAttackCanBeUsedTogether() {
        SignStep old = new SignStep();
        SignStep young = new SignStep();
        engine.attack("twice", old, Map.of(), new TestBundle("org.example", "1.0.0", ""));
        engine.attack("twice", young, Map.of(), new TestBundle("org.example", "1.1.0", ""));
        PluginUse<BoundAttack<?>> first =
                catalog.attack(PluginSpec.parse("twice@1.0.0:epsilon=0.3"));
        PluginUse<BoundAttack<?>> second = catalog.attack(PluginSpec.parse("twice:steps=2"));
        assertSame(old, first.service().attack());
        assertSame(young, second.service().attack());
        assertEquals("twice@1.0.0", first.name());
        assertEquals("twice@1.0.0", first.provenance().name());
        assertEquals("org.example 1.0.0", first.provenance().bundle());
        assertEquals("0.3", first.provenance().parameters().get("epsilon"));
        assertEquals(
                List.of("twice@1.1.0", "twice@1.0.0"),
                catalog.get(Kind.ATTACK, "twice").candidates().stream()
                        .map(PluginInfo.Candidate::name)
                        .toList());
        assertEquals("twice@1.0.0", catalog.get(Kind.ATTACK, "twice@1.0.0").name());
    }

    @Test
    void whateverAPluginThrowsNamesIt() {
        PluginUse<?> use = catalog.attack(PluginSpec.of("sign"));
        for (Throwable fault :
                List.of(
                        new IOException("no such file"),
                        new StackOverflowError(),
                        new AssertionError("odd"),
                        new NoClassDefFoundError("Helper"))) {
            DeepDefenseException error =
                    assertThrows(DeepDefenseException.class, () -> use.run(() -> sneak(fault)));
            String named =
                    "Attack \"sign\" (bundle org.example.plugin 1.2.3) threw "
                            + fault.getClass().getSimpleName();
            assertTrue(error.getMessage().startsWith(named), error.getMessage());
            assertSame(fault, error.getCause());
        }
    }

    @Test
    void anAttackThatCannotSayWhatItIsIsNamed() {
        Attack<SignStep.Parameters> mute =
                new MinimumNormAttack<>() {
                    @Override
                    public Class<SignStep.Parameters> parameters() {
                        return SignStep.Parameters.class;
                    }

                    @Override
                    public Norm norm() {
                        throw new IllegalStateException("no norm");
                    }

                    @Override
                    public NDArray run(
                            Classifier classifier,
                            NDArray images,
                            Criterion criterion,
                            AttackContext<SignStep.Parameters> context) {
                        return images;
                    }
                };
        engine.attack("mute", mute, Map.of(), new TestBundle("org.example", "1.0.0", ""));
        DeepDefenseException error =
                assertThrows(
                        DeepDefenseException.class, () -> catalog.attack(PluginSpec.of("mute")));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "Attack \"mute\" (bundle org.example 1.0.0) threw"
                                        + " IllegalStateException (no norm)"),
                error.getMessage());
        assertEquals(
                List.of("nearest", "sign"),
                catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList());
    }

    @SuppressWarnings("unchecked") // which is what lets a checked exception through
    private static <E extends Throwable> void sneak(Throwable fault) throws E {
        throw (E) fault;
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> catalog.attack(PluginSpec.of("signe")))
                        .getMessage();
        assertEquals(
                "There is no attack \"signe\": did you mean \"sign\"? registered are nearest, sign",
                message);
        assertTrue(
                assertThrows(DeepDefenseException.class, () -> catalog.dataset("mnist"))
                        .getMessage()
                        .contains("none is registered"));
    }

    @Test
    void theHighestRankingWinsAndItsLossBringsTheOtherBack() {
        SignStep better = new SignStep();
        Runnable unregister =
                engine.attack("sign", better, Map.of("service.ranking", 5), SignStep.metatype());
        engine.attack("sign", new SignStep(), Map.of("service.ranking", -1), "");
        assertEquals(better, catalog.attack(PluginSpec.of("sign")).service().attack());
        unregister.run();
        assertTrue(catalog.attack(PluginSpec.of("sign")).service().attack() != better);
        assertEquals(2, catalog.list(Kind.ATTACK).size());
    }

    @Test
    void aPluginThatIsGoneIsNoticed() {
        Runnable unregister = engine.attack("other", new SignStep());
        PluginUse<?> use = catalog.attack(PluginSpec.of("other"));
        assertEquals("result", use.call(() -> "result"));
        unregister.run();
        String message = assertThrows(DeepDefenseException.class, use::checkPresent).getMessage();
        assertTrue(
                message.startsWith(
                        "Attack \"other\" (bundle org.example.plugin 1.2.3) was removed while in"
                                + " use"),
                message);
    }

    @Test
    void whatFailsBecauseAPluginIsGoneIsNotBlamedOnIt() {
        Runnable unregister = engine.attack("other", new SignStep());
        PluginUse<?> use = catalog.attack(PluginSpec.of("other"));
        DeepDefenseException error =
                assertThrows(
                        DeepDefenseException.class,
                        () ->
                                use.run(
                                        () -> {
                                            unregister.run();
                                            throw new NoClassDefFoundError("Helper");
                                        }));
        assertTrue(error.getMessage().contains("was removed while in use"), error.getMessage());
        assertEquals(NoClassDefFoundError.class, error.getCause().getClass());
    }

    @Test
    void whatAPluginThrowsNamesIt() {
        PluginUse<?> use = catalog.attack(PluginSpec.of("sign"));
        DeepDefenseException error =
                assertThrows(
                        DeepDefenseException.class,
                        () ->
                                use.run(
                                        () -> {
                                            throw new IllegalStateException("out of luck");
                                        }));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "Attack \"sign\" (bundle org.example.plugin 1.2.3) threw"
                                        + " IllegalStateException (out of luck)"),
                error.getMessage());
    }

    @Test
    void plugInsAreDescribed() {
        engine.defense(
                "plain",
                new CrossEntropy(step -> {}),
                Map.of("deepdefense.attack", "sign:steps=5", "deepdefense.learning.rate", 0.25));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(30));

        PluginInfo attack = catalog.get(Kind.ATTACK, "sign");
        assertEquals(
                Map.of("type", "fixed budget", "norm", "L∞", "access", "gradients"),
                attack.traits());
        assertEquals(
                new ParameterInfo(
                        "epsilon",
                        "number",
                        "0.1",
                        "the budget",
                        Optional.of("0"),
                        Optional.of("1"),
                        List.of()),
                attack.parameters().stream()
                        .filter(parameter -> parameter.name().equals("epsilon"))
                        .findFirst()
                        .orElseThrow());
        assertEquals("minimum norm", catalog.get(Kind.ATTACK, "nearest").traits().get("type"));
        assertEquals("sign:steps=5", catalog.get(Kind.DEFENSE, "plain").traits().get("attack"));
        assertEquals(Optional.of(Blobs.SHAPE), catalog.get(Kind.MODEL, "linear").shape());
        assertEquals("3", catalog.get(Kind.DATASET, "blobs").traits().get("classes"));

        BoundDefense<?> defense = catalog.defense(PluginSpec.of("plain")).service();
        assertEquals(0.25, defense.learningRate());
        assertEquals(Optional.of(PluginSpec.parse("sign:steps=5")), defense.attack());
    }
}
