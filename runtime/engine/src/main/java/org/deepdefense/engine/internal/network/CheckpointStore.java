package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.home.Names;
import org.deepdefense.engine.internal.json.Json;
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
    private static final String NEXT = "next.npz";
    private static final String STATE = "state.json";

    private final Path directory;

    /**
     * Opens the store.
     *
     * @param home where checkpoints are kept
     */
    @Activate
    public CheckpointStore(@Reference Home home) {
        directory = home.checkpoints();
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
     * Writes a checkpoint.
     *
     * @param name the name of the training
     * @param arrays what to restore, by name
     * @param state where the training is: a record
     * @throws DeepDefenseException if it can't be written; the checkpoint before is unchanged then
     */
    public void save(String name, Map<String, NDArray> arrays, Object state) {
        Path place = place(name);
        Path latest = place.resolve(LATEST);
        AtomicFiles.changing(
                latest,
                () -> {
                    Files.createDirectories(place);
                    Path next = place.resolve(NEXT);
                    AtomicFiles.writeDurably(next, stream -> write(arrays, state, stream));
                    if (Files.exists(latest)) {
                        Files.move(latest, place.resolve(PREVIOUS), StandardCopyOption.ATOMIC_MOVE);
                    }
                    Files.move(next, latest, StandardCopyOption.ATOMIC_MOVE);
                });
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
     * Removes the checkpoints of a training.
     *
     * @param name the name of the training
     * @return whether there were any
     * @throws DeepDefenseException if they can't be deleted
     */
    public boolean discard(String name) {
        Path place = place(name);
        boolean existed = Files.exists(place);
        AtomicFiles.changing(place, () -> AtomicFiles.deleteTree(place));
        return existed;
    }

    private Path place(String name) {
        return directory.resolve(Names.check(name));
    }
}
