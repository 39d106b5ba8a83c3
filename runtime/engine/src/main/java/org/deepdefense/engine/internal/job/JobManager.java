package org.deepdefense.engine.internal.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.job.Jobs;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.promise.PromiseFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs trainings and evaluations on threads of its own, and remembers them. */
@Component(
        service = {Jobs.class, JobManager.class},
        configurationPid = JobManager.PID)
@Designate(ocd = JobManager.Config.class)
public final class JobManager implements Jobs {

    static final String PID = "org.deepdefense.jobs";

    private static final int MAX_THREADS = 64;
    private static final long SECONDS_TO_END = 30;
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
        int concurrent() default 2;
    }

    private static final int HISTORY = 1000;

    // A list that is only appended to, so that jobs keep the order in which they were started.
    private final List<RunningJob<?>> jobs = new ArrayList<>();
    private final Map<String, AtomicInteger> counters = new ConcurrentHashMap<>();
    private final PromiseFactory promises = new PromiseFactory(null);
    private final JobHistory history;
    private final ThreadPoolExecutor executor;

    /**
     * Starts the threads.
     *
     * @param home where ended jobs are recorded
     * @param config how many threads
     */
    @Activate
    public JobManager(@Reference Home home, Config config) {
        history = new JobHistory(home, HISTORY);
        executor =
                new ThreadPoolExecutor(
                        threads(config),
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

    private static int threads(Config config) {
        return Math.min(MAX_THREADS, Math.max(1, config.concurrent()));
    }

    /** Takes over another number of jobs, without ending those that run. */
    @Modified
    void modified(Config config) {
        executor.setCorePoolSize(threads(config));
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
        int number = counters.computeIfAbsent(kind, key -> new AtomicInteger()).incrementAndGet();
        RunningJob<T> job =
                new RunningJob<>(
                        kind + "-" + number, description, task, promises.deferred(), history);
        synchronized (jobs) {
            jobs.add(job);
        }
        executor.execute(job);
        return job;
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

    /** Cancels all jobs and waits until they have ended. */
    @Deactivate
    public void close() {
        list().forEach(Job::cancel);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                logger.warn(
                        "Jobs are still running {} s after they were cancelled", SECONDS_TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
