// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Candidate;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.model.ModelProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes plug-ins to users. */
final class PluginInfos {

    private static final Logger logger = LoggerFactory.getLogger(PluginInfos.class);

    private final ParameterSource parameters;

    PluginInfos(ParameterSource parameters) {
        this.parameters = parameters;
    }

    /** Knows the parameters of plug-ins. */
    @FunctionalInterface
    interface ParameterSource {

        Parameters<?> of(Plugin<?> plugin, Class<?> type);
    }

    /** Describes what can be used: one faulty plug-in must not hide the others. */
    List<PluginInfo> list(Kind kind, PluginTable<?> table) {
        List<PluginInfo> infos = new ArrayList<>();
        for (Plugin<?> plugin : table.named()) {
            try {
                infos.add(info(kind, plugin.name(), plugin, table));
            } catch (DeepDefenseException e) {
                logger.warn("Not listed: {}", e.getMessage());
            } catch (Throwable e) {
                // One that is leaving may fail.
                if (plugin.isUsable()) {
                    logger.warn("{} cannot be listed: {}", plugin, e.toString());
                }
            }
        }
        return infos;
    }

    PluginInfo get(Kind kind, PluginTable<?> table, String name) {
        return info(kind, name, table.get(name), table);
    }

    private PluginInfo info(Kind kind, String name, Plugin<?> plugin, PluginTable<?> table) {
        Object service = plugin.service();
        Map<String, String> traits = new LinkedHashMap<>();
        List<ParameterInfo> taken = List.of();
        if (service instanceof Attack<?> attack) {
            describe(attack, traits);
            taken = parameters.of(plugin, attack.parameters()).infos();
        } else if (service instanceof Defense<?> defense) {
            traits.put("attack", plugin.text("attack"));
            taken = parameters.of(plugin, defense.parameters()).infos();
        } else if (service instanceof ObjectiveModifier<?> modifier) {
            taken = parameters.of(plugin, modifier.parameters()).infos();
        } else if (service instanceof ModelProvider model) {
            traits.put("classes", Integer.toString(model.classes()));
        } else if (service instanceof DatasetProvider dataset) {
            traits.put("classes", Integer.toString(dataset.classNames().size()));
        }
        return new PluginInfo(
                kind,
                name,
                plugin.text("description"),
                plugin.text("paper"),
                plugin.bundleName(),
                traits,
                switch (kind) {
                    case MODEL -> Optional.of(((ModelProvider) service).inputShape());
                    case DATASET -> Optional.of(((DatasetProvider) service).imageShape());
                    case ATTACK, DEFENSE, MODIFIER -> Optional.empty();
                },
                taken,
                candidates(table.candidates(plugin.name())));
    }

    private static List<Candidate> candidates(List<? extends Plugin<?>> plugins) {
        return plugins.size() > 1 ? Selection.of(plugins) : List.of();
    }

    private static void describe(Attack<?> attack, Map<String, String> traits) {
        if (attack instanceof FixedBudgetAttack<?> budget) {
            traits.put("type", "fixed budget");
            traits.put("norm", budget.norm().symbol());
        } else if (attack instanceof MinimumNormAttack<?> minimum) {
            traits.put(
                    "type",
                    attack instanceof DifferentiableAttack<?>
                            ? "minimum norm, differentiable"
                            : "minimum norm");
            traits.put("norm", minimum.norm().symbol());
        } else {
            traits.put("type", "other");
        }
        traits.put("access", attack.access().label());
    }
}
