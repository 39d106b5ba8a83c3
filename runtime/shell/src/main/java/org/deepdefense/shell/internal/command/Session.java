// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.Services;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.JobWaiter;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.shell.internal.json.ResultFiles;
import org.deepdefense.shell.internal.render.ResultText;

/**
 * What a command works with.
 *
 * @param services the services
 * @param console where it runs
 * @param files where its results go
 */
public record Session(Services services, Console console, ResultFiles files) {

    /**
     * Begins a command.
     *
     * @param services the services
     * @param console where it runs
     */
    public Session(Services services, Console console) {
        this(services, console, new ResultFiles(console));
    }

    /** The file that gets a result as JSON. */
    ResultFile json(Optional<Path> json) {
        return files.open(json, "--json");
    }

    /**
     * Waits for a job, shows its result and writes it to a file; or leaves it in the background.
     */
    <T> void finish(Job<T> job, JobOptions options, ResultFile json) throws CommandFailure {
        finish(job, options, json, result -> {});
    }

    <T> void finish(Job<T> job, JobOptions options, ResultFile json, Consumer<T> also)
            throws CommandFailure {
        if (options.background()) {
            console.println("Job " + job.id() + ": " + job.description());
            console.println("Type \"watch " + job.id() + "\" to see it.");
            return;
        }
        T result = new JobWaiter(console).await(job);
        console.println(new ResultText(console.look()).lines(result));
        json.writeJson(result);
        also.accept(result);
    }
}
