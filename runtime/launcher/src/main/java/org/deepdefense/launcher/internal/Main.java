// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.nio.file.Path;

/** Entry point of the distribution: {@code java -jar lib/org.deepdefense.launcher.jar}. */
public final class Main {

    /** The command line could not be understood. */
    private static final int USAGE = 2;

    /** The framework could not be started. */
    private static final int BROKEN = 70;

    private Main() {}

    /**
     * Starts the framework, runs one command or a shell, and exits.
     *
     * @param args options of the launcher and the command; none for a shell
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        LaunchOptions options;
        try {
            options = LaunchOptions.parse(args, System.getenv(), System.getProperties());
        } catch (IllegalArgumentException e) {
            return fail(USAGE, e.getMessage());
        }
        System.getProperties().putAll(options.properties());
        try {
            Path lib =
                    Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Installation installation = new Installation(lib.getParent().getParent());
            return new Launcher(installation, options.home()).run(options.command());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(BROKEN, "interrupted");
        } catch (Exception e) {
            return fail(BROKEN, "cannot start: " + e);
        }
    }

    private static int fail(int code, String message) {
        System.err.println("deepdefense: " + message);
        return code;
    }
}
