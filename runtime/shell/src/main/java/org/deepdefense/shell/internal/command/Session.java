package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.Services;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.JobWaiter;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.shell.internal.render.ResultText;

/**
 * What a command works with.
 *
 * @param services the services
 * @param console where it runs
 */
public record Session(Services services, Console console) {

    void print(List<String> lines) {
        lines.forEach(console.out()::println);
    }

    /** The options that decide what becomes of a job's result. */
    ResultFile resultFile(Optional<Path> json) {
        return ResultFile.open(json.map(console::resolve), "--json");
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
            console.out().println("Job " + job.id() + ": " + job.description());
            console.out().println("Type \"watch " + job.id() + "\" to see it.");
            return;
        }
        T result = new JobWaiter(console).await(job);
        print(new ResultText(console.look()).lines(result));
        json.writeJson(result);
        also.accept(result);
    }
}
