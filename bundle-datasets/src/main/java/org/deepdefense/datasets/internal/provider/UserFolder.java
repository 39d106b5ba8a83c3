// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.datasets.internal.format.InputFiles;

/** Finds the files of a data set below the directory that the user named. */
final class UserFolder {

    private UserFolder() {}

    /**
     * Finds the folder that has files of a data set.
     *
     * @param directory what the user named
     * @param folders where the files may be, relative to it; the first that has any is chosen
     * @param names the names of the files
     * @param remedy how to get them
     * @return the folder
     * @throws DeepDefenseException if there is no such directory, or it has none of the files
     */
    static Path find(Path directory, List<String> folders, List<String> names, String remedy) {
        if (!Files.isDirectory(directory)) {
            throw new DeepDefenseException(
                    "The data directory "
                            + directory
                            + (Files.exists(directory) ? " is not a directory" : " does not exist"),
                    "give an existing one with --data DIR, or none to have the data fetched");
        }
        List<Path> candidates = folders.stream().map(directory::resolve).toList();
        return candidates.stream()
                .filter(folder -> names.stream().map(folder::resolve).anyMatch(InputFiles::exists))
                .findFirst()
                .orElseThrow(
                        () ->
                                new DeepDefenseException(
                                        "The data directory "
                                                + directory
                                                + " has none of "
                                                + String.join(", ", names)
                                                + " (looked in "
                                                + candidates.stream()
                                                        .map(Path::toString)
                                                        .collect(Collectors.joining(", "))
                                                + ")",
                                        remedy));
    }
}
