// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.JobWaiter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Leaves the shell. */
@Command(
        name = "exit",
        description = {
            "Leaves the shell, or ends a script.",
            "Jobs that are still running are cancelled then, after a question; a training that is"
                    + " started again goes on where it was."
        })
public final class ExitCommand implements ShellCommand {

    @Option(names = "--wait", description = "Wait until the running jobs have ended, then leave.")
    private boolean wait;

    @Override
    public void run(Session session) throws CommandFailure {
        Console console = session.console();
        List<Job<?>> jobs = running(session.services().jobs().list());
        if (wait) {
            for (Job<?> job : jobs) {
                if (!new JobWaiter(console).watch(job)) {
                    throw new CommandFailure(
                            CommandFailure.CANCELLED, "still here; the jobs go on");
                }
            }
        }
        List<String> busy = wait || !jobs.isEmpty() ? names(jobs) : console.exit().background();
        if (!wait && !busy.isEmpty() && !console.exit().confirm(question(busy))) {
            console.println("Still here; \"exit --wait\" leaves when the jobs have ended.");
            return;
        }
        console.exit().leave();
    }

    /**
     * Returns the jobs that an end of the process would cancel.
     *
     * @param jobs jobs
     * @return those that have not ended
     */
    public static List<Job<?>> running(List<Job<?>> jobs) {
        return jobs.stream()
                .filter(job -> job.state() == Job.State.RUNNING || job.state() == Job.State.QUEUED)
                .toList();
    }

    private static List<String> names(List<Job<?>> jobs) {
        return jobs.stream().map(job -> job.id() + " (" + job.description() + ")").toList();
    }

    private static String question(List<String> busy) {
        return String.join(", ", busy)
                + (busy.size() == 1 ? " is" : " are")
                + " still running. Cancel and leave?";
    }
}
