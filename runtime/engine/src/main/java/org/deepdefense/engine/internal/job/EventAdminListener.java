// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what becomes of jobs to Event Admin, where it is there. The engine does not import its
 * package, since even an optional import would wire the engine anew, in the middle of its work,
 * when a host brings Event Admin later.
 */
@Component(service = JobListener.class)
public final class EventAdminListener implements JobListener {

    static final String TOPICS = "org/deepdefense/job/";

    private static final String ADMIN = "org.osgi.service.event.EventAdmin";
    private static final String EVENT = "org.osgi.service.event.Event";
    private static final Logger logger = LoggerFactory.getLogger(EventAdminListener.class);

    private final ServiceTracker<Object, Poster> admins;

    /** One Event Admin, whatever its class loader. */
    record Poster(Object admin, Constructor<?> event, Method post) {

        static Optional<Poster> of(Object admin) {
            return Stream.<Class<?>>iterate(
                            admin.getClass(), type -> type != null, Class::getSuperclass)
                    .flatMap(type -> Stream.of(type.getInterfaces()))
                    .filter(type -> type.getName().equals(ADMIN))
                    .findFirst()
                    .flatMap(type -> of(admin, type));
        }

        private static Optional<Poster> of(Object admin, Class<?> type) {
            try {
                Class<?> event = Class.forName(EVENT, false, type.getClassLoader());
                return Optional.of(
                        new Poster(
                                admin,
                                event.getConstructor(String.class, Map.class),
                                type.getMethod("postEvent", event)));
            } catch (ReflectiveOperationException e) {
                logger.warn("Event Admin is of an unknown kind, and gets no events of jobs", e);
                return Optional.empty();
            }
        }

        void post(String topic, Map<String, Object> properties) {
            try {
                post.invoke(admin, event.newInstance(topic, properties));
            } catch (ReflectiveOperationException e) {
                logger.warn("Event Admin does not take {}", topic, e);
            }
        }
    }

    /**
     * Looks for Event Admin.
     *
     * @param context where it is registered
     */
    @Activate
    public EventAdminListener(BundleContext context) {
        admins =
                new ServiceTracker<>(context, ADMIN, null) {
                    @Override
                    public Poster addingService(ServiceReference<Object> reference) {
                        Object admin = context.getService(reference);
                        return admin == null ? null : Poster.of(admin).orElse(null);
                    }
                };
        admins.open(true);
    }

    /** Looks for it no longer. */
    @Deactivate
    public void close() {
        admins.close();
    }

    @Override
    public void started(Job<?> job) {
        post("STARTED", job, Map.of());
    }

    @Override
    public void progress(Job<?> job, Job.Status status) {
        post(
                "PROGRESS",
                job,
                Map.of(
                        "phase", status.phase(),
                        "done", status.done(),
                        "total", status.total(),
                        "detail", status.detail()));
    }

    @Override
    public void warning(Job<?> job, String message) {
        post("WARNING", job, Map.of("message", message));
    }

    @Override
    public void ended(Job<?> job) {
        post("ENDED", job, Map.of());
    }

    private void post(String kind, Job<?> job, Map<String, Object> more) {
        Poster poster = admins.getService();
        if (poster != null) {
            Map<String, Object> properties = new HashMap<>(more);
            properties.put("id", job.id());
            properties.put("description", job.description());
            properties.put("state", job.state().name());
            poster.post(TOPICS + kind, properties);
        }
    }
}
