// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;

/** Finds jobs. */
final class JobNames {

    private JobNames() {}

    static Job<?> find(Session session, String id) throws CommandFailure {
        return session.services()
                .jobs()
                .find(id)
                .orElseThrow(
                        () ->
                                new CommandFailure(
                                        CommandFailure.FAILED,
                                        "there is no job \""
                                                + id
                                                + "\"; \"jobs\" lists those that there are"));
    }
}
