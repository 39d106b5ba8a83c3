// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Gets services of a framework, each in a thread of its own, with a limit of time. */
final class ServiceSource implements AutoCloseable {

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Supplier<Duration> limit;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "deepdefense-plugin");
                        thread.setDaemon(true);
                        return thread;
                    });

    ServiceSource(
            BundleContext context, ServiceComponentRuntime components, Supplier<Duration> limit) {
        this.context = context;
        this.components = components;
        this.limit = limit;
    }

    <S> LazyService<S> get(ServiceReference<S> reference) {
        return new LazyService<>(() -> context.getService(reference), threads, limit);
    }

    void release(ServiceReference<?> reference) {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException ignored) {
            // This bundle is being stopped: the framework takes back what it has.
        }
    }

    /** Returns what a component threw when it was to be activated, if that is known. */
    Optional<String> failure(ServiceReference<?> reference) {
        if (reference.getBundle() == null) {
            return Optional.empty();
        }
        Object id = reference.getProperty(ComponentConstants.COMPONENT_ID);
        return components.getComponentDescriptionDTOs(reference.getBundle()).stream()
                .flatMap(c -> components.getComponentConfigurationDTOs(c).stream())
                .filter(c -> id instanceof Long number && c.id == number)
                .filter(c -> c.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .filter(c -> c.failure != null)
                .map(c -> c.failure.lines().findFirst().orElse("").strip())
                .findFirst();
    }

    /** Returns the component that a plug-in is of, if it is of one. */
    Optional<ComponentDescriptionDTO> description(Plugin<?> plugin) {
        return plugin.bundle()
                .map(bundle -> components.getComponentDescriptionDTO(bundle, plugin.component()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
