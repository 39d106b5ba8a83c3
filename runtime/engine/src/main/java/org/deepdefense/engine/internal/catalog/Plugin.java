// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackPlugin;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;

/** A registered service with what its registration says of it. */
final class Plugin<S> {

    private final String label;
    private final LazyService<S> service;
    private final Supplier<Optional<String>> failure;
    private final Optional<Origin> origin;
    private final Map<String, Object> properties;
    private final AtomicBoolean registered;

    private Plugin(
            String label,
            LazyService<S> service,
            Supplier<Optional<String>> failure,
            Optional<Origin> origin,
            Map<String, Object> properties,
            AtomicBoolean registered) {
        this.label = label;
        this.service = service;
        this.failure = failure;
        this.origin = origin;
        this.properties = properties;
        this.registered = registered;
    }

    /**
     * Describes a service.
     *
     * @param label what messages call a plug-in of its kind
     * @param reference its registration
     * @param service gets it
     * @param failure tells why it cannot be had, if that is known
     */
    static <S> Plugin<S> of(
            String label,
            ServiceReference<S> reference,
            LazyService<S> service,
            Supplier<Optional<String>> failure) {
        return new Plugin<>(
                label,
                service,
                failure,
                Optional.ofNullable(reference.getBundle()).map(Origin::new),
                properties(reference),
                new AtomicBoolean(true));
    }

    Plugin<S> withPropertiesOf(ServiceReference<S> reference) {
        return new Plugin<>(label, service, failure, origin, properties(reference), registered);
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    /**
     * Returns the service. The first call may wait for its component to be activated.
     *
     * @throws DeepDefenseException if that fails or takes too long
     */
    S service() {
        S found;
        try {
            found = service.get();
        } catch (TimeoutException e) {
            throw new DeepDefenseException(
                    capitalized(
                            this
                                    + " did not start within "
                                    + service.limit().toMillis() / 1000.0
                                    + " s"),
                    "use another one, or tell the author of the bundle",
                    e);
        } catch (ExecutionException e) {
            throw faulty("did not start: " + e.getCause(), e.getCause());
        }
        if (found == null) {
            throw faulty("did not start" + failure.get().map(f -> ": " + f).orElse(""), null);
        }
        return found;
    }

    String label() {
        return label;
    }

    String name() {
        return text("name");
    }

    /** Returns the bundle that registered the service, unless it was gone already. */
    Optional<Bundle> bundle() {
        return origin.map(Origin::bundle);
    }

    Optional<Origin> origin() {
        return origin;
    }

    /** Returns the symbolic name and the version of the bundle that registered the service. */
    String bundleName() {
        return origin.map(Origin::toString).orElse("no bundle");
    }

    int ranking() {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    Map<String, Object> properties() {
        return properties;
    }

    /** Returns one of our service properties as text, empty if it is not set. */
    String text(String property) {
        Object value = properties.get(AttackPlugin.PREFIX_ + property);
        return value == null ? "" : Attribute.text(value);
    }

    /** Returns the name of the component that the service is of, empty if it is of none. */
    String component() {
        return Attribute.text(properties.getOrDefault(ComponentConstants.COMPONENT_NAME, ""));
    }

    void unregistered() {
        registered.set(false);
    }

    /**
     * Tells whether whoever has the service may go on using it. Declarative Services unregisters a
     * service when its configuration changes, which takes nothing away from the old instance.
     */
    boolean isUsable() {
        if (registered.get()) {
            return true;
        }
        return properties.containsKey(ComponentConstants.COMPONENT_NAME)
                && origin.map(Origin::isIntact).orElse(false);
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
        return label + " \"" + name() + "\" (bundle " + bundleName() + ")";
    }
}
