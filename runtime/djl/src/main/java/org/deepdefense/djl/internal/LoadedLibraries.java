// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The libraries of PyTorch that are in this process, whoever loaded them: a second PyTorch would
 * abort it.
 *
 * <p>Linux tells what is mapped. Elsewhere only a system property tells, which counts for all class
 * loaders of a JVM, and which those who load PyTorch through this package set.
 */
final class LoadedLibraries {

    /** Says who loads, or has loaded, PyTorch. */
    static final String OWNER = "org.deepdefense.djl.owner";

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Pattern PYTORCH =
            Pattern.compile(".*lib(torch|c10|djl_torch|caffe2)[^/]*\\.so[^/]*");

    private LoadedLibraries() {}

    /** Returns the files, none where the system does not tell. */
    static List<Path> find() {
        if (!Files.isReadable(MAPS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return find(lines);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + MAPS, e);
        }
    }

    static List<Path> find(Stream<String> maps) {
        return maps.filter(line -> line.indexOf('/') > 0)
                .map(line -> line.substring(line.indexOf('/')))
                .filter(path -> PYTORCH.matcher(path).matches())
                .distinct()
                .map(Path::of)
                .toList();
    }

    /**
     * Makes this class loader the one that loads PyTorch.
     *
     * @param directory files below it are the ones that are to be loaded and do not count; null if
     *     they all count
     * @return where there is one already, or null if there is none
     */
    static String claim(String directory) {
        List<Path> others =
                find().stream().filter(p -> directory == null || !p.startsWith(directory)).toList();
        if (!others.isEmpty()) {
            return others.get(0).toString();
        }
        return (String)
                System.getProperties()
                        .putIfAbsent(OWNER, String.valueOf(LoadedLibraries.class.getClassLoader()));
    }

    /**
     * Gives the claim back if nothing came of it.
     *
     * @return whether it still holds
     */
    static boolean keep() {
        boolean nothing = Files.isReadable(MAPS) && find().isEmpty();
        if (nothing) {
            System.clearProperty(OWNER);
        }
        return !nothing;
    }
}
