package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the plug-ins as they come and go, and hands them to the engine with their parameters
 * bound.
 */
@Component(service = {Catalog.class, PluginCatalog.class})
public final class PluginCatalog implements Catalog {

    /** The learning rate of a defense that recommends none. */
    private static final double LEARNING_RATE = 1e-3;

    private static final String NAMED = "(" + AttackPlugin.PREFIX_ + "name=*)";
    private static final Logger logger = LoggerFactory.getLogger(PluginCatalog.class);

    private final PluginTable<Attack<?>> attacks = new PluginTable<>("attack");
    private final PluginTable<Defense<?>> defenses = new PluginTable<>("defense");
    private final PluginTable<ModelProvider> models = new PluginTable<>("model");
    private final PluginTable<DatasetProvider> datasets = new PluginTable<>("data set");
    private final PluginTable<ModelFormat> formats = new PluginTable<>("model format");
    private final BundleContents contents = new BundleContents();

    /**
     * Takes note of an attack.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindAttack(ServiceReference<Attack<?>> reference, Attack<?> service) {
        attacks.add(reference, service);
    }

    void updatedAttack(ServiceReference<Attack<?>> reference) {
        attacks.update(reference);
    }

    void unbindAttack(ServiceReference<Attack<?>> reference) {
        attacks.remove(reference);
    }

    /**
     * Takes note of a defense.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindDefense(ServiceReference<Defense<?>> reference, Defense<?> service) {
        defenses.add(reference, service);
    }

    void updatedDefense(ServiceReference<Defense<?>> reference) {
        defenses.update(reference);
    }

    void unbindDefense(ServiceReference<Defense<?>> reference) {
        defenses.remove(reference);
    }

    /**
     * Takes note of an architecture.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindModel(ServiceReference<ModelProvider> reference, ModelProvider service) {
        models.add(reference, service);
    }

    void updatedModel(ServiceReference<ModelProvider> reference) {
        models.update(reference);
    }

    void unbindModel(ServiceReference<ModelProvider> reference) {
        models.remove(reference);
    }

    /**
     * Takes note of a data set.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindDataset(ServiceReference<DatasetProvider> reference, DatasetProvider service) {
        datasets.add(reference, service);
    }

    void updatedDataset(ServiceReference<DatasetProvider> reference) {
        datasets.update(reference);
    }

    void unbindDataset(ServiceReference<DatasetProvider> reference) {
        datasets.remove(reference);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFormat(ServiceReference<ModelFormat> reference, ModelFormat service) {
        formats.add(reference, service);
    }

    void unbindFormat(ServiceReference<ModelFormat> reference) {
        formats.remove(reference);
    }

    /**
     * Chooses an attack and binds its parameters.
     *
     * @param spec its name and the parameters that differ from its defaults
     * @return the attack with its parameters
     * @throws org.deepdefense.DeepDefenseException if there is no such attack or parameter, or a
     *     value is not allowed
     */
    public PluginUse<BoundAttack<?>> attack(PluginSpec spec) {
        Plugin<Attack<?>> plugin = attacks.get(spec.name());
        return bindAttack(plugin, plugin.service(), spec);
    }

    /**
     * Binds other parameters to an attack in use, even if another of its name has come since.
     *
     * @param use the attack
     * @param spec the parameters that differ from its defaults
     * @return the same attack with these parameters
     * @throws org.deepdefense.DeepDefenseException if there is no such parameter, or a value is not
     *     allowed
     */
    public PluginUse<BoundAttack<?>> rebind(PluginUse<BoundAttack<?>> use, PluginSpec spec) {
        return bindAttack(use.plugin(), use.service().attack(), spec);
    }

    private static <P> PluginUse<BoundAttack<?>> bindAttack(
            Plugin<?> plugin, Attack<P> attack, PluginSpec spec) {
        Binding<P> binding = parameters(plugin, attack.parameters()).bind(spec.parameters());
        return new PluginUse<>(
                plugin,
                new BoundAttack<>(plugin.name(), attack, binding.parameters()),
                binding.values());
    }

    /**
     * Chooses a defense and binds its parameters.
     *
     * @param spec its name and the parameters that differ from its defaults
     * @return the defense with its parameters
     * @throws org.deepdefense.DeepDefenseException if there is no such defense or parameter, or a
     *     value is not allowed
     */
    public PluginUse<BoundDefense<?>> defense(PluginSpec spec) {
        Plugin<Defense<?>> plugin = defenses.get(spec.name());
        return bindDefense(plugin, plugin.service(), spec);
    }

