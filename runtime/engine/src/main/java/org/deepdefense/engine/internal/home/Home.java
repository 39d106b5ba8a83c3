// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The directory in which the engine keeps what it makes: the framework or system property {@code
 * deepdefense.home}, else the environment variable {@code DEEPDEFENSE_HOME}, else {@code
 * .deepdefense} in the user's directory. Directories are created by what is first written to them.
 */
@Component(service = Home.class)
public final class Home {

    private final Path directory;

    /**
     * Finds the directory.
     *
     * @param context gives access to framework and system properties
     */
    @Activate
    public Home(BundleContext context) {
        this(
                Stream.of(
                                context.getProperty("deepdefense.home"),
                                System.getenv("DEEPDEFENSE_HOME"))
                        .flatMap(value -> Optional.ofNullable(value).stream())
                        .filter(value -> !value.isBlank())
                        .map(Path::of)
                        .findFirst()
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".deepdefense")));
    }

    /**
     * Uses a directory.
     *
     * @param directory the directory, which may not exist yet
     */
    public Home(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /**
     * Returns the directory of saved networks.
     *
     * @return a directory that may not exist yet
     */
    public Path networks() {
        return directory.resolve("networks");
    }

    /**
     * Returns the directory of the checkpoints of trainings.
     *
     * @return a directory that may not exist yet
     */
    public Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    /**
     * Returns the directory of the records of jobs.
     *
     * @return a directory that may not exist yet
     */
    public Path jobs() {
        return directory.resolve("jobs");
    }

    /**
     * Returns the directory of downloads.
     *
     * @return a directory that may not exist yet
     */
    public Path cache() {
        return directory.resolve("cache");
    }

    /**
     * Returns the directory of the results of evaluations, which can be deleted at any time.
     *
     * @return a directory that may not exist yet
     */
    public Path results() {
        return cache().resolve("results");
    }

    /**
     * Returns the file that is locked, for moments, by a process that changes what several may
     * change: networks, and which trainings there are.
     *
     * @return a file for {@link LockFile#lock}
     */
    public Path lock() {
        return directory.resolve(".lock");
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
