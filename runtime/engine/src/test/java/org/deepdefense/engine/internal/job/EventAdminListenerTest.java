// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deepdefense.job.Job;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.util.promise.Promises;

class EventAdminListenerTest {

    private static final Job<String> JOB =
            new EndedJob<>(
                    "eval-1",
                    "evaluate",
                    Job.State.RUNNING,
                    Instant.EPOCH,
                    new Job.Status("images", 3, 10, "fast", Optional.empty()),
                    List.of(),
                    Promises.resolved("done"));

    private final List<String> posted = new ArrayList<>();

    /** As every bundle with Event Admin has it: the interface is inherited. */
    private class Base implements EventAdmin {

        @Override
        public void postEvent(Event event) {
            String properties =
                    Arrays.stream(event.getPropertyNames())
                            .filter(name -> !name.equals("event.topics"))
                            .collect(
                                    Collectors.toMap(
                                            name -> name,
                                            event::getProperty,
                                            (a, b) -> a,
                                            TreeMap::new))
                            .toString();
            posted.add(event.getTopic() + " " + properties);
        }

        @Override
        public void sendEvent(Event event) {
            throw new UnsupportedOperationException("nobody is to wait for receivers");
        }
    }

    private final class Admin extends Base {}

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void whatBecomesOfAJobIsPostedWhileEventAdminIsThere() {
        ServiceReference<?> reference =
                proxy(
                        ServiceReference.class,
                        (p, method, args) ->
                                switch (method.getName()) {
                                    case "hashCode" -> 1;
                                    case "equals" -> p == args[0];
                                    case "compareTo" -> 0;
                                    default -> null;
                                });
        List<ServiceListener> tracker = new ArrayList<>();
        BundleContext context =
                proxy(
                        BundleContext.class,
                        (p, method, args) -> {
                            switch (method.getName()) {
                                case "addServiceListener" -> tracker.add((ServiceListener) args[0]);
                                case "getService" -> {
                                    return new Admin();
                                }
                                case "createFilter" -> {
                                    return proxy(Filter.class, (f, m, a) -> args[0]);
                                }
                                case "ungetService" -> {
                                    return true;
                                }
                                default -> {
                                    // Nothing is registered when the engine starts.
                                }
                            }
                            return null;
                        });
        EventAdminListener listener = new EventAdminListener(context);
        listener.started(JOB);
        assertEquals(List.of(), posted);

        tracker.get(0).serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference));
        listener.started(JOB);
        listener.progress(JOB, JOB.status());
        listener.warning(JOB, "odd");
        listener.ended(JOB);
        String common = "description=evaluate, ";
        assertEquals(
                List.of(
                        "org/deepdefense/job/STARTED {" + common + "id=eval-1, state=RUNNING}",
                        "org/deepdefense/job/PROGRESS {"
                                + common
                                + "detail=fast, done=3, id=eval-1, phase=images, state=RUNNING,"
                                + " total=10}",
                        "org/deepdefense/job/WARNING {"
                                + common
                                + "id=eval-1, message=odd, state=RUNNING}",
                        "org/deepdefense/job/ENDED {" + common + "id=eval-1, state=RUNNING}"),
                posted);

        tracker.get(0).serviceChanged(new ServiceEvent(ServiceEvent.UNREGISTERING, reference));
        listener.ended(JOB);
        assertEquals(4, posted.size());
        listener.close();
    }

    @Test
    void whatIsNoEventAdminGetsNothing() {
        assertTrue(EventAdminListener.Poster.of("a string").isEmpty());
    }
}
