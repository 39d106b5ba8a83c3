// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Locale;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Cancels a job. */
@Command(
        name = "cancel",
        description = "Cancels a job. A training that is started again goes on where it was.")
public final class CancelCommand implements ShellCommand {

    @Parameters(paramLabel = Labels.JOB, description = "The job's id.")
    private String id;

    @Override
    public void run(Session session) throws CommandFailure {
        Job<?> job = JobNames.find(session, id);
        if (job.promise().isDone()) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "job "
                            + id
                            + " has ended: it is "
                            + job.state().name().toLowerCase(Locale.ROOT));
        }
        job.cancel();
        session.console().println("Cancelled: " + job.description());
    }
}
