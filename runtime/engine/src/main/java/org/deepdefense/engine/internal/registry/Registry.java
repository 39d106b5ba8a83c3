package org.deepdefense.engine.internal.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.deepdefense.DeepDefenseException;
import org.osgi.framework.Constants;

/**
 * The services of a type that are there at this moment, by name. Where several have one name, the
 * one with the highest ranking counts, and of equals the oldest, as everywhere in OSGi.
 *
 * @param <S> the type of the services
 */
public final class Registry<S> {

    /** The service property that holds the name. */
    public static final String NAME = "deepdefense.name";

    private final String kind;
    private final List<Entry<S>> entries = new CopyOnWriteArrayList<>();

    /**
     * Creates an empty registry.
     *
     * @param kind what the services are, for messages, such as {@code model}
     */
    public Registry(String kind) {
        this.kind = kind;
    }

    private record Entry<S>(S service, String name, int ranking, long id) {}

    /**
     * Adds a service.
     *
     * @param service the service
     * @param properties its service properties
     */
    public void add(S service, Map<String, ?> properties) {
        entries.add(
                new Entry<>(
                        service,
                        properties.get(NAME) instanceof String name ? name : "",
                        properties.get(Constants.SERVICE_RANKING) instanceof Integer rank
                                ? rank
                                : 0,
                        properties.get(Constants.SERVICE_ID) instanceof Long id ? id : 0));
    }

    /**
     * Removes a service.
     *
     * @param service the service
     */
    public void remove(S service) {
        entries.removeIf(entry -> entry.service() == service);
    }

    /**
     * Returns the names of the services.
     *
     * @return names in alphabetical order
     */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        entries.forEach(entry -> names.add(entry.name()));
        return names;
    }

    /**
     * Returns all services.
     *
     * @return services, the one with the highest ranking first
     */
    public List<S> all() {
        return entries.stream().sorted(order()).map(Entry::service).toList();
    }

    /**
     * Returns the service of a name.
     *
     * @param name the name
     * @return the service
     * @throws DeepDefenseException if there is none
     */
    public S get(String name) {
        Optional<S> found =
                entries.stream()
                        .filter(entry -> entry.name().equals(name))
                        .min(order())
                        .map(Entry::service);
        return found.orElseThrow(
                () ->
                        new DeepDefenseException(
                                "There is no " + kind + " " + name,
                                names().isEmpty()
                                        ? "install a bundle that has one"
                                        : "choose one of " + String.join(", ", names())));
    }

    private Comparator<Entry<S>> order() {
        return Comparator.<Entry<S>>comparingInt(Entry::ranking)
                .reversed()
                .thenComparingLong(Entry::id);
    }
}
