// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Follows the plug-ins as they come and go, and hands them to the engine with their parameters
 * bound.
 */
@Component(service = {Catalog.class, PluginCatalog.class})
public final class PluginCatalog implements Catalog {

    private static final String NAMED = "(" + AttackPlugin.PREFIX_ + "name=*)";

    private final PluginTable<Attack<?>> attacks = new PluginTable<>("attack");
    private final PluginTable<Defense<?>> defenses = new PluginTable<>("defense");
    private final PluginTable<ObjectiveModifier<?>> modifiers = new PluginTable<>("modifier");
    private final PluginTable<ModelProvider> models = new PluginTable<>("model");
    private final PluginTable<DatasetProvider> datasets = new PluginTable<>("data set");
    private final PluginTable<ModelFormat> formats = new PluginTable<>("model format");
    private final BundleContents contents = new BundleContents();
    private final PluginInfos infos;
    private final Binder binder;
    private final Optional<ServiceSource> source;
    private final Supplier<List<String>> problems;

    /** Starts with nothing; outside a framework services are added together with registrations. */
    public PluginCatalog() {
        source = Optional.empty();
        problems = List::of;
        ParameterTypes types = new ParameterTypes(new Metatypes(), source);
        infos = new PluginInfos(types);
        binder = new Binder(types);
    }

    /**
     * Starts with nothing; services are got when they are first used.
     *
     * @param context gets services
     * @param settings has the limit of time for that
     * @param components knows why one cannot be had
     * @param configurations knows what is wrong with configurations
     */
    @Activate
    public PluginCatalog(
            BundleContext context,
            @Reference Settings settings,
            @Reference ServiceComponentRuntime components,
            @Reference Configurations configurations) {
        problems = configurations::problems;
        source = Optional.of(new ServiceSource(context, components, settings::timeout));
        ParameterTypes types = new ParameterTypes(configurations.metatypes(), source);
        infos = new PluginInfos(types);
        binder = new Binder(types);
    }

    /** Gives up on services that are still starting. */
    @Deactivate
    void close() {
        source.ifPresent(ServiceSource::close);
    }

    private <S> void add(PluginTable<S> table, ServiceReference<S> reference) {
        table.add(reference, source.orElseThrow());
    }

    private <S> void remove(PluginTable<S> table, ServiceReference<S> reference) {
        table.remove(reference);
        source.ifPresent(s -> s.release(reference));
    }

    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAttack(ServiceReference<Attack<?>> reference) {
        add(attacks, reference);
    }

    /**
     * Takes note of an attack that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindAttack(ServiceReference<Attack<?>> reference, Attack<?> service) {
        attacks.add(reference, service);
    }

    void updatedAttack(ServiceReference<Attack<?>> reference) {
        attacks.update(reference);
    }

    void unbindAttack(ServiceReference<Attack<?>> reference) {
        remove(attacks, reference);
    }

    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDefense(ServiceReference<Defense<?>> reference) {
        add(defenses, reference);
    }

    /**
     * Takes note of a defense that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindDefense(ServiceReference<Defense<?>> reference, Defense<?> service) {
        defenses.add(reference, service);
    }

    void updatedDefense(ServiceReference<Defense<?>> reference) {
        defenses.update(reference);
    }

    void unbindDefense(ServiceReference<Defense<?>> reference) {
        remove(defenses, reference);
    }

    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindModifier(ServiceReference<ObjectiveModifier<?>> reference) {
        add(modifiers, reference);
    }

    /**
     * Takes note of a modifier that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindModifier(
            ServiceReference<ObjectiveModifier<?>> reference, ObjectiveModifier<?> service) {
        modifiers.add(reference, service);
    }

    void updatedModifier(ServiceReference<ObjectiveModifier<?>> reference) {
        modifiers.update(reference);
    }

    void unbindModifier(ServiceReference<ObjectiveModifier<?>> reference) {
        remove(modifiers, reference);
    }

    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindModel(ServiceReference<ModelProvider> reference) {
        add(models, reference);
    }

    /**
     * Takes note of an architecture that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindModel(ServiceReference<ModelProvider> reference, ModelProvider service) {
        models.add(reference, service);
    }

    void updatedModel(ServiceReference<ModelProvider> reference) {
        models.update(reference);
    }

    void unbindModel(ServiceReference<ModelProvider> reference) {
        remove(models, reference);
    }

    @Reference(
            target = NAMED,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDataset(ServiceReference<DatasetProvider> reference) {
        add(datasets, reference);
    }

    /**
     * Takes note of a data set that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindDataset(ServiceReference<DatasetProvider> reference, DatasetProvider service) {
        datasets.add(reference, service);
    }

    void updatedDataset(ServiceReference<DatasetProvider> reference) {
        datasets.update(reference);
    }

    void unbindDataset(ServiceReference<DatasetProvider> reference) {
        remove(datasets, reference);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFormat(ServiceReference<ModelFormat> reference) {
        add(formats, reference);
    }

    /**
     * Takes note of a file format that is there already.
     *
     * @param reference its registration
     * @param service the plug-in
     */
    public void bindFormat(ServiceReference<ModelFormat> reference, ModelFormat service) {
        formats.add(reference, service);
    }

