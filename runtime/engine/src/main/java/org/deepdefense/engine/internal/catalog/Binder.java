// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.attack.Attack;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.ObjectiveModifier;

/** Binds what users ask for to plug-ins: values to parameters, and a use to the departure. */
final class Binder {

    /** The learning rate of a defense that recommends none. */
    private static final double LEARNING_RATE = 1e-3;

    /** How long to wait for a bundle that is being replaced, to tell that from its removal. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ParameterTypes types;

    Binder(ParameterTypes types) {
        this.types = types;
    }

    <P> AttackUse attack(
            PluginTable<?> table,
            String label,
            Plugin<?> plugin,
            Attack<P> attack,
            PluginSpec spec) {
        PluginUse<Attack<P>> asked = use(spec.name(), table, plugin, attack, Map.of());
        AttackTraits traits = asked.call(() -> AttackTraits.confirmed(plugin, attack));
        Binding<P> binding =
                types.ofAttack(plugin, attack.parameters(), traits).bind(spec.parameters());
        AttackUse use =
                new AttackUse(
                        label,
                        plugin,
                        AttackParameters.bound(spec.name(), attack, traits, binding),
                        binding.values(),
                        new Departure(table, PATIENCE));
        use.run(use.service()::requireDeclarations);
        return use;
    }

    <P> PluginUse<BoundDefense<?>> defense(
            PluginTable<?> table, Plugin<?> plugin, Defense<P> defense, PluginSpec spec) {
        Binding<P> binding = types.of(plugin, defense.parameters()).bind(spec.parameters());
        String attack = plugin.text("attack");
        return use(
                spec.name(),
                table,
                plugin,
                new BoundDefense<>(
                        spec.name(),
                        defense,
                        binding.parameters(),
                        attack.isEmpty() ? Optional.empty() : Optional.of(PluginSpec.parse(attack)),
                        !plugin.text("early.stop").equals("false"),
                        learningRate(plugin)),
                binding.values());
    }

    <P> PluginUse<BoundModifier<?>> modifier(
            PluginTable<?> table,
            Plugin<?> plugin,
            ObjectiveModifier<P> modifier,
            PluginSpec spec) {
        Binding<P> binding = types.of(plugin, modifier.parameters()).bind(spec.parameters());
        return use(
                spec.name(),
                table,
                plugin,
                new BoundModifier<>(spec.name(), modifier, binding.parameters()),
                binding.values());
    }

    private static double learningRate(Plugin<?> plugin) {
        String text = plugin.text("learning.rate");
        try {
            return text.isEmpty() ? LEARNING_RATE : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw plugin.faulty("recommends the learning rate \"" + text + "\"", e);
        }
    }

    static <S> PluginUse<S> use(String name, PluginTable<S> table, Plugin<S> plugin) {
        return use(name, table, plugin, plugin.service(), Map.of());
    }

    static <S> PluginUse<S> use(
            String name,
            PluginTable<?> table,
            Plugin<?> plugin,
            S service,
            Map<String, String> parameters) {
        return new PluginUse<>(name, plugin, service, parameters, new Departure(table, PATIENCE));
    }
}
