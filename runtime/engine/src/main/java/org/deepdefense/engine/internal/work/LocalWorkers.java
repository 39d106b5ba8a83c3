// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.util.List;
import java.util.function.BiConsumer;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;
import org.deepdefense.work.TaskRunner;
import org.deepdefense.work.Workers;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Does the tasks of evaluations on threads of this process, unless there is something better. */
@Component(service = Workers.class, property = Constants.SERVICE_RANKING + ":Integer=-1000")
public final class LocalWorkers implements Workers {

    private final Settings settings;

    /**
     * Creates workers.
     *
     * @param settings say how many threads to use
     */
    @Activate
    public LocalWorkers(@Reference Settings settings) {
        this.settings = settings;
    }

    @Override
    public int parallelism() {
        return settings.threads();
    }

    @Override
    public void run(
            List<Task> tasks, TaskRunner here, Runnable check, BiConsumer<Task, TaskOutcome> done) {
        new Parallel(parallelism(), check)
                .forEach(
                        tasks.size(),
                        (number, checkWanted) -> {
                            Task task = tasks.get(number);
                            done.accept(task, here.run(task, checkWanted));
                        });
    }
}
