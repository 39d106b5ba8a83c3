// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.Registrations;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class NetworkStoreTest {

    private static final Provenance TRAINING =
            new Provenance(
                    Instant.parse("2026-01-02T03:04:05Z"),
                    Map.of("defense", new Provenance.Plugin("d", "b 1.0", Map.of("c", "25"))),
                    new Provenance.Source("n", "sha256:0"),
                    new Provenance.Source("mnist", "sha256:1"),
                    Map.of("epochs", "5"),
                    42,
                    Map.of("java", "17"));

    @TempDir private Path directory;
    private Home home;
    private NetworkStore store;
    private NetworkLoader loader;
    private LoadedNetwork network;

    @BeforeEach
    void open() {
        home = new Home(directory);
        store = new NetworkStore(home);
        PluginCatalog catalog = new PluginCatalog();
        Registrations.model(catalog, "tiny", new TinyModel());
        loader = new NetworkLoader(catalog, store);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray mean = manager.full(new Shape(1, 2, 2), 0.1f);
            network = loader.create("tiny", 1, new Normalization(1 / 3.0, Optional.of(mean)));
        }
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void whatIsSavedIsLoadedBitForBit() {
        NetworkRecord saved = save("a", false);
        assertEquals(saved, store.get("a"));
        assertEquals(List.of(saved), store.list());
        assertEquals(network.checksum(), saved.checksum());
        try (LoadedNetwork loaded = load("a")) {
            assertEquals(network.checksum(), loaded.checksum());
            assertEquals(1 / 3.0, loaded.normalization().scale());
        }
    }

    @Test
    void aNameIsTakenUnlessItMayBeOverwritten() {
        save("a", false);
        assertTrue(failure(() -> save("a", false)).contains("There is a saved network a already"));
        try (LoadedNetwork other = loader.create("tiny", 2, Normalization.IDENTITY)) {
            store.save(other, "a", true, TRAINING, Optional.of("a"), List.of());
            assertEquals(other.checksum(), store.get("a").checksum());
        }
    }

    @Test
    void anUnknownNameIsAnErrorWithTheKnownOnes() {
        assertTrue(failure(() -> store.get("b")).contains("train one first"));
        save("a", false);
        assertTrue(failure(() -> store.get("b")).contains("choose one of a"));
        assertTrue(failure(() -> store.delete("b")).contains("There is no saved network b"));
    }

    @Test
    void namesThatLeaveTheDirectoryAreErrors() {
        for (String name : new String[] {"", ".", "..", ".hidden", "a/b", "../a", "a b", "ä"}) {
            assertTrue(failure(() -> save(name, false)).contains("is no valid name"), name);
        }
    }

    @Test
    void aDeletedNetworkIsGone() throws IOException {
        save("a", false);
        store.delete("a");
        assertEquals(List.of(), store.list());
        assertEquals(List.of(), leftovers());
    }

    @Test
    void nothingButTheNetworkIsLeftBehind() throws IOException {
        save("a", false);
        save("a", true);
        assertEquals(List.of("a"), leftovers());
    }

    @Test
    void weightsThatAreNotFiniteAreNotSaved() {
        NetworkRecord saved = save("a", false);
        NDArray bias = network.parameters().get("fc2.bias").getArray();
        bias.set(new float[] {Float.NaN, 0, 0});
        assertTrue(failure(() -> save("a", true)).contains("fc2.bias has values that are NaN"));
        assertEquals(saved, store.get("a"));
    }

    @Test
    void aHomeThatCanNotBeWrittenIsAnError() throws IOException {
        Files.writeString(home.networks(), "a file stands where the directory should be");
        String message = failure(() -> save("a", false));
        assertTrue(message.contains("can't be written"), message);
        assertTrue(message.contains("--home"), message);
    }

    @Test
    void afterACrashBetweenTwoMovesTheOldNetworkIsThere() throws IOException {
        NetworkRecord saved = save("a", false);
        Files.move(home.networks().resolve("a"), home.networks().resolve(".a.old"));
        assertEquals(List.of(saved), store.list());
        load("a").close();
        save("a", true);
        assertEquals(List.of("a"), leftovers());
    }

    @Test
    void afterACrashWhileWritingTheOldNetworkIsThere() throws IOException {
        NetworkRecord saved = save("a", false);
        Path half = Files.createDirectory(home.networks().resolve(".next123"));
        Files.writeString(half.resolve("weights.npz"), "half");
        assertEquals(List.of(saved), store.list());
    }

    @Test
    void aDamagedRecordHidesNoOther() throws IOException {
        NetworkRecord saved = save("a", false);
        save("b", false);
        Path record = home.networks().resolve("b").resolve("network.json");
        Files.writeString(record, "{\"name\": ");
        assertEquals(List.of(saved), store.list());
        assertTrue(failure(() -> store.get("b")).contains(record + " is damaged"));
    }

    @Test
    void weightsThatWereChangedSinceAreAnError() throws IOException {
        save("a", false);
        try (LoadedNetwork other = loader.create("tiny", 2, Normalization.IDENTITY)) {
            store.save(other, "b", false, TRAINING, Optional.empty(), List.of());
        }
        Files.copy(
                store.weightsFile("b"),
                store.weightsFile("a"),
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(failure(() -> load("a").close()).contains("checksum"));
    }

    private NetworkRecord save(String name, boolean overwrite) {
        return store.save(
                network, name, overwrite, TRAINING, Optional.empty(), List.of("loss 0.1"));
    }

    private LoadedNetwork load(String name) {
        return loader.load(new NetworkSource.Saved(name), new Shape(1, 2, 2), 3, warning -> {});
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> entries = Files.list(home.networks())) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static String failure(Executable action) {
        return assertThrows(DeepDefenseException.class, action).getMessage();
    }
}
