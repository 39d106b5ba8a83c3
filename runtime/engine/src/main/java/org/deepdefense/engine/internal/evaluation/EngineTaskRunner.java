// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;
import org.deepdefense.work.TaskRunner;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs tasks that come from elsewhere: it opens what they name, and makes sure that it is the same.
 */
@Component(service = TaskRunner.class)
public final class EngineTaskRunner implements TaskRunner {

    private final PluginCatalog catalog;
    private final Subjects subjects;

    /**
     * Creates a runner.
     *
     * @param catalog the plug-ins
     * @param subjects puts networks before images
     */
    @Activate
    public EngineTaskRunner(@Reference PluginCatalog catalog, @Reference Subjects subjects) {
        this.catalog = catalog;
        this.subjects = subjects;
    }

    @Override
    public TaskOutcome run(Task task, Runnable check) {
        Task.Subject wanted = task.subject();
        Control control = new Control(check);
        OpenDataset dataset =
                subjects.open(catalog.dataset(wanted.dataset().name()), wanted.dataset(), control);
        require(
                "data set " + wanted.dataset().name(),
                dataset.source().checksum(),
                wanted.datasetChecksum());
        try (Autograd autograd = new Autograd();
                Subject subject =
                        subjects.load(subjects.find(wanted), dataset, autograd, control)) {
            require(
                    "network " + wanted.network(),
                    subject.network().checksum(),
                    wanted.networkChecksum());
            BatchWork work = work(task.treatment(), subject, control);
            Optional<String> key = work.task(BatchWork.images(task)).key();
            if (task.key().isPresent()) {
                require("code", key.orElse("unknown"), task.key().get());
            }
            return work.run(task, check);
        }
    }

    private BatchWork work(Task.Treatment treatment, Subject subject, Control control) {
        ResultKeys keys = new ResultKeys(catalog);
        return treatment
                .attack()
                .<BatchWork>map(
                        spec ->
                                new BatchAttack(
                                        subject,
                                        catalog.attack(spec),
                                        Terms.of(treatment),
                                        keys,
                                        control::warn))
                .orElseGet(() -> new CleanBatch(subject, keys));
    }

    private static void require(String what, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new DeepDefenseException(
                    "The " + what + " is another here than that of the task: " + found,
                    "give all workers the same networks, data sets and bundles");
        }
    }

    /** The task's own word on whether it is wanted; the rest is for the job that it is part of. */
    private static final class Control implements JobControl {

        private final Runnable check;
        private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

        Control(Runnable check) {
            this.check = check;
        }

        @Override
        public void update(String phase, long done, long total, String detail) {
            checkCancelled();
        }

        @Override
        public void checkCancelled() {
            check.run();
        }

        @Override
        public void warn(String message) {
            warnings.add(message);
        }

        @Override
        public List<String> warnings() {
            return List.copyOf(warnings);
        }
    }
}
