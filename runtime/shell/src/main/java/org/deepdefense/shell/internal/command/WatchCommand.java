// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.console.JobWaiter;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.shell.internal.render.ResultText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a job. */
@Command(
        name = "watch",
        description = {
            "Shows the progress of a job until it ends, and then its result.",
            "Ctrl-C stops watching, not the job."
        })
public final class WatchCommand implements ShellCommand {

    @Parameters(paramLabel = Labels.JOB, description = "The job's id.")
    private String id;

    @Option(
            names = "--json",
            paramLabel = Labels.FILE,
            description = "Also write the result to this file, as JSON; - for standard output.")
    private Optional<Path> file = Optional.empty();

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = session.json(file);
        Job<?> job = JobNames.find(session, id);
        JobWaiter waiter = new JobWaiter(session.console());
        if (!waiter.watch(job)) {
            session.console().println("Job " + id + " goes on.");
            return;
        }
        Object result = waiter.await(job);
        session.console().println(new ResultText(session.console().look()).lines(result));
        json.writeJson(result);
    }
}
