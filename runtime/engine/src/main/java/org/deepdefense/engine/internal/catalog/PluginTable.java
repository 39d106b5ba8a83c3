// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.NearestNames;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plug-ins of one kind that are registered at this moment. */
final class PluginTable<S> {

    private static final Logger logger = LoggerFactory.getLogger(PluginTable.class);

    private final String label;
    private final Map<ServiceReference<S>, Plugin<S>> plugins = new ConcurrentHashMap<>();

    /**
     * Creates an empty table.
     *
     * @param label what messages call a plug-in of this kind
     */
    PluginTable(String label) {
        this.label = label;
    }

    /** Takes note of a service that is there. */
    void add(ServiceReference<S> reference, S service) {
        add(reference, Plugin.of(label, reference, LazyService.of(service), Optional::empty));
    }

    /** Takes note of a service that is got when it is first used. */
    void add(ServiceReference<S> reference, ServiceSource source) {
        add(
                reference,
                Plugin.of(
                        label, reference, source.get(reference), () -> source.failure(reference)));
    }

    void add(ServiceReference<S> reference, Plugin<S> plugin) {
        plugins.put(reference, plugin);
        if (!plugin.name().isEmpty() && candidates(plugin.name()).size() > 1) {
            logger.warn(
                    "Several bundles have the {} \"{}\": {}",
                    label,
                    plugin.name(),
                    Selection.of(candidates(plugin.name())));
        }
    }

    /** Takes over changed properties; work that uses the plug-in goes on with the old ones. */
    void update(ServiceReference<S> reference) {
        plugins.computeIfPresent(reference, (key, plugin) -> plugin.withPropertiesOf(key));
    }

    void remove(ServiceReference<S> reference) {
        Plugin<S> plugin = plugins.remove(reference);
        if (plugin != null) {
            plugin.unregistered();
        }
    }

    /** Returns all plug-ins, the one with the highest service ranking first. */
    List<Plugin<S>> all() {
        return plugins.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Returns all plug-ins but those that do not start, in the same order. */
    List<Plugin<S>> started() {
        return all().stream().filter(PluginTable::isStarted).toList();
    }

    private static boolean isStarted(Plugin<?> plugin) {
        try {
            plugin.service();
            return true;
        } catch (DeepDefenseException e) {
            logger.warn("Not used: {}", e.getMessage());
            return false;
        }
    }

    /** Returns the plug-in that counts for each name, by name. */
    Collection<Plugin<S>> named() {
        return byName().values().stream().map(candidates -> candidates.get(0)).toList();
    }

    private Map<String, List<Plugin<S>>> byName() {
        return all().stream()
                .collect(
                        Collectors.groupingBy(
                                Plugin::name,
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(), PluginTable::ranked)));
    }

    /** Returns the plug-ins of a name, the one that counts first. */
    List<Plugin<S>> candidates(String name) {
        return byName().getOrDefault(name, List.of());
    }

    /**
     * Sorts by ranking; of one bundle's versions the newest comes first, and of several bundles the
     * one that came first.
     *
     * @param natural the plug-ins in the order of their service references
     */
    private static <S> List<Plugin<S>> ranked(List<Plugin<S>> natural) {
        Map<String, Integer> seniority = new HashMap<>();
        natural.forEach(plugin -> seniority.putIfAbsent(bundle(plugin), seniority.size()));
        List<Plugin<S>> sorted = new ArrayList<>(natural);
        sorted.sort(
                Comparator.<Plugin<S>>comparingInt(Plugin::ranking)
                        .reversed()
                        .thenComparing(plugin -> seniority.get(bundle(plugin)))
                        .thenComparing(PluginTable::version, Comparator.reverseOrder()));
        return sorted;
    }

    private static String bundle(Plugin<?> plugin) {
        return plugin.origin().map(Origin::name).orElse("");
    }

    private static Version version(Plugin<?> plugin) {
        return plugin.origin().map(Origin::version).orElse(Version.emptyVersion);
    }

    /** Returns a plug-in by its name, with a selector or without, if there is one. */
    Optional<Plugin<S>> find(String name) {
        List<Plugin<S>> candidates = candidates(name);
        return candidates.isEmpty() ? selected(name) : Optional.of(candidates.get(0));
    }

    private Optional<Plugin<S>> selected(String name) {
        int at = name.lastIndexOf(Selection.AT);
        if (at <= 0) {
            return Optional.empty();
        }
        List<Plugin<S>> candidates = candidates(name.substring(0, at));
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(Selection.choose(candidates, name));
    }

    /**
     * Returns a plug-in.
     *
     * @param name its name, with a selector or without
     * @throws DeepDefenseException if there is none; the message has the names that there are
     */
    Plugin<S> get(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    private DeepDefenseException unknown(String name) {
        Collection<String> names = byName().keySet();
        return new DeepDefenseException(
                "There is no " + label + " \"" + name + "\"",
                names.isEmpty()
                        ? "install a bundle that has one; none is registered"
                        : NearestNames.question(name, names)
                                + "registered are "
                                + String.join(", ", names));
    }
}
