// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.time.Instant;
import java.util.List;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.report.text.JobText;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists jobs. */
@Command(
        name = "jobs",
        description = "Lists the jobs of this process, running and ended, or of all.")
public final class JobsCommand implements ShellCommand {

    @Option(
            names = "--history",
            description = "List the last thousand jobs that ended, in earlier processes too.")
    private boolean history;

    @Mixin private ListOptions options;

    /** What scripts get of a job. */
    private record Entry(
            String id,
            String description,
            Job.State state,
            Instant started,
            Job.Status status,
            List<String> warnings) {}

    @Override
    public void run(Session session) {
        ResultFile json = options.open(session);
        if (history) {
            List<JobRecord> records = session.services().jobs().history();
            if (records.isEmpty()) {
                session.console().println("No job has ended.");
            } else {
                session.console().println(new JobText(session.console().look()).history(records));
            }
            json.writeJson(records);
            return;
        }
        List<Job<?>> jobs = session.services().jobs().list();
        if (jobs.isEmpty()) {
            session.console().println("No job has been started.");
        } else {
            session.console().println(new JobText(session.console().look()).list(jobs));
        }
        json.writeJson(
                jobs.stream()
                        .map(
                                j ->
                                        new Entry(
                                                j.id(),
                                                j.description(),
                                                j.state(),
                                                j.started(),
                                                j.status(),
                                                j.warnings()))
                        .toList());
    }
}
