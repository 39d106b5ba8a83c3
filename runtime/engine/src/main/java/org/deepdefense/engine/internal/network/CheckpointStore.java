// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Claims;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.home.Names;
import org.deepdefense.report.internal.json.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of trainings. Each is one file of arrays, the state among them, and the one
 * before it is kept, so that a damaged file costs the steps since then and not the training.
 */
@Component(service = CheckpointStore.class)
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final String LATEST = "checkpoint.npz";
    private static final String PREVIOUS = "previous.npz";
    private static final String STATE = "state.json";
    private static final String RESULT = "result.txt";
    private static final String OUTDATED = ".outdated";
    private static final String TRASH = ".trash";

    /** While one is written there are the two before it. */
    private static final int MOST_FILES = 3;

    private final Path directory;
    private final Home home;
    private final Claims claims;

    /**
     * Opens the store, and removes what a process that was killed was writing.
     *
     * @param home where checkpoints are kept
     */
    @Activate
    public CheckpointStore(@Reference Home home) {
        directory = home.checkpoints();
        this.home = home;
        claims = new Claims(directory, home);
        AtomicFiles.tidying(home, directory, this::tidy);
    }

    /**
     * A checkpoint in memory.
     *
     * @param arrays weights, momentum and whatever else was saved, by name
     * @param state where the training is
     * @param <T> the type of the state
     */
    public record Checkpoint<T>(Map<String, NDArray> arrays, T state) {}

    /**
     * Claims a name for a training.
     *
     * @param name the name of the training
     * @return a claim, which keeps others from training by this name until it is closed or this
     *     process ends
     * @throws DeepDefenseException if somebody trains by this name, or the home can't be written
     */
    public Claims.Claim claim(String name) {
        return claims.claim(name);
    }

    /**
     * Checks that the disk has room for the checkpoints of a training, so that it is known before
     * hours of work.
     *
     * @param name the name of the training
     * @param bytes the size of a checkpoint
     * @throws DeepDefenseException if it has not
     */
    public void requireRoom(String name, long bytes) {
        AtomicFiles.changing(
                place(name),
                () -> {
                    Files.createDirectories(directory);
                    long wanted = MOST_FILES * bytes - size(place(name));
                    long free = Files.getFileStore(directory).getUsableSpace();
                    if (free < wanted) {
                        throw new IOException(
                                "its disk has %,d kB left, and checkpoints take %,d"
                                        .formatted(free >> 10, wanted >> 10));
                    }
                });
    }

    private static long size(Path place) throws IOException {
        long size = 0;
        for (String file : List.of(LATEST, PREVIOUS)) {
            Path path = place.resolve(file);
            size += Files.exists(path) ? Files.size(path) : 0;
        }
        return size;
    }

    /**
     * Writes a checkpoint.
     *
     * @param name the name of the training
     * @param arrays what to restore, by name
     * @param state where the training is: a record
     * @throws DeepDefenseException if it can't be written; the checkpoint before is unchanged then
     */
    public void save(String name, Map<String, NDArray> arrays, Object state) {
        Path place = place(name);
        AtomicFiles.writeKeeping(
                place.resolve(LATEST),
                place.resolve(PREVIOUS),
                stream -> write(arrays, state, stream));
    }

    private static void write(Map<String, NDArray> arrays, Object state, OutputStream stream)
            throws IOException {
        try (NDManager scratch = NDManager.newBaseManager()) {
            Map<String, NDArray> contents = new LinkedHashMap<>(arrays);
            byte[] json = Json.write(state).getBytes(StandardCharsets.UTF_8);
            contents.put(STATE, scratch.create(json));
            Npz.write(contents, stream);
        }
    }

    /**
     * Reads the latest checkpoint that is whole.
     *
     * @param name the name of the training
     * @param manager the owner of the arrays
     * @param type the type of the state
     * @param <T> the type of the state
     * @return the checkpoint, or nothing if there is none
     * @throws DeepDefenseException if there is none that is whole
     */
    public <T> Optional<Checkpoint<T>> load(String name, NDManager manager, Class<T> type) {
        Path place = place(name);
        Optional<DeepDefenseException> damage = Optional.empty();
        for (String file : List.of(LATEST, PREVIOUS)) {
            Path path = place.resolve(file);
            if (Files.exists(path)) {
                try {
                    return Optional.of(read(path, manager, type));
                } catch (DeepDefenseException e) {
                    LOG.warn("A checkpoint can't be used: {}", e.getMessage(), e);
                    damage = Optional.of(damage.orElse(e));
                }
            }
        }
        if (damage.isPresent()) {
            throw new DeepDefenseException(
                    "The checkpoint of " + name + " in " + place + " is damaged",
                    "discard it and train from the beginning",
                    damage.get());
        }
        return Optional.empty();
    }

    private static <T> Checkpoint<T> read(Path file, NDManager manager, Class<T> type) {
        try {
            Map<String, NDArray> arrays = Npz.read(file, manager);
            try (NDArray state = arrays.remove(STATE)) {
                if (state == null) {
                    throw new IllegalArgumentException("it has no " + STATE);
                }
                String json = new String(state.toByteArray(), StandardCharsets.UTF_8);
                return new Checkpoint<>(arrays, Json.read(json, type));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new DeepDefenseException(
                    file + " can't be read (" + e.getMessage() + ")", "discard it", e);
        }
    }

    /**
     * Puts the checkpoints of a training aside, so that it begins anew. They are kept until they
     * are discarded.
     *
     * @param name the name of the training
     * @return where they are now
     * @throws DeepDefenseException if they can't be moved
     */
    public Path setAside(String name) {
        Path aside = outdated(name);
        AtomicFiles.changing(
                home,
                aside,
                () -> {
                    AtomicFiles.deleteTree(aside);
                    Files.move(place(name), aside, StandardCopyOption.ATOMIC_MOVE);
                });
        return aside;
    }

    /**
     * Notes which network is about to be saved as the result of a training. Only where a process is
     * killed between saving it and discarding the checkpoints does the note matter.
     *
     * @param name the name of the training
     * @param checksum the checksum of the network
     * @throws DeepDefenseException if it can't be written
     */
    public void noteResult(String name, String checksum) {
        AtomicFiles.write(
                place(name).resolve(RESULT),
                stream -> stream.write(checksum.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Discards the checkpoints of trainings that had saved their network when they were killed.
     *
     * @param checksums gives the checksum of a saved network, if there is one of that name
     */
    public void discardEnded(Function<String, Optional<String>> checksums) {
        try {
            for (Path entry : entries()) {
                String name = entry.getFileName().toString();
                Path note = entry.resolve(RESULT);
                if (Names.isValid(name)
                        && Files.exists(note)
                        && checksums.apply(name).equals(Optional.of(Files.readString(note)))) {
                    Claims.Claim claim = claim(name);
                    try {
                        discard(name);
                    } finally {
                        claim.close();
                    }
                }
            }
        } catch (IOException | DeepDefenseException e) {
            LOG.warn("Checkpoints that have served stay: {}", e.toString());
        }
    }

    /**
     * Removes the checkpoints of a training, also those that were put aside.
     *
     * @param name the name of the training
     * @return whether there were any
     * @throws DeepDefenseException if they can't be deleted
     */
    public boolean discard(String name) {
        List<Path> places =
                Stream.of(place(name), outdated(name))
                        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                        .toList();
        if (!places.isEmpty()) {
            AtomicFiles.changing(
                    home,
                    place(name),
                    () -> {
                        // Moved first, as what is half deleted would be taken for a checkpoint.
                        Path trash = Files.createTempDirectory(directory, TRASH);
                        for (Path path : places) {
                            Files.move(path, trash.resolve(path.getFileName()));
                        }
                        AtomicFiles.deleteTree(trash);
                    });
        }
        return !places.isEmpty();
    }

    /** Removes what was being written or deleted, and the locks of processes that have ended. */
    private void tidy() throws IOException {
        claims.tidy();
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (name.startsWith(TRASH)) {
                AtomicFiles.deleteTree(entry);
            } else if (Names.isValid(name)) {
                AtomicFiles.sweep(entry);
                if (claims.isFree(name) && isEmpty(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private List<Path> entries() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static boolean isEmpty(Path entry) throws IOException {
        if (!Files.isDirectory(entry)) {
            return false;
        }
        try (Stream<Path> files = Files.list(entry)) {
            return files.findAny().isEmpty();
        }
    }

    private Path outdated(String name) {
        return directory.resolve("." + Names.check(name) + OUTDATED);
    }

    private Path place(String name) {
        return directory.resolve(Names.check(name));
    }
}
