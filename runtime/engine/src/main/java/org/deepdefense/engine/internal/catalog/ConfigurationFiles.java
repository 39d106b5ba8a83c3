// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The files that File Install makes configurations of. What it cannot read it only logs. */
final class ConfigurationFiles {

    /** The framework property with the directories that File Install watches. */
    static final String DIRECTORIES = "felix.fileinstall.dir";

    private static final String FILE = "felix.fileinstall.filename";
    private static final String EXTENSION = ".cfg";

    private final List<File> directories = new ArrayList<>();
    private final Duration latency;

    /**
     * Looks into directories.
     *
     * @param list their names, separated by commas, or null
     * @param latency how long it takes until a file is read
     */
    ConfigurationFiles(String list, Duration latency) {
        this.latency = latency;
        if (list != null) {
            for (String name : list.split(",", -1)) {
                directories.add(new File(name.strip()).getAbsoluteFile());
            }
        }
    }

    /** Returns the address of the file that a configuration comes from. */
    static Optional<String> address(Map<String, ?> properties) {
        return Optional.ofNullable(properties.get(FILE)).map(Object::toString);
    }

    /** Returns the name of the file that a configuration comes from. */
    static Optional<String> name(Map<String, ?> properties) {
        return address(properties).map(uri -> uri.replaceFirst(".*/", ""));
    }

    /**
     * Returns for what a file was meant whose name has the hyphens of a plug-in's: File Install
     * takes what follows the first for the name of one of several configurations, so that a PID has
     * underscores instead.
     *
     * @param file the name of the file
     * @param pid what File Install has made of it
     * @param known PIDs by whatever
     * @return another PID, the longest if there are several
     */
    static Optional<String> meant(String file, String pid, Map<String, String> known) {
        String underscored = file.replaceFirst("\\.[^.]*$", "").replace('-', '_') + "_";
        return known.values().stream()
                .filter(other -> underscored.startsWith(other + "_"))
                .max(Comparator.comparingInt(String::length))
                .filter(other -> !other.equals(pid));
    }

    /**
     * Returns which files no configuration was made of, a line each.
     *
     * @param read the addresses of those that were read
     * @param relevant tells by the PID whether a file matters
     */
    List<String> unread(Set<String> read, Predicate<String> relevant) {
        List<String> problems = new ArrayList<>();
        long newest = System.currentTimeMillis() - latency.toMillis();
        for (File directory : directories) {
            File[] files = directory.listFiles((parent, name) -> name.endsWith(EXTENSION));
            for (File file : files == null ? new File[0] : files) {
                if (file.lastModified() < newest
                        && relevant.test(file.getName().replaceFirst("([-~].*)?\\.cfg$", ""))
                        && !read.contains(file.toURI().toString())) {
                    problems.add(
                            file.getName()
                                    + " is not in force, because it could not be read: correct it"
                                    + " (the log says what is wrong), or remove it");
                }
            }
        }
        return problems;
    }
}
