// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.network.NetworkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages what the engine saves and reads again. */
@Tag("slow")
class SavedFilesFuzzTest {

    private static final int MUTATIONS = 1000;

    static {
        // A thousand warnings of damaged checkpoints say nothing.
        System.setProperty("org.slf4j.simpleLogger.log." + CheckpointStore.class.getName(), "off");
    }

    @TempDir private Path directory;
    private NDManager manager;

    /** The state of a training in a checkpoint. */
    record State(Map<String, String> request, int epoch, double loss, List<String> metrics) {}

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void arrays() throws Exception {
        Path file = directory.resolve("damaged.npz");
        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        Npz.write(weights(), sound);
        new Fuzz(".npz", 1, sound.toByteArray())
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(file, content);
                            try (NDManager own = manager.newSubManager()) {
                                Npz.read(file, own);
                            }
                        });
    }

    @Test
    void checkpoints() throws Exception {
        Home home = new Home(directory);
        CheckpointStore store = new CheckpointStore(home);
        store.save("net", weights(), new State(Map.of("seed", "1"), 3, 0.5, List.of("epoch 1")));
        Path file = home.checkpoints().resolve("net").resolve("checkpoint.npz");
        new Fuzz("checkpoint", 1, Files.readAllBytes(file))
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(file, content);
                            try (NDManager own = manager.newSubManager()) {
                                store.load("net", own, State.class);
                            }
                        });
    }

    @Test
    void records() throws Exception {
        Home home = new Home(directory);
        Path file = Files.createDirectories(home.networks().resolve("net")).resolve("network.json");
        NetworkStore store = new NetworkStore(home);
        byte[] sound = record().getBytes(StandardCharsets.UTF_8);
        new Fuzz("network.json", 1, sound)
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(file, content);
                            NetworkRecord record = store.get("net");
                            assertEquals("net", record.name());
                            assertEquals(3, record.inputShape().size());
                            assertTrue(record.classes() > 0);
                            assertNotNull(record.training().created());
                            assertNotNull(record.parent());
                        });
    }

    private static String record() {
        return """
        {
          "name": "net", "model": "mlp", "inputShape": [1, 28, 28], "classes": 10,
          "checksum": "sha256:00",
          "training": {
            "created": "2026-01-02T03:04:05Z",
            "plugins": {"defense": {"name": "d", "bundle": "b 1.0", "parameters": {"c": "25"}}},
            "network": {"name": "n", "checksum": "sha256:0"},
            "dataset": {"name": "mnist", "checksum": "sha256:1"},
            "settings": {"epochs": "5"}, "seed": 42, "versions": {"java": "17"}
          },
          "parent": "n", "metrics": ["epoch 1"]
        }
        """;
    }

    private Map<String, NDArray> weights() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("fc.weight", manager.ones(new Shape(3, 4)));
        arrays.put("fc.bias", manager.create(new float[] {1, 2, 3}));
        arrays.put("scale", manager.create(255.0));
        return arrays;
    }
}
