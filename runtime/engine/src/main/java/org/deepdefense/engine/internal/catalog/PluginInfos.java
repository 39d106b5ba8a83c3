// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Attack;
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

    private final ParameterTypes types;

    PluginInfos(ParameterTypes types) {
        this.types = types;
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
        if (kind == Kind.ATTACK) {
            return attack(name, plugin, table);
        }
        Object service = plugin.service();
        Map<String, String> traits = new LinkedHashMap<>();
        List<ParameterInfo> taken = List.of();
        if (service instanceof Defense<?> defense) {
            traits.put("attack", plugin.text("attack"));
            taken = types.of(plugin, defense.parameters()).infos();
        } else if (service instanceof ObjectiveModifier<?> modifier) {
            taken = types.of(plugin, modifier.parameters()).infos();
        } else if (service instanceof ModelProvider model) {
            traits.put("classes", Integer.toString(model.classes()));
        } else if (service instanceof DatasetProvider dataset) {
            traits.put("classes", Integer.toString(dataset.classNames().size()));
        }
        Optional<Shape> shape =
                switch (kind) {
                    case MODEL -> Optional.of(((ModelProvider) service).inputShape());
                    case DATASET -> Optional.of(((DatasetProvider) service).imageShape());
                    case ATTACK, DEFENSE, MODIFIER -> Optional.empty();
                };
        return info(kind, name, plugin, table, traits, shape, taken);
    }

    /** Describes an attack, which is not started if its registration says all. */
    private PluginInfo attack(String name, Plugin<?> plugin, PluginTable<?> table) {
        Optional<AttackTraits> declared = AttackTraits.declared(plugin);
        Optional<Parameters<?>> known = declared.flatMap(traits -> types.declared(plugin, traits));
        if (known.isPresent()) {
            return attack(name, plugin, table, declared.get(), known.get());
        }
        Attack<?> attack = (Attack<?>) plugin.service();
        AttackTraits traits = AttackTraits.asked(plugin, attack);
        return attack(
                name, plugin, table, traits, types.ofAttack(plugin, attack.parameters(), traits));
    }

    private static PluginInfo attack(
            String name,
            Plugin<?> plugin,
            PluginTable<?> table,
            AttackTraits traits,
            Parameters<?> parameters) {
        return info(
                Kind.ATTACK,
                name,
                plugin,
                table,
                traits.listed(),
                Optional.empty(),
                parameters.infos());
    }

    private static PluginInfo info(
            Kind kind,
            String name,
            Plugin<?> plugin,
            PluginTable<?> table,
            Map<String, String> traits,
            Optional<Shape> shape,
            List<ParameterInfo> taken) {
        return new PluginInfo(
                kind,
                name,
                plugin.text("description"),
                plugin.text("paper"),
                plugin.bundleName(),
                traits,
                shape,
                taken,
                candidates(table.candidates(plugin.name())));
    }

    private static List<Candidate> candidates(List<? extends Plugin<?>> plugins) {
        return plugins.size() > 1 ? Selection.of(plugins) : List.of();
    }
}
