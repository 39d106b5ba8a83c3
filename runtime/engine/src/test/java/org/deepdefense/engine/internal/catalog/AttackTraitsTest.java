// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of attacks by their registration, and by themselves where that is silent. */
class AttackTraitsTest {

    private static final String NO_METATYPE = "<nothing/>";

    @TempDir Path home;
    private TestEngine engine;
    private PluginCatalog catalog;

    @BeforeEach
    void start() {
        engine = new TestEngine(home);
        catalog = engine.catalog();
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private void register(String name, Map<String, ?> properties) {
        engine.attack(name, new Idle(), properties, NO_METATYPE);
    }

    /** It takes nothing itself. */
    @interface Nothing {}

    /** An attack in L2 with a budget that does nothing. */
    private static final class Idle implements FixedBudgetAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Norm norm() {
            return Norm.L2;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            return images;
        }
    }

    private static Map<String, Object> declared(String norm) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("deepdefense.type", "FIXED_BUDGET");
        properties.put("deepdefense.norm", new String[] {norm});
        properties.put("deepdefense.access", "GRADIENTS");
        properties.put("deepdefense.targeted", false);
        properties.put("deepdefense.bounded", true);
        properties.put("deepdefense.differentiable", false);
        properties.put("deepdefense.epsilon", new double[] {0.25});
        return properties;
    }

    @Test
    void registrationsSayWhatAttacksAre() {
        register("idle", declared("L2"));
        PluginInfo info = catalog.get(Kind.ATTACK, "idle");
        assertEquals(
                Map.of(
                        "type", "fixed budget",
                        "norm", "L2",
                        "access", "gradients",
                        "targeted", "no"),
                info.traits());
        assertEquals(
                List.of("epsilon 0.25", "restarts 1"),
                info.parameters().stream().map(p -> p.name() + " " + p.value()).toList());
        assertEquals(OptionalDouble.of(0.25), budget("idle"));
        assertEquals(OptionalDouble.of(8 / 255.0), budget("idle:epsilon=8/255"));
        assertEquals(3, catalog.attack(PluginSpec.parse("idle:restarts=3")).service().restarts());
    }

    @Test
    void attacksAreAskedWhereTheirRegistrationIsOlder() {
        register("idle", Map.of());
        PluginInfo info = catalog.get(Kind.ATTACK, "idle");
        assertEquals(
                Map.of("type", "fixed budget", "norm", "L2", "access", "gradients"), info.traits());
        ParameterInfo epsilon = info.parameters().get(0);
        assertEquals("epsilon 1.0", epsilon.name() + " " + epsilon.value());
        assertTrue(epsilon.description().contains("Euclidean"), epsilon.description());
        assertEquals(OptionalDouble.of(1), budget("idle"));
    }

    @Test
    void configurationsOverrideTheBudget() {
        register("idle", Map.of("epsilon", "1/2", "restarts", "2"));
        assertEquals(OptionalDouble.of(0.5), budget("idle"));
        assertEquals(2, catalog.attack(PluginSpec.of("idle")).service().restarts());
    }

    @Test
    void budgetsAndRestartsHaveBounds() {
        register("idle", Map.of());
        for (String spec : List.of("idle:epsilon=-1", "idle:restarts=0")) {
            assertThrows(
                    DeepDefenseException.class, () -> catalog.attack(PluginSpec.parse(spec)), spec);
        }
    }

    @Test
    void aRegistrationThatIsNotTrueIsAFaultOfItsBundle() {
        register("idle", declared("LINF"));
        DeepDefenseException error =
                assertThrows(
                        DeepDefenseException.class, () -> catalog.attack(PluginSpec.of("idle")));
        assertTrue(error.getMessage().contains("norm=L∞"), error.getMessage());
        assertTrue(error.getMessage().contains("norm=L2"), error.getMessage());
        register("odd", declared("L3"));
        assertThrows(DeepDefenseException.class, () -> catalog.get(Kind.ATTACK, "odd"));
    }

    private OptionalDouble budget(String spec) {
        return catalog.attack(PluginSpec.parse(spec)).service().budget();
    }
}
