// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The installed files, which are only ever read.
 *
 * @param root the directory that holds {@code bin}, {@code bundle}, {@code etc}, {@code lib} and
 *     {@code plugins}
 */
record Installation(Path root) {

    /**
     * The bundles by start level: {@code bundle/3/x.jar} starts at level 3. At the last level is
     * the shell that talks to a terminal; a single command does without.
     */
    NavigableMap<Integer, List<Path>> bundles() throws IOException {
        NavigableMap<Integer, List<Path>> levels = new TreeMap<>();
        Path bundle = root.resolve("bundle");
        for (Path level : list(bundle)) {
            if (Files.isDirectory(level)) {
                levels.put(
                        Integer.valueOf(level.getFileName().toString()),
                        list(level).stream().filter(p -> p.toString().endsWith(".jar")).toList());
            }
        }
        if (levels.isEmpty()) {
            throw new IOException("no bundles below " + bundle);
        }
        return levels;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
