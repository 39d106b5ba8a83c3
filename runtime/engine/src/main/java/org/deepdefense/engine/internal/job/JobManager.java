// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.job.Jobs;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.converter.ConversionException;
import org.osgi.util.promise.PromiseFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs trainings and evaluations on threads of its own, and remembers them. */
@Component(
        service = {Jobs.class, JobManager.class},
        configurationPid = JobManager.PID)
@Designate(ocd = JobManager.Config.class)
public final class JobManager implements Jobs {

    static final String PID = "deepdefense.jobs";

    private static final int MAX_THREADS = 64;
    private static final int CONCURRENT = 2;

    /** How long a job has to end after it was cancelled; the launcher waits a little longer. */
    private static final Duration GRACE = Duration.ofSeconds(4);

    private static final Logger logger = LoggerFactory.getLogger(JobManager.class);

    /** How jobs are run. */
    @ObjectClassDefinition(name = "Deep Defense jobs")
    public @interface Config {

        /**
         * Returns how many jobs run at once.
         *
         * @return the number of jobs
         */
        @AttributeDefinition(
                description = "How many jobs run at once; more wait for their turn.",
                min = "1",
                max = "64")
        int concurrent() default CONCURRENT;
    }

    private static final int HISTORY = 1000;
    private static final int REMEMBERED = 20;

    // In the order in which they were started.
    private final List<Job<?>> jobs = new ArrayList<>();
    private final PromiseFactory promises = new PromiseFactory(null);
    private final JobHistory history;
    private final JobNumbers numbers;
    private final JobListeners listeners;
    private final ThreadPoolExecutor executor;
    private final Duration grace;

    // Guarded by executor.
    private int threads;
    private int abandoned;

    /**
     * Starts the threads.
     *
     * @param home where ended jobs are recorded
     * @param listeners are told what becomes of jobs
     * @param config how many threads
     */
    @Activate
    public JobManager(@Reference Home home, @Reference JobListeners listeners, Config config) {
        this(home, listeners, config, GRACE);
    }

    JobManager(Home home, JobListeners listeners, Config config, Duration grace) {
        this.listeners = listeners;
        this.grace = grace;
        history = new JobHistory(home, HISTORY);
        numbers = new JobNumbers(home, history::highest);
        threads = threads(config);
        executor =
                new ThreadPoolExecutor(
                        threads,
                        MAX_THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, "deepdefense-job");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** A value that cannot be is reported where configurations are checked. */
    private static int threads(Config config) {
        try {
            int concurrent = config.concurrent();
            return concurrent < 1 || concurrent > MAX_THREADS ? CONCURRENT : concurrent;
        } catch (ComponentException | ConversionException e) {
            logger.warn("The default number of jobs runs at once", e);
            return CONCURRENT;
        }
    }

    /** Takes over another number of jobs, without ending those that run. */
    @Modified
    void modified(Config config) {
        synchronized (executor) {
            threads = threads(config);
            resize();
        }
    }

    /** Threads that are left to themselves take no place away from others. */
    private void resize() {
        executor.setCorePoolSize(1);
        executor.setMaximumPoolSize(MAX_THREADS + abandoned);
        executor.setCorePoolSize(threads + abandoned);
    }

    private void setAbandoned(int difference) {
        synchronized (executor) {
            abandoned += difference;
            resize();
        }
    }

    /**
     * Starts a job, or has it wait for its turn.
     *
     * @param kind the first part of its identifier, such as {@code train}
     * @param description one line that says what it does
     * @param task the work
     * @param <T> the type of the result
     * @return the job
     */
    public <T> Job<T> submit(String kind, String description, JobTask<T> task) {
        RunningJob<T> job =
                new RunningJob<>(
                        kind + "-" + numbers.next(kind),
                        description,
                        task,
                        promises.deferred(),
                        new Keeper());
        synchronized (jobs) {
            jobs.add(job);
        }
        job.promise().onResolve(() -> listeners.ended(job));
        executor.execute(
                () -> {
                    job.run();
                    if (job.state() == Job.State.ABANDONED) {
                        setAbandoned(-1);
                    }
                });
        return job;
    }

    /** Keeps what is worth remembering of jobs that end, and sees that they do. */
    private final class Keeper implements RunningJob.Observer {

        @Override
        public void started(RunningJob<?> job) {
            listeners.started(job);
        }

        @Override
        public void progressed(RunningJob<?> job, Job.Status status) {
            listeners.progress(job, status);
        }

        @Override
        public void warned(RunningJob<?> job, String message) {
            listeners.warning(job, message);
        }

        @Override
        public void cancelled(RunningJob<?> job) {
            CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(job::abandon);
        }

        @Override
        public <T> void ended(RunningJob<T> job, T result, Throwable error) {
            history.add(job, result, error);
            if (job.state() == Job.State.ABANDONED) {
                setAbandoned(1);
            }
            synchronized (jobs) {
                jobs.replaceAll(other -> other == job ? remembered(job, result, error) : other);
                List<Job<?>> ended = jobs.stream().filter(EndedJob.class::isInstance).toList();
                jobs.removeAll(ended.subList(0, Math.max(0, ended.size() - REMEMBERED)));
            }
        }

        private <T> Job<T> remembered(RunningJob<T> job, T result, Throwable error) {
            return new EndedJob<>(
                    job.id(),
                    job.description(),
                    job.state(),
                    job.started(),
                    job.status(),
                    job.warnings(),
                    job.state() == Job.State.DONE
                            ? promises.resolved(JobHistory.trimmed(result))
                            : promises.failed(error == null ? job.cancellation() : error));
        }
    }

    @Override
    public List<Job<?>> list() {
        synchronized (jobs) {
            return List.copyOf(jobs);
        }
    }

    @Override
    public Optional<Job<?>> find(String id) {
        return list().stream().filter(job -> job.id().equals(id)).findFirst();
    }

    @Override
    public List<JobRecord> history() {
        return history.list();
    }

    /** Cancels all jobs and waits until they have ended, or long enough. */
    @Deactivate
    public void close() {
        List<RunningJob<?>> running = new ArrayList<>();
        for (Job<?> job : list()) {
            if (job instanceof RunningJob<?> active) {
                running.add(active);
            }
        }
        running.forEach(Job::cancel);
        executor.shutdown();
        try {
            long end = System.nanoTime() + grace.toNanos();
            for (RunningJob<?> job : running) {
                job.awaitEnd(end - System.nanoTime());
            }
            if (running.stream().allMatch(RunningJob::isDone)) {
                executor.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.forEach(RunningJob::abandon);
    }
}
