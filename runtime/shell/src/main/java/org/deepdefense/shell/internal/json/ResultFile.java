// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.Set;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.report.json.ResultJson;
import org.deepdefense.shell.internal.console.Console;

/**
 * Where a result goes: checked before the work starts, and written at once when it is done. A link
 * stays a link, and what it leads to is replaced as a whole; devices and pipes are written to.
 */
public final class ResultFile {

    /** Nothing was asked for. */
    static final ResultFile NONE = new ResultFile("", Kind.NOTHING, Path.of(""), null);

    private static final Path STANDARD_OUTPUT = Path.of("-");

    /** Standard output by the names that the system gives it: opening it anew would rewind it. */
    private static final Set<Path> STANDARD_OUTPUTS =
            Set.of(Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    private static final Path DEVICES = Path.of("/dev");
    private static final int MOST_LINKS = 40;

    private enum Kind {
        NOTHING,
        STREAM,
        DEVICE,
        FILE
    }

    private final String option;
    private final Kind kind;
    private final Path target;
    private final PrintStream stream;

    private ResultFile(String option, Kind kind, Path target, PrintStream stream) {
        this.option = option;
        this.kind = kind;
        this.target = target;
        this.stream = stream;
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

    static ResultFile of(Path file, String option, Console console) {
        Path path = console.resolve(file);
        if (file.equals(STANDARD_OUTPUT) || STANDARD_OUTPUTS.contains(path.normalize())) {
            return new ResultFile(option, Kind.STREAM, file, console.data());
        }
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            ResultFile device = new ResultFile(option, Kind.DEVICE, path, null);
            if (!Files.isWritable(path)) {
                throw device.unwritable("it is not writable", null);
            }
            return device;
        }
        ResultFile result = new ResultFile(option, Kind.FILE, followed(path, option), null);
        result.check();
        return result;
    }

    /** Returns what a link leads to, which may not be there yet. */
    private static Path followed(Path path, String option) {
        Path target = path;
        try {
            for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(target); i++) {
                target = target.resolveSibling(Files.readSymbolicLink(target));
            }
            Path parent = target.toAbsolutePath().getParent();
            return parent == null || !Files.isDirectory(parent)
                    ? target
                    : parent.toRealPath().resolve(target.getFileName());
        } catch (IOException e) {
            throw new ResultFile(option, Kind.FILE, path, null).unwritable(reason(e), e);
        }
    }

    private void check() {
        if (Files.isDirectory(target)) {
            throw unwritable("it is a directory", null);
        }
        if (Files.isSymbolicLink(target)) {
            throw unwritable("its links lead round in a circle", null);
        }
        if (!Files.isDirectory(parent())) {
            throw unwritable("its directory does not exist", null);
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw unwritable("it is not writable", null);
        }
        try {
            Files.delete(temporary());
        } catch (IOException e) {
            throw unwritable(
                    Files.isWritable(parent()) ? reason(e) : "its directory is not writable", e);
        }
    }

    /** Returns what two options must not share, if anything. */
    Optional<Object> identity() {
        return switch (kind) {
            case NOTHING -> Optional.empty();
            case STREAM -> Optional.of(STANDARD_OUTPUT);
            case DEVICE -> target.startsWith(DEVICES) ? Optional.empty() : Optional.of(target);
            case FILE -> Optional.of(target);
        };
    }

    /**
     * Tells whether what is written can be looked up in a file afterwards.
     *
     * @return whether a file was named
     */
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /**
     * Writes a result as JSON.
     *
     * @param result the result
     * @throws DeepDefenseException if writing fails
     */
    public void writeJson(Object result) {
        write(
                to ->
                        Files.writeString(
                                to, ResultJson.summary(result) + "\n", StandardCharsets.UTF_8));
    }

    /**
     * Writes content; whoever looks at a file sees the old one or the whole new one.
     *
     * @param content writes the content
     * @throws DeepDefenseException if writing fails
     */
    public void write(Content content) {
        try {
            switch (kind) {
                case NOTHING -> {}
                case STREAM -> {
                    copy(content, stream);
                    if (stream.checkError()) {
                        throw new IOException("standard output is closed or full");
                    }
                }
                case DEVICE -> {
                    try (OutputStream device =
                            Files.newOutputStream(target, StandardOpenOption.APPEND)) {
                        copy(content, device);
                    }
                }
                case FILE -> replace(content);
            }
        } catch (IOException e) {
            throw new DeepDefenseException(
                    option + " " + target + " cannot be written, " + reason(e),
                    "make room there, or name another file",
                    e);
        }
    }

    private static void copy(Content content, OutputStream to) throws IOException {
        Path file = Files.createTempFile("deepdefense-", null);
        try {
            content.write(file);
            Files.copy(file, to);
            to.flush();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void replace(Content content) throws IOException {
        Path file = temporary();
        try {
            content.write(file);
            if (Files.exists(target)) {
                keepPermissions(file);
            }
            Files.move(
                    file,
                    target,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void keepPermissions(Path file) throws IOException {
        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(target));
        }
    }

    /** Not by {@link Files#createTempFile}, whose files only their owner may read. */
    private Path temporary() throws IOException {
        String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp";
        Path file = target.resolveSibling(name);
        Files.deleteIfExists(file);
        return Files.createFile(file);
    }

    private Path parent() {
        return target.toAbsolutePath().getParent();
    }

    /** Without the name of the file, which may be a temporary one. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : String.valueOf(e.getMessage());
    }

    private DeepDefenseException unwritable(String reason, Throwable cause) {
        return new DeepDefenseException(
                option + " " + target + " cannot be written, " + reason,
                "name a file in a directory that exists and is writable",
                cause);
    }
}