    void unbindFormat(ServiceReference<ModelFormat> reference) {
        remove(formats, reference);
    }

    /**
     * Chooses an attack and binds its parameters.
     *
     * @param spec its name and the parameters that differ from its defaults
     * @return the attack with its parameters
     * @throws org.deepdefense.DeepDefenseException if there is no such attack or parameter, or a
     *     value is not allowed
     */
    public AttackUse attack(PluginSpec spec) {
        Plugin<Attack<?>> plugin = attacks.get(spec.name());
        return binder.attack(attacks, spec.toString(), plugin, plugin.service(), spec);
    }

    /**
     * Binds other parameters to an attack in use, even if another of its name has come since.
     *
     * @param use the attack
     * @param spec the parameters that differ from its defaults
     * @return the same attack with these parameters, under the same label
     * @throws org.deepdefense.DeepDefenseException if there is no such parameter, or a value is not
     *     allowed
     */
    public AttackUse rebind(AttackUse use, PluginSpec spec) {
        return binder.attack(attacks, use.label(), use.plugin(), use.service().attack(), spec);
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
        return binder.defense(defenses, plugin, plugin.service(), spec);
    }

    /**
     * Chooses a modifier of objectives and binds its parameters.
     *
     * @param spec its name and the parameters that differ from its defaults
     * @return the modifier with its parameters
     * @throws org.deepdefense.DeepDefenseException if there is no such modifier or parameter, or a
     *     value is not allowed
     */
    public PluginUse<BoundModifier<?>> modifier(PluginSpec spec) {
        Plugin<ObjectiveModifier<?>> plugin = modifiers.get(spec.name());
        return binder.modifier(modifiers, plugin, plugin.service(), spec);
    }

    /**
     * Chooses an architecture.
     *
     * @param name its name
     * @return the architecture
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    public PluginUse<ModelProvider> model(String name) {
        return Binder.use(name, models, models.get(name));
    }

    /**
     * Looks for an architecture.
     *
     * @param name its name
     * @return the architecture, or nothing if there is none
     */
    public Optional<PluginUse<ModelProvider>> findModel(String name) {
        return models.find(name).map(plugin -> Binder.use(name, models, plugin));
    }

    /**
     * Chooses a data set.
     *
     * @param name its name
     * @return the data set
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    public PluginUse<DatasetProvider> dataset(String name) {
        return Binder.use(name, datasets, datasets.get(name));
    }

    /**
     * Returns the file formats of whole networks that can be used.
     *
     * @return the formats, the one with the highest service ranking first
     */
    public List<PluginUse<ModelFormat>> formats() {
        return formats.started().stream()
                .map(plugin -> Binder.use(plugin.name(), formats, plugin))
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
        return use.call(() -> use.plugin().bundle().flatMap(contents::checksum));
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
        return infos.list(kind, table(kind));
    }

    @Override
    public PluginInfo get(Kind kind, String name) {
        return infos.get(kind, table(kind), name);
    }

    @Override
    public List<String> problems() {
        return problems.get();
    }

    private PluginTable<?> table(Kind kind) {
        return switch (kind) {
            case MODEL -> models;
            case DATASET -> datasets;
            case ATTACK -> attacks;
            case DEFENSE -> defenses;
            case MODIFIER -> modifiers;
        };
    }
}
