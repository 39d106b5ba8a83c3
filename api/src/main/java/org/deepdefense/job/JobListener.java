// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Learns what becomes of jobs, without asking: a service by this name is told of every job of the
 * engine that begins or goes on while it is registered.
 *
 * <p>Each listener has a thread of its own, so that none holds up a job or another listener; it is
 * told of the events of one job in their order. One that throws anything, or that takes longer than
 * some seconds for an event, is told nothing more until it is registered again; a warning in the
 * log says so.
 *
 * <p>Where Event Admin is there, the same goes out as events with the topics {@code
 * org/deepdefense/job/STARTED}, {@code PROGRESS}, {@code WARNING} and {@code ENDED}. Their
 * properties are {@code id}, {@code description} and {@code state} (the name of a {@link
 * Job.State}), of progress {@code phase}, {@code done}, {@code total} and {@code detail}, of a
 * warning {@code message}.
 */
@ConsumerType
public interface JobListener {

    /**
     * Is told that a job has begun to run. One that is cancelled while it waits for its turn never
     * does.
     *
     * @param job the job
     */
    default void started(Job<?> job) {}

    /**
     * Is told how far a job is, at most ten times a second for each job; what happens faster is
     * left out.
     *
     * @param job the job
     * @param status how far it was when this was reported; by now it may be farther
     */
    default void progress(Job<?> job, Job.Status status) {}

    /**
     * Is told of an oddity, once for each message.
     *
     * @param job the job
     * @param message one sentence
     */
    default void warning(Job<?> job, String message) {}

    /**
     * Is told that a job has ended, in whatever way: its state says how, and its promise is
     * resolved.
     *
     * @param job the job
     */
    default void ended(Job<?> job) {}
}
