// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The shell of the distribution on a terminal, which {@code script} of util-linux provides. */
public class ShellIT {

    private static final File TERMINAL = new File("/usr/bin/script");
    private static final String PROMPT = "dd> ";
    private static final char TAB = '\t';

    @Rule public TemporaryFolder folder = new TemporaryFolder();

    private Process process;
    private Path screen;
    private int seen;

    @Before
    public void start() throws IOException {
        assumeTrue(TERMINAL + " is there", TERMINAL.canExecute());
        screen = folder.newFile().toPath();
        ProcessBuilder builder =
                new ProcessBuilder(
                                TERMINAL.getPath(),
                                "-qefc",
                                "stty columns 120 rows 40; exec "
                                        + FelixTest.dist().resolve("bin").resolve("deepdefense")
                                        + " --home "
                                        + folder.getRoot().toPath().resolve("home"),
                                "/dev/null")
                        .redirectErrorStream(true)
                        .redirectOutput(screen.toFile());
        builder.environment().put("TERM", "xterm");
        process = builder.start();
        shows(PROMPT);
    }

    @After
    public void stop() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    @Test
    public void tabCompletesAfterBundlesWereRefreshedAndKeepsNoneOfTheOld() throws Exception {
        completes();
        long loaders = bundleClassLoaders();
        for (String bundle : List.of("engine", "shell", "engine")) {
            type("refresh " + id("org.deepdefense." + bundle) + "\n");
            shows(PROMPT);
            completes();
        }
        Eventually.holds(
                "the class loaders of before are collected", () -> bundleClassLoaders() == loaders);
        type("exit\n");
        process.waitFor(60, TimeUnit.SECONDS);
        assertEquals(0, process.exitValue());
    }

    /** A name from the live registry, which only TAB can finish. */
    private void completes() {
        Eventually.holds(
                "TAB completes an attack",
                () -> {
                    int before = seen;
                    type("attacks jsm" + TAB);
                    type("\n");
                    shows(PROMPT);
                    return screen().substring(before).contains("jsma (attack)");
                });
    }

    private void type(String keys) {
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(screen(), e);
        }
    }

    /** Waits for a text after the one that was waited for before. */
    private void shows(String text) {
        Eventually.holds(text, () -> screen().indexOf(text, seen) >= 0);
        seen = screen().indexOf(text, seen) + text.length();
    }

    private String screen() {
        try {
            return Files.readString(screen, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher installs the bundles by level and name, and numbers follow from that. */
    private static int id(String name) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> levels = Files.list(FelixTest.dist().resolve("bundle"))) {
            for (Path level : levels.sorted().toList()) {
                try (Stream<Path> jars = Files.list(level)) {
                    jars.sorted().map(p -> p.getFileName().toString()).forEach(names::add);
                }
            }
        }
        return 1 + names.indexOf(name + ".jar");
    }

    /** Counts the class loaders of bundles that are alive after a collection. */
    private long bundleClassLoaders() {
        long java =
                process.descendants()
                        .filter(p -> p.info().command().orElse("").endsWith("/java"))
                        .findFirst()
                        .orElseThrow()
                        .pid();
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process histogram =
                    new ProcessBuilder(jcmd.toString(), Long.toString(java), "GC.class_histogram")
                            .start();
            String text =
                    new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.contains("BundleWiringImpl$BundleClassLoader"))
                    .mapToLong(line -> Long.parseLong(line.strip().split(" +", -1)[1]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
