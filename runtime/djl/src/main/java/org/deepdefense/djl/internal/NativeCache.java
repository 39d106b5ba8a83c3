// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory to which DJL unpacks PyTorch's native library, some hundred megabytes, once for all
 * who use it.
 *
 * <p>DJL unpacks beside the place and moves what it unpacked there, but it looks for one file only,
 * and two processes that start for the first time do the work twice and may remove each other's. So
 * they take turns here, and what is not whole is unpacked anew.
 */
final class NativeCache {

    /** The setting of DJL that names the directory above. */
    static final String SETTING = "DJL_CACHE_DIR";

    private static final Logger logger = LoggerFactory.getLogger(NativeCache.class);

    private static final String SETTING_OF_ENGINES = "ENGINE_CACHE_DIR";
    private static final String LOCK = "unpack.lock";

    private final Path directory;

    /** Whether nobody but this class and the DJL beside it unpacks here. */
    private final boolean exclusive;

    NativeCache(Path directory, boolean exclusive) {
        this.directory = directory;
        this.exclusive = exclusive;
    }

    /** The one that DJL will use. */
    static NativeCache current() {
        Path directory = Utils.getEngineCacheDir("pytorch");
        Path standard = standard(System.getenv(), System.getProperties()).resolve("pytorch");
        return new NativeCache(directory, directory.equals(standard));
    }

    Path directory() {
        return directory;
    }

    /**
     * Tells DJL the directory, unless the environment or a system property has.
     *
     * @param setting finds the settings of the framework
     */
    static void choose(UnaryOperator<String> setting) {
        if (isSet(SETTING) || isSet(SETTING_OF_ENGINES)) {
            return;
        }
        Path standard = standard(System.getenv(), System.getProperties());
        String chosen = chosen(setting, standard);
        if (chosen != null) {
            System.setProperty(SETTING, chosen);
        }
    }

    /**
     * Chooses what the framework is set to, or the user's cache, which is the same for all homes of
     * this software, or where that cannot be written, this home; null leaves it to DJL.
     */
    static String chosen(UnaryOperator<String> setting, Path standard) {
        String given = setting.apply(SETTING);
        if (given != null) {
            return given;
        }
        if (isWritable(standard)) {
            return standard.toString();
        }
        String home = setting.apply("deepdefense.home");
        return home == null ? null : Path.of(home, "cache", "djl").toString();
    }

    private static boolean isSet(String setting) {
        String value = Utils.getEnvOrSystemProperty(setting);
        return value != null && !value.isEmpty();
    }

    /** The user's cache, where the platform has it. */
    static Path standard(Map<String, String> environment, Properties system) {
        String cache = environment.get("XDG_CACHE_HOME");
        if (cache == null || !Path.of(cache).isAbsolute()) {
            cache = environment.get("LOCALAPPDATA");
        }
        Path base =
                cache == null ? Path.of(system.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("deepdefense").resolve("djl");
    }

    private static boolean isWritable(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isDirectory(existing) && Files.isWritable(existing);
    }

    /**
     * Runs what loads the library, alone on this machine if it has to be unpacked.
     *
     * @param library what is unpacked
     * @param load loads it
     * @return what was loaded
     */
    <T> T around(NativeLibrary library, Supplier<T> load) {
        NativeLibrary.Archive archive =
                library.override() == null ? library.archive().orElse(null) : null;
        if (archive == null || (isWhole(archive) && litter(archive).isEmpty())) {
            return load.get();
        }
        FileChannel lock = lock();
        try {
            if (lock != null) {
                litter(archive).forEach(Utils::deleteQuietly);
                if (!isWhole(archive)) {
                    Utils.deleteQuietly(place(archive));
                }
            }
            return load.get();
        } finally {
            close(lock);
        }
    }

    /** Returns the lock, or null where none can be had; then DJL says why it cannot write. */
    private FileChannel lock() {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel =
                    FileChannel.open(
                            directory.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (IOException e) {
            logger.debug("{} cannot be locked", directory, e);
            close(channel);
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            logger.debug("a lock cannot be closed", e);
        }
    }

    Path place(NativeLibrary.Archive archive) {
        return directory.resolve(
                archive.version() + "-" + archive.flavor() + "-" + archive.classifier());
    }

    /** Tells whether all files are there, in the size that they have in the archive. */
    private boolean isWhole(NativeLibrary.Archive archive) {
        String folder = archive.flavor() + "/" + archive.classifier() + "/";
        String jni = System.mapLibraryName("djl_torch");
        Path jniFile = place(archive).resolve(Engine.getDjlVersion() + "-" + jni);
        return archive.files().stream()
                        .allMatch(
                                f -> hasSizeOf("pytorch/" + folder + f, place(archive).resolve(f)))
                && (Files.notExists(jniFile)
                        || hasSizeOf(
                                "jnilib/"
                                        + archive.classifier()
                                        + "/"
                                        + archive.flavor()
                                        + "/"
                                        + jni,
                                jniFile));
    }

    private static boolean hasSizeOf(String resource, Path file) {
        URL url = NativeCache.class.getClassLoader().getResource(resource);
        try {
            return url != null
                    && Files.isRegularFile(file)
                    && Files.size(file) == url.openConnection().getContentLengthLong();
        } catch (IOException e) {
            return false;
        }
    }

    /** What killed processes left; in a place that others use too it may be somebody's work. */
    private List<Path> litter(NativeLibrary.Archive archive) {
        return exclusive
                ? Stream.of(list(directory, "tmp*"), list(place(archive), "jni*tmp"))
                        .flatMap(List::stream)
                        .toList()
                : List.of();
    }

    private static List<Path> list(Path directory, String names) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, names)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // Nothing has been unpacked here yet, or somebody else is removing it.
            logger.debug("{} cannot be listed", directory, e);
        }
        return found;
    }
}
