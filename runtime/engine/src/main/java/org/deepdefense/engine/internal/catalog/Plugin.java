package org.deepdefense.engine.internal.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackPlugin;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** A registered service with what its registration says of it. */
final class Plugin<S> {

    private final String label;
    private final S service;
    private final Optional<Bundle> origin;
    private final String bundle;
    private final Map<String, Object> properties;
    private final AtomicBoolean present;

    private Plugin(
            String label,
            S service,
            Optional<Bundle> origin,
            Map<String, Object> properties,
            AtomicBoolean present) {
        this.label = label;
        this.service = service;
        this.origin = origin;
        // Asked now, because a bundle that is gone has no name any more.
        this.bundle =
                origin.map(b -> b.getSymbolicName() + " " + b.getVersion()).orElse("no bundle");
        this.properties = properties;
        this.present = present;
    }

    static <S> Plugin<S> of(String label, ServiceReference<S> reference, S service) {
        return new Plugin<>(
                label,
                service,
                Optional.ofNullable(reference.getBundle()),
                properties(reference),
                new AtomicBoolean(true));
    }

    Plugin<S> withPropertiesOf(ServiceReference<S> reference) {
        return new Plugin<>(label, service, origin, properties(reference), present);
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    S service() {
        return service;
    }

    String label() {
        return label;
    }

    String name() {
        return text("name");
    }

    /** Returns the bundle that registered the service, unless it was gone already. */
    Optional<Bundle> origin() {
        return origin;
    }

    /** Returns the symbolic name and the version of the bundle that registered the service. */
    String bundle() {
        return bundle;
    }

    Map<String, Object> properties() {
        return properties;
    }

    /** Returns one of our service properties as text, empty if it is not set. */
    String text(String property) {
        Object value = properties.get(AttackPlugin.PREFIX_ + property);
        return value == null ? "" : value.toString();
    }

    /** Returns what the bundle says of the attributes of an annotation type. */
    Map<String, AttributeMetadata> metadata(Class<?> type) {
        return origin.map(b -> AttributeMetadata.read(b, type)).orElse(Map.of());
    }

    void removed() {
        present.set(false);
    }

    boolean isPresent() {
        return present.get();
    }

    DeepDefenseException faulty(String fault, Throwable cause) {
        return new DeepDefenseException(
                capitalized(this + " " + fault), "tell the author of the bundle", cause);
    }

    static String capitalized(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    @Override
    public String toString() {
        return label + " \"" + name() + "\" (bundle " + bundle + ")";
    }
}
