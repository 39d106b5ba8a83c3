// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The process in which the distribution runs: what its start script and its DJL bundle set. */
final class Surroundings {

    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "MALLOC_MMAP_THRESHOLD_", "1000000000",
                    "MALLOC_TRIM_THRESHOLD_", "4000000000",
                    "MALLOC_ARENA_MAX",
                            Integer.toString(Runtime.getRuntime().availableProcessors()),
                    "OMP_WAIT_POLICY", "PASSIVE");

    private static final Map<String, String> PROPERTIES =
            Map.of(
                    "ai.djl.offline", "true",
                    "OPT_OUT_TRACKING", "true",
                    "ai.djl.pytorch.graph_optimizer", "false",
                    "ai.djl.pytorch.num_threads", "1",
                    "ai.djl.pytorch.num_interop_threads", "1",
                    "org.slf4j.simpleLogger.defaultLogLevel", "warn");

    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms64m",
                    "-Xmn24m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:TieredStopAtLevel=1");

    private Surroundings() {}

    /** Tells whether this process has its environment, which only a parent can give. */
    static boolean isComplete() {
        return System.getenv().keySet().containsAll(ENVIRONMENT.keySet());
    }

    /** Sets the properties that nobody has set; DJL must not have been touched before. */
    static void setProperties() {
        Properties properties = System.getProperties();
        PROPERTIES.forEach(properties::putIfAbsent);
    }

    /**
     * Runs this program in a process of its own that has the environment.
     *
     * @param main the class to run
     * @param args its arguments
     * @return its exit code
     */
    static int rerun(Class<?> main, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        ENVIRONMENT.forEach(builder.environment()::putIfAbsent);
        return builder.start().waitFor();
    }
}
