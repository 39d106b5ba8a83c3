// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.examples.embedding;

import org.deepdefense.job.Job;
import org.deepdefense.job.JobListener;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into the log of the application what becomes of jobs. */
@Component
public final class JobLog implements JobListener {

    private static final Logger logger = LoggerFactory.getLogger(JobLog.class);

    @Override
    public void progress(Job<?> job, Job.Status status) {
        logger.debug("{}: {} {}/{}", job.id(), status.phase(), status.done(), status.total());
    }

    @Override
    public void ended(Job<?> job) {
        logger.info("{} ({}) is {}", job.id(), job.description(), job.state());
    }
}
