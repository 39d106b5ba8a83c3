package org.deepdefense.engine.internal.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.deepdefense.DeepDefenseException;
import org.osgi.framework.ServiceReference;

/** The plug-ins of one kind that are registered at this moment. */
final class PluginTable<S> {

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

    void add(ServiceReference<S> reference, S service) {
        plugins.put(reference, Plugin.of(label, reference, service));
    }

    /** Takes over changed properties; work that uses the plug-in goes on with the old ones. */
    void update(ServiceReference<S> reference) {
        plugins.computeIfPresent(reference, (key, plugin) -> plugin.withPropertiesOf(key));
    }

    void remove(ServiceReference<S> reference) {
        Plugin<S> plugin = plugins.remove(reference);
        if (plugin != null) {
            plugin.removed();
        }
    }

    /** Returns all plug-ins, the one with the highest service ranking first. */
    List<Plugin<S>> all() {
        return plugins.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Returns the plug-in that counts for each name, by name. */
    Collection<Plugin<S>> named() {
        return byName().values();
    }

    private Map<String, Plugin<S>> byName() {
        Map<String, Plugin<S>> best = new TreeMap<>();
        all().forEach(plugin -> best.putIfAbsent(plugin.name(), plugin));
        return best;
    }

    /** Returns a plug-in, if there is one of this name. */
    Optional<Plugin<S>> find(String name) {
        return Optional.ofNullable(byName().get(name));
    }

    /**
     * Returns a plug-in.
     *
     * @throws DeepDefenseException if there is none; the message has the names that there are
     */
    Plugin<S> get(String name) {
        Map<String, Plugin<S>> best = byName();
        Plugin<S> plugin = best.get(name);
        if (plugin == null) {
            throw new DeepDefenseException(
                    "There is no " + label + " \"" + name + "\"",
                    best.isEmpty()
                            ? "install a bundle that has one; none is registered"
                            : Suggestion.among(name, best.keySet())
                                    + "registered are "
                                    + String.join(", ", best.keySet()));
        }
        return plugin;
    }
}
