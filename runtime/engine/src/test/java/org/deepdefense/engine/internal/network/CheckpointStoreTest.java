// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.network.CheckpointStore.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

    private record State(String request, int epoch, long step, List<Double> losses) {}

    @TempDir private Path directory;
    private NDManager manager;
    private CheckpointStore store;
    private Path latest;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        Home home = new Home(directory);
        store = new CheckpointStore(home);
        latest = home.checkpoints().resolve("a").resolve("checkpoint.npz");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void whatIsSavedIsRestoredBitForBit() {
        NDArray weight = manager.randomNormal(new Shape(3, 4));
        State state = new State("request", 2, 700, List.of(0.1, 1 / 3.0));
        store.save("a", Map.of("weights/fc1.weight", weight), state);
        Checkpoint<State> loaded = store.load("a", manager, State.class).orElseThrow();
        assertEquals(state, loaded.state());
        assertEquals(1, loaded.arrays().size());
        assertArrayEquals(
                weight.toByteArray(), loaded.arrays().get("weights/fc1.weight").toByteArray());
    }

    @Test
    void theLatestCounts() {
        save(1);
        save(2);
        save(3);
        assertEquals(3, load().orElseThrow().step());
    }

    @Test
    void aDamagedCheckpointCostsNoMoreThanTheStepsSinceTheOneBefore() throws IOException {
        save(1);
        save(2);
        truncate(latest);
        assertEquals(1, load().orElseThrow().step());
    }

    @Test
    void afterACrashBetweenTwoMovesTheOneBeforeCounts() throws IOException {
        save(1);
        save(2);
        Files.delete(latest);
        assertEquals(1, load().orElseThrow().step());
    }

    @Test
    void ifAllAreDamagedTheErrorSaysSo() throws IOException {
        save(1);
        truncate(latest);
        String message = assertThrows(DeepDefenseException.class, this::load).getMessage();
        assertTrue(message.contains("The checkpoint of a in"), message);
        assertTrue(message.contains("discard it"), message);
    }

    @Test
    void withoutACheckpointThereIsNothing() {
        assertEquals(Optional.empty(), load());
        assertFalse(store.discard("a"));
    }

    @Test
    void aDiscardedCheckpointIsGone() {
        save(1);
        assertTrue(store.discard("a"));
        assertEquals(Optional.empty(), load());
    }

    @Test
    void aHomeThatCanNotBeWrittenIsAnError() throws IOException {
        Files.writeString(directory.resolve("checkpoints"), "no directory");
        String message = assertThrows(DeepDefenseException.class, () -> save(1)).getMessage();
        assertTrue(message.contains("can't be written"), message);
    }

    private void save(long step) {
        store.save(
                "a",
                Map.of("weights/w", manager.full(new Shape(100), (float) step)),
                new State("r", 1, step, List.of()));
    }

    private Optional<State> load() {
        return store.load("a", manager, State.class).map(Checkpoint::state);
    }

    private static void truncate(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    }
}
