// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.Locale;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.command.JobListener;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.render.ErrorText;
import org.jline.reader.LineReader;

/**
 * Tells of the jobs of a Gogo session that do not run in the foreground, above the line that its
 * user types at that moment; those that fail are said to have failed, and why.
 */
final class BackgroundJobs implements JobListener {

    private final LineReader reader;
    private final Look look;

    BackgroundJobs(LineReader reader, Look look) {
        this.reader = reader;
        this.look = look;
    }

    @Override
    public void jobChanged(Job job, Status previous, Status current) {
        if (!isApart(previous) && !isApart(current)) {
            return;
        }
        Exception failure =
                current == Status.Done && job.result() != null ? job.result().exception() : null;
        String line =
                look.text("[" + job.id() + "]  " + state(current, failure) + "  " + job.command());
        reader.printAbove(
                failure instanceof CommandFailure told
                        ? line + "\n" + new ErrorText(look).text(told)
                        : line);
    }

    private static String state(Status current, Exception failure) {
        if (failure instanceof InterruptedException) {
            return "cancelled";
        }
        return failure == null ? current.name().toLowerCase(Locale.ROOT) : "failed";
    }

    private static boolean isApart(Status status) {
        return status == Status.Background || status == Status.Suspended;
    }
}
