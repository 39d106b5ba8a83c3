// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;

/** What runs and ran. */
public final class JobText {

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public JobText(Look look) {
        this.look = look;
    }

    /**
     * Lists jobs.
     *
     * @param jobs the jobs
     * @return lines
     */
    public List<String> list(List<Job<?>> jobs) {
        TextTable table =
                new TextTable(look)
                        .left("ID")
                        .left("STATE")
                        .left("STARTED")
                        .left("PROGRESS")
                        .wrapped("WHAT");
        for (Job<?> job : jobs) {
            table.row(
                    List.of(
                            job.id(),
                            job.state().name().toLowerCase(Locale.ROOT),
                            Times.local(job.started()),
                            progress(job),
                            job.description()));
        }
        return table.lines();
    }

    /**
     * Lists jobs that have ended.
     *
     * @param jobs their records
     * @return lines
     */
    public List<String> history(List<JobRecord> jobs) {
        TextTable table =
                new TextTable(look)
                        .left("ID")
                        .left("STATE")
                        .left("STARTED")
                        .right("TOOK")
                        .wrapped("WHAT");
        for (JobRecord job : jobs) {
            table.row(
                    List.of(
                            job.id(),
                            job.state().name().toLowerCase(Locale.ROOT),
                            Times.local(job.started()),
                            Times.duration(Duration.between(job.started(), job.ended())),
                            job.description() + job.error().map(error -> ": " + error).orElse("")));
        }
        return table.lines();
    }

    private static String progress(Job<?> job) {
        Job.Status status = job.status();
        if (job.state() == Job.State.ABANDONED) {
            return status.phase() + ": " + status.detail();
        }
        if (job.state() != Job.State.RUNNING) {
            return "";
        }
        String text = status.phase();
        if (status.total() > 0) {
            text += " " + status.done() * 100 / status.total() + " %";
        }
        return text + status.eta().map(eta -> ", " + left(eta)).orElse("");
    }

    private static String left(Duration eta) {
        return Times.duration(eta) + " left";
    }
}
