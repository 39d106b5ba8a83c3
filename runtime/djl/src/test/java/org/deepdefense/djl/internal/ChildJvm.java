// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run of a main class in a JVM of its own, since PyTorch stays in the JVM that has loaded it.
 *
 * @param code the exit code
 * @param output what it printed to either stream
 */
public record ChildJvm(int code, String output) {

    private static final long PATIENCE_SECONDS = 120;

    /** Runs a class with the class path of this JVM, and waits for its end. */
    public static ChildJvm run(Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(Map.of(), main, arguments);
    }

    /** Runs a class with more variables in its environment. */
    public static ChildJvm run(Map<String, String> environment, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dai.djl.offline=true");
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"));
        builder.environment().remove("TORCH_CPP_LOG_LEVEL");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("still running: " + output);
        }
        return new ChildJvm(process.exitValue(), output);
    }
}
