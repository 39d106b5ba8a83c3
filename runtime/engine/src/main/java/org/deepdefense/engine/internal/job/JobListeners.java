// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobListener;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Tells all listeners what becomes of jobs, each on a thread of its own. */
@Component(service = JobListeners.class)
public final class JobListeners {

    private final List<ListenerQueue> queues = new CopyOnWriteArrayList<>();

    /**
     * Takes a listener.
     *
     * @param listener is told of what happens from now on
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeListener")
    public void addListener(JobListener listener) {
        queues.add(new ListenerQueue(listener, () -> removeListener(listener)));
    }

    /**
     * Lets a listener go; what waits for it is forgotten.
     *
     * @param listener is told nothing more
     */
    public void removeListener(JobListener listener) {
        List<ListenerQueue> gone = queues.stream().filter(q -> q.isOf(listener)).toList();
        queues.removeAll(gone);
        gone.forEach(ListenerQueue::close);
    }

    void started(Job<?> job) {
        tell(listener -> listener.started(job));
    }

    void warning(Job<?> job, String message) {
        tell(listener -> listener.warning(job, message));
    }

    void ended(Job<?> job) {
        tell(listener -> listener.ended(job));
    }

    /** One that lags behind gets less. */
    void progress(Job<?> job, Job.Status status) {
        queues.forEach(queue -> queue.offer(listener -> listener.progress(job, status)));
    }

    private void tell(Consumer<JobListener> event) {
        queues.forEach(queue -> queue.add(event));
    }
}