    private static <P> PluginUse<BoundDefense<?>> bindDefense(
            Plugin<Defense<?>> plugin, Defense<P> defense, PluginSpec spec) {
        Binding<P> binding = parameters(plugin, defense.parameters()).bind(spec.parameters());
        String attack = plugin.text("attack");
        return new PluginUse<>(
                plugin,
                new BoundDefense<>(
                        plugin.name(),
                        defense,
                        binding.parameters(),
                        attack.isEmpty() ? Optional.empty() : Optional.of(PluginSpec.parse(attack)),
                        !plugin.text("early.stop").equals("false"),
                        learningRate(plugin)),
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

    /**
     * Chooses an architecture.
     *
     * @param name its name
     * @return the architecture
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    public PluginUse<ModelProvider> model(String name) {
        Plugin<ModelProvider> plugin = models.get(name);
        return new PluginUse<>(plugin, plugin.service(), Map.of());
    }

    /**
     * Looks for an architecture.
     *
     * @param name its name
     * @return the architecture, or nothing if there is none
     */
    public Optional<PluginUse<ModelProvider>> findModel(String name) {
        return models.find(name).map(plugin -> new PluginUse<>(plugin, plugin.service(), Map.of()));
    }

    /**
     * Chooses a data set.
     *
     * @param name its name
     * @return the data set
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    public PluginUse<DatasetProvider> dataset(String name) {
        Plugin<DatasetProvider> plugin = datasets.get(name);
        return new PluginUse<>(plugin, plugin.service(), Map.of());
    }

    /**
     * Returns the file formats of whole networks.
     *
     * @return the formats, the one with the highest service ranking first
     */
    public List<PluginUse<ModelFormat>> formats() {
        return formats.all().stream()
                .map(plugin -> new PluginUse<>(plugin, plugin.service(), Map.of()))
                .toList();
    }

    /**
     * Returns what tells one state of a plug-in's code from another.
     *
     * @param use the plug-in
     * @return a checksum of its bundle and of the bundles that it takes classes from, or nothing if
     *     it does not come from a bundle whose content is known
     * @throws org.deepdefense.DeepDefenseException if the plug-in is gone
     */
    public Optional<String> codeChecksum(PluginUse<?> use) {
        return use.call(() -> use.plugin().origin().flatMap(contents::checksum));
    }

    /**
     * Returns the same of this engine.
     *
     * @return a checksum, or nothing outside a framework
     */
    public Optional<String> engineChecksum() {
        return Optional.ofNullable(FrameworkUtil.getBundle(PluginCatalog.class))
                .flatMap(contents::checksum);
    }

    @Override
    public List<PluginInfo> list(Kind kind) {
        List<PluginInfo> infos = new ArrayList<>();
        for (Plugin<?> plugin : table(kind).named()) {
            try {
                infos.add(info(kind, plugin));
            } catch (RuntimeException | LinkageError e) {
                // One faulty plug-in must not hide the others; one that is leaving may fail.
                if (plugin.isPresent()) {
                    logger.warn("{} cannot be listed", plugin, e);
                }
            }
        }
        return infos;
    }

    @Override
    public PluginInfo get(Kind kind, String name) {
        return info(kind, table(kind).get(name));
    }

    private PluginTable<?> table(Kind kind) {
        return switch (kind) {
            case MODEL -> models;
            case DATASET -> datasets;
            case ATTACK -> attacks;
            case DEFENSE -> defenses;
        };
    }

    private static PluginInfo info(Kind kind, Plugin<?> plugin) {
        Object service = plugin.service();
        Map<String, String> traits = new LinkedHashMap<>();
        List<ParameterInfo> parameters = List.of();
        if (service instanceof Attack<?> attack) {
            describe(attack, traits);
            parameters = parameters(plugin, attack.parameters()).infos();
        } else if (service instanceof Defense<?> defense) {
            traits.put("attack", plugin.text("attack"));
            parameters = parameters(plugin, defense.parameters()).infos();
        } else if (service instanceof ModelProvider model) {
            traits.put("classes", Integer.toString(model.classes()));
        } else if (service instanceof DatasetProvider dataset) {
            traits.put("classes", Integer.toString(dataset.classNames().size()));
        }
        return new PluginInfo(
                kind,
                plugin.name(),
                plugin.text("description"),
                plugin.text("paper"),
                plugin.bundle(),
                traits,
                switch (kind) {
                    case MODEL -> Optional.of(((ModelProvider) service).inputShape());
                    case DATASET -> Optional.of(((DatasetProvider) service).imageShape());
                    case ATTACK, DEFENSE -> Optional.empty();
                },
                parameters);
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

    private static <P> Parameters<P> parameters(Plugin<?> plugin, Class<P> type) {
        return new Parameters<>(plugin, type, plugin.metadata(type));
    }
}
