// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** Tests that run the start script of the distribution, as a user does. */
public abstract class StartScriptTest {

    private static final long PATIENCE_SECONDS = 120;

    @Rule public TemporaryFolder folder = new TemporaryFolder();

    record Outcome(int code, String out, String err) {}

    record Running(Process process, Path out, Path err) {

        Outcome await() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                fail("still running after " + PATIENCE_SECONDS + " s: " + Files.readString(out));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        /** Nothing in the process notices. */
        void kill() throws InterruptedException {
            handles().forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }

        /** Tells whether a message is about this process, or one that the script started. */
        boolean isNamedIn(String message) {
            return handles().anyMatch(handle -> message.contains("Process " + handle.pid() + " "));
        }

        private Stream<ProcessHandle> handles() {
            return Stream.concat(process.descendants(), Stream.of(process.toHandle()));
        }
    }

    static Path script() {
        return FelixTest.dist().resolve("bin").resolve("deepdefense");
    }

    String home() {
        return folder.getRoot().toPath().resolve("home").toString();
    }

    Path temporary() throws IOException {
        return Files.createDirectories(folder.getRoot().toPath().resolve("tmp"));
    }

    Outcome run(Map<String, String> env, String... command) throws Exception {
        return start(env, command).await();
    }

    Running start(Map<String, String> env, String... command) throws IOException {
        File out = folder.newFile();
        File err = folder.newFile();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out)
                        .redirectError(err);
        builder.environment().remove("DEEPDEFENSE_HOME");
        builder.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + temporary());
        builder.environment().putAll(env);
        return new Running(builder.start(), out.toPath(), err.toPath());
    }
}
