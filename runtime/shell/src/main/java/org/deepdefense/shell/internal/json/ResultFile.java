package org.deepdefense.shell.internal.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;

/** A file for results: checked before the work starts, and written at once when it is done. */
public final class ResultFile {

    private final Optional<Path> file;
    private final String option;

    private ResultFile(Optional<Path> file, String option) {
        this.file = file;
        this.option = option;
    }

    /** What writes the content. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes the content.
         *
         * @param to an empty file
         * @throws IOException if that fails
         */
        void write(Path to) throws IOException;
    }

    /**
     * Checks that a file can be written.
     *
     * @param file the file, or nothing for a result file that is never written
     * @param option the option that names the file
     * @return the result file
     * @throws DeepDefenseException if it cannot be written
     */
    public static ResultFile open(Optional<Path> file, String option) {
        ResultFile result = new ResultFile(file, option);
        file.ifPresent(
                path -> {
                    if (Files.isDirectory(path)) {
                        throw result.unwritable("it is a directory", null);
                    }
                    try {
                        if (isDevice(path)) {
                            return;
                        }
                        Files.delete(temporary(path));
                    } catch (IOException e) {
                        throw result.unwritable(
                                Files.isDirectory(parent(path))
                                        ? "its directory is not writable"
                                        : "its directory does not exist",
                                e);
                    }
                });
        return result;
    }

    /**
     * Writes a result as JSON.
     *
     * @param result the result
     * @throws DeepDefenseException if writing fails
     */
    public void writeJson(Object result) {
        write(to -> Files.writeString(to, Json.write(result), StandardCharsets.UTF_8));
    }

    /**
     * Writes content; whoever looks sees the old file or the whole new one.
     *
     * @param content writes the content
     * @throws DeepDefenseException if writing fails
     */
    public void write(Content content) {
        if (file.isEmpty()) {
            return;
        }
        Path path = file.get();
        try {
            if (isDevice(path)) {
                content.write(path);
                return;
            }
            Path temporary = temporary(path);
            try {
                content.write(temporary);
                Files.move(
                        temporary,
                        path,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw unwritable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Something like {@code /dev/stdout}, which must not be replaced. */
    private static boolean isDevice(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    /** Not by {@link Files#createTempFile}, whose files only their owner may read. */
    private static Path temporary(Path path) throws IOException {
        Path temporary =
                parent(path)
                        .resolve(
                                "."
                                        + path.getFileName()
                                        + "."
                                        + ProcessHandle.current().pid()
                                        + ".tmp");
        Files.deleteIfExists(temporary);
        return Files.createFile(temporary);
    }

    private static Path parent(Path path) {
        return path.toAbsolutePath().getParent();
    }

    private DeepDefenseException unwritable(String reason, Throwable cause) {
        return new DeepDefenseException(
                option + " " + file.orElseThrow() + " cannot be written, " + reason,
                "name a file in a directory that exists and is writable",
                cause);
    }
}
