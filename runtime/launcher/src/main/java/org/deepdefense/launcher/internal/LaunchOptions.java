// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What the launcher itself takes from the command line; everything else is the command's.
 *
 * @param home where networks, jobs, logs and the cache live
 * @param properties system properties to set
 * @param command the command and its arguments; empty for a shell
 */
record LaunchOptions(Path home, Map<String, String> properties, List<String> command) {

    static final String HOME = "deepdefense.home";
    private static final String DATA = "deepdefense.data";

    /** Set by the start script where nobody types: there is no shell then, but a script. */
    private static final String INPUT = "deepdefense.input";

    private static final String SCRIPT = "script";
    private static final String COMMANDS_FROM_INPUT = "-";

    static LaunchOptions parse(String[] args, Map<String, String> env, Properties system) {
        Map<String, String> properties = new LinkedHashMap<>();
        List<String> command = new ArrayList<>();
        String home = null;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("--")) {
                command.addAll(List.of(args).subList(i, args.length));
                break;
            } else if (arg.equals("--home")) {
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException("--home needs a directory");
                }
                home = args[++i];
            } else if (arg.startsWith("--home=")) {
                home = arg.substring("--home=".length());
            } else if (command.isEmpty() && arg.startsWith("-D") && arg.indexOf('=') > 2) {
                int equals = arg.indexOf('=');
                properties.put(arg.substring(2, equals), arg.substring(equals + 1));
            } else {
                command.add(arg);
            }
        }
        if (home == null) {
            home = properties.getOrDefault(HOME, system.getProperty(HOME));
        }
        if (home == null) {
            home = env.get("DEEPDEFENSE_HOME");
        }
        if (home != null && home.isBlank()) {
            throw new IllegalArgumentException("the home directory is empty; give --home DIR");
        }
        Path path =
                home == null
                        ? Path.of(system.getProperty("user.home"), ".deepdefense")
                        : directory(home);
        properties.put(HOME, path.toString());
        String data = env.get("DEEPDEFENSE_DATA");
        if (data != null && !data.isBlank() && system.getProperty(DATA) == null) {
            properties.putIfAbsent(DATA, data);
        }
        if (command.isEmpty() && SCRIPT.equals(system.getProperty(INPUT))) {
            command.add(COMMANDS_FROM_INPUT);
        }
        return new LaunchOptions(path, Map.copyOf(properties), List.copyOf(command));
    }

    private static Path directory(String name) {
        try {
            return Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("--home " + name + " is not a path", e);
        }
    }
}
