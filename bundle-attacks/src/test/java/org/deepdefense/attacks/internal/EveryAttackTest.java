// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.Components.Component;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every component of the bundle to the contract of attacks, and to what it declares. */
@Tag("slow")
@ParameterizedClass(name = "{0}")
@MethodSource("cases")
class EveryAttackTest extends AttackContract {

    /**
     * How an attack is tested where it is not as others: with parameters that make it short, or let
     * it solve tasks of this size; and what it is granted.
     *
     * @param parameters name=value, separated by commas
     * @param slack as {@link AttackContract#slack}
     * @param followsGradient as {@link AttackContract#followsGradient}
     */
    private record Handling(String parameters, double slack, boolean followsGradient) {

        private static final double USUAL = 1.25;

        static Handling with(String parameters) {
            return with(parameters, USUAL);
        }

        static Handling with(String parameters, double slack) {
            return new Handling(parameters, slack, true);
        }

        /** A baseline that finds what it finds. */
        static Handling blind(String parameters) {
            return new Handling(parameters, USUAL, false);
        }
    }

    private static final Handling NONE = Handling.with("");

    private static final Map<String, Handling> EXCEPTIONS =
            Map.ofEntries(
                    entry("alma", Handling.with("steps=40")),
                    entry("autoattack", Handling.with("queries=30,steps=20")),
                    entry("autoattack-l2", Handling.with("queries=30,steps=20")),
                    entry("bb", Handling.with("steps=30,radius=0.3")),
                    entry("blur", Handling.blind("")),
                    entry("boundary", Handling.with("steps=300,draws=50", 2)),
                    entry("contrast", Handling.blind("")),
                    entry(
                            "cw",
                            Handling.with(
                                    "steps=60,searchSteps=6,learningRate=0.05,initialConstant=0.1")),
                    entry("deepfool-linf", Handling.with("clip=true")),
                    entry("ead", Handling.with("steps=60,searchSteps=6,initialConstant=0.1")),
                    entry("fab", Handling.with("steps=10")),
                    entry("fab-l1", Handling.with("steps=10")),
                    entry("fab-l2", Handling.with("steps=10")),
                    entry("fmn-l0", Handling.with("stepSize=10")),
                    entry("gaussian-noise", Handling.blind("")),
                    entry("hopskipjump", Handling.with("steps=5,draws=50", 1.5)),
                    entry("hopskipjump-linf", Handling.with("steps=5,draws=50", 2)),
                    // Pixels change in pairs: four where three would do.
                    entry("jsma", Handling.with("theta=-1,gamma=1", 1.34)),
                    entry("nes", Handling.with("steps=60", 1.5)),
                    entry("one-pixel", Handling.blind("population=20,steps=20")),
                    entry("salt-and-pepper", Handling.blind("steps=50")),
                    // Pixels of equal value and slope stay equal: all of them change or none does.
                    entry("sigma-zero", Handling.with("steps=30", 3.1)),
                    entry("simba", Handling.with("steps=320")),
                    entry("spatial", Handling.blind("rotations=5")),
                    entry("spsa", Handling.with("directions=32,steps=80", 1.5)),
                    entry("square", Handling.with("steps=400", 1.6)),
                    entry("square-l2", Handling.with("steps=400", 2.5)),
                    entry("uniform-noise", Handling.blind("")));

    /** Attacks that are tested once more with other parameters. */
    private static final Map<String, String> TWICE = Map.of("deepfool", "clip=true");

    private final Component component;
    private final Handling handling;

    EveryAttackTest(Case tested) {
        super(tested.run());
        this.component = tested.component();
        this.handling = tested.handling();
    }

    /**
     * One attack with parameters.
     *
     * @param component the attack and what it declares
     * @param handling how it is tested
     */
    record Case(Component component, Handling handling) {

        AttackRun<?> run() {
            AttackRun<?> run = AttackRun.of(component.attack());
            for (Map.Entry<String, String> parameter :
                    PluginSpec.parse(toString()).parameters().entrySet()) {
                run = run.with(parameter.getKey(), parameter.getValue());
            }
            return run;
        }

        @Override
        public String toString() {
            String given = handling.parameters();
            return component + (given.isEmpty() ? "" : ":" + given);
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Set<String> unused = new TreeSet<>(EXCEPTIONS.keySet());
        for (Component component : Components.all()) {
            String name = component.toString();
            unused.remove(name);
            cases.add(new Case(component, EXCEPTIONS.getOrDefault(name, NONE)));
            if (TWICE.containsKey(name)) {
                cases.add(new Case(component, Handling.with(TWICE.get(name))));
            }
        }
        assertEquals(Set.of(), unused, "exceptions of attacks that there are not");
        return cases;
    }

    @Override
    protected double slack() {
        return handling.slack();
    }

    @Override
    protected boolean followsGradient() {
        return handling.followsGradient();
    }

    @Override
    protected boolean hasTargetedMode() {
        return component.declared().targeted();
    }

    @Test
    void isWhatItsComponentDeclares() {
        Attack<?> attack = component.attack();
        AttackPlugin declared = component.declared();
        assertEquals(AttackType.of(attack), declared.type());
        assertEquals(norm(attack), List.of(declared.norm()));
        assertEquals(attack.access(), declared.access());
        assertEquals(isBounded(attack), declared.bounded());
        assertEquals(attack instanceof DifferentiableAttack, declared.differentiable());
        assertEquals(
                attack instanceof FixedBudgetAttack,
                declared.epsilon().length == 1,
                "an attack with a budget, and no other, declares its default");
        assertFalse(declared.description().isEmpty(), "has a description");
    }

    private static List<Norm> norm(Attack<?> attack) {
        if (attack instanceof FixedBudgetAttack<?> budget) {
            return List.of(budget.norm());
        }
        return attack instanceof MinimumNormAttack<?> minimum ? List.of(minimum.norm()) : List.of();
    }

    private static <P> boolean isBounded(Attack<P> attack) {
        return attack.isBounded(AttackRun.of(attack).parameters());
    }
}
