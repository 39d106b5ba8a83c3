// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.Registrations;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class NetworkLoaderTest {

    private static final Shape SHAPE = new Shape(1, 2, 2);
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
    private NDManager manager;
    private PluginCatalog catalog;
    private NetworkLoader loader;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        catalog = new PluginCatalog();
        Registrations.model(catalog, "tiny", new TinyModel());
        loader = new NetworkLoader(catalog, new NetworkStore(new Home(directory.resolve("home"))));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void parametersAreCalledByTheirPaths() {
        try (LoadedNetwork network = untrained(1)) {
            assertEquals(
                    List.of(
                            "fc1.weight",
                            "fc1.bias",
                            "norm.gamma",
                            "norm.beta",
                            "norm.runningMean",
                            "norm.runningVar",
                            "fc2.weight",
                            "fc2.bias"),
                    List.copyOf(network.parameters().keySet()));
            assertFalse(network.trainableParameters().containsKey("norm.runningMean"));
            assertTrue(network.trainableParameters().containsKey("norm.gamma"));
        }
    }

    @Test
    void theSeedAloneDecidesOnTheWeights() {
        try (LoadedNetwork first = untrained(7);
                LoadedNetwork other = untrained(8)) {
            Engine.getInstance().setRandomSeed(99);
            manager.randomNormal(new Shape(5));
            try (LoadedNetwork second = untrained(7)) {
                assertEquals(first.checksum(), second.checksum());
                assertNotEquals(first.checksum(), other.checksum());
            }
        }
    }

    @Test
    void weightsStartWithTheVarianceOfTheirFanIn() {
        Block block = Linear.builder().setUnits(400).build();
        Initialization.initialize(block, manager, new Shape(300), 1, 3);
        NDArray weight = block.getParameters().get("weight").getArray();
        double variance = weight.square().mean().getFloat();
        assertEquals(1 / 900.0, variance, 0.03 / 900);
        Block scaled = Linear.builder().setUnits(400).build();
        Initialization.initialize(scaled, manager, new Shape(300), 100, 3);
        double smaller = scaled.getParameters().get("weight").getArray().square().mean().getFloat();
        assertEquals(variance / 30, smaller, variance * 1e-4);
    }

    @Test
    void initializersThatAModelSetsAreKept() {
        Block block = Linear.builder().setUnits(2).build();
        block.setInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
        Initialization.initialize(block, manager, new Shape(3), 1, 3);
        assertEquals(manager.ones(new Shape(2, 3)), block.getParameters().get("weight").getArray());
    }

    @Test
    void readsWeightsAndNormalisation() throws IOException {
        Map<String, NDArray> arrays = arrays();
        arrays.put("mean", manager.full(SHAPE, 33f));
        try (LoadedNetwork network = load(arrays)) {
            assertArrayEquals(
                    arrays.get("fc1.weight").toFloatArray(),
                    network.parameters().get("fc1.weight").getArray().toFloatArray());
            assertEquals(255, network.normalization().scale());
            assertEquals(manager.full(SHAPE, 33f), network.normalization().mean().orElseThrow());
        }
    }

    @Test
    void theScaleIsThatOfTheFileOrOfTheMean() throws IOException {
        Map<String, NDArray> arrays = arrays();
        assertEquals(1, scaleOf(arrays));
        arrays.put("mean", manager.full(SHAPE, 0.4f));
        assertEquals(1, scaleOf(arrays));
        arrays.put("scale", manager.create(2f));
        assertEquals(2, scaleOf(arrays));
    }

    @Test
    void aScaleThatLeavesNothingOfAnImageIsAnError() throws IOException {
        for (double scale : new double[] {0, -1, 1e-300}) {
            Map<String, NDArray> arrays = arrays();
            arrays.put("scale", manager.create(scale));
            assertTrue(failure(arrays).contains("the scale is " + scale), failure(arrays));
        }
    }

    @Test
    void doublesThatNoFloatCanHoldAreAnError() throws IOException {
        for (String name : List.of("fc2.bias", "scale")) {
            Map<String, NDArray> arrays = arrays();
            arrays.put(
                    name,
                    name.equals("scale")
                            ? manager.create(1e300)
                            : manager.create(new double[] {1, 1e300, 3}));
            assertTrue(failure(arrays).contains(name + " has values beyond those of float32"));
        }
    }

    @Test
    void manyArraysTooManyAreNotAllListed() throws IOException {
        Map<String, NDArray> arrays = arrays();
        for (int i = 0; i < 1000; i++) {
            arrays.put("surplus" + i, manager.create(1f));
        }
        assertTrue(failure(arrays).length() < 1000, failure(arrays));
    }

    @Test
    void arraysOfOtherPrecisionAreConverted() throws IOException {
        Map<String, NDArray> arrays = arrays();
        arrays.put("fc2.bias", manager.create(new double[] {1, 2, 3}));
        try (LoadedNetwork network = load(arrays)) {
            NDArray bias = network.parameters().get("fc2.bias").getArray();
            assertEquals(DataType.FLOAT32, bias.getDataType());
            assertArrayEquals(new float[] {1, 2, 3}, bias.toFloatArray());
        }
    }

    @Test
    void aMissingArrayIsAnError() throws IOException {
        Map<String, NDArray> arrays = arrays();
        arrays.remove("fc2.bias");
        assertTrue(failure(arrays).contains("has no array fc2.bias"));
    }

    @Test
    void anArrayTooManyIsAnError() throws IOException {
        Map<String, NDArray> arrays = arrays();
        arrays.put("fc3.weight", manager.ones(new Shape(2)));
        assertTrue(failure(arrays).contains("no use for: [fc3.weight]"));
    }

    @Test
    void aWrongShapeIsAnError() throws IOException {
        Map<String, NDArray> arrays = arrays();
        arrays.put("fc1.weight", manager.ones(new Shape(4, 5)));
        assertTrue(failure(arrays).contains("fc1.weight has the shape (4, 5) instead of (5, 4)"));
        arrays = arrays();
        arrays.put("mean", manager.ones(new Shape(2, 2)));
        assertTrue(failure(arrays).contains("mean has the shape (2, 2) instead of (1, 2, 2)"));
    }

    @Test
    void valuesThatAreNotFiniteAreAnError() throws IOException {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            Map<String, NDArray> arrays = arrays();
            arrays.put("fc2.bias", manager.create(new float[] {1, value, 0}));
            assertTrue(failure(arrays).contains("fc2.bias has values that are NaN or infinite"));
            arrays = arrays();
            arrays.put("scale", manager.create(value));
            assertTrue(failure(arrays).contains("scale has values that are NaN or infinite"));
        }
    }

    @Test
    void anUnknownModelIsAnErrorWithTheKnownOnes() {
        String message =
                failure(new NetworkSource.Weights("tinny", directory.resolve("w.npz")), SHAPE, 3);
        assertTrue(message.contains("tinny") && message.contains("tiny"), message);
    }

    @Test
    void aDataSetThatDoesNotFitIsAnError() {
        NetworkSource source = new NetworkSource.Untrained("tiny");
        assertTrue(
                failure(source, new Shape(3, 2, 2), 3)
                        .contains(
                                "takes images of shape (1, 2, 2) in 3 classes,"
                                        + " the data set has (3, 2, 2) in 3"));
        assertTrue(failure(source, SHAPE, 4).contains("the data set has (1, 2, 2) in 4"));
    }

    @Test
    void weightsAreOverwrittenInPlace() {
        try (LoadedNetwork network = untrained(1);
                LoadedNetwork other = untrained(2)) {
            NDArray array = network.parameters().get("fc1.weight").getArray();
            network.setWeights(other.weights(), "a test");
            assertEquals(other.checksum(), network.checksum());
            assertArrayEquals(
                    other.parameters().get("fc1.weight").getArray().toFloatArray(),
                    array.toFloatArray());
            assertTrue(array.hasGradient());
        }
    }

    @Test
    void importsAFileOfAKnownFormat() throws IOException {
        Path file = Files.writeString(directory.resolve("network.tiny"), "");
        assertTrue(
                failure(new NetworkSource.ModelFile(file), SHAPE, 3)
                        .contains(file + " has the name of no known format"));
        Registrations.format(catalog, new TinyFormat());
        try (LoadedNetwork network =
                loader.load(new NetworkSource.ModelFile(file), SHAPE, 3, warning -> {})) {
            assertEquals("network.tiny", network.model());
            assertEquals(Optional.of(file), network.modelFile());
        }
    }

    @Test
    void anImportedNetworkThatDoesNotFitIsAnError() throws IOException {
        Registrations.format(catalog, new TinyFormat());
        Path file = Files.writeString(directory.resolve("network.tiny"), "");
        NetworkSource source = new NetworkSource.ModelFile(file);
        assertTrue(failure(source, SHAPE, 10).contains("instead of logits of shape (2, 10)"));
        assertTrue(
                failure(source, new Shape(1, 3, 3), 3)
                        .contains("network.tiny does not take images of shape (1, 3, 3)"));
        NetworkSource missing = new NetworkSource.ModelFile(directory.resolve("missing.tiny"));
        assertTrue(failure(missing, SHAPE, 3).contains("There is no file"));
    }

    @Test
    void anImportedNetworkIsSavedWithTheWeightsThatItHas() throws IOException {
        Registrations.format(catalog, new TinyFormat());
        Path file = Files.writeString(directory.resolve("network.tiny"), "");
        NetworkStore store = new NetworkStore(new Home(directory.resolve("home")));
        List<String> warnings = new ArrayList<>();
        String checksum;
        try (LoadedNetwork network = load(file);
                LoadedNetwork other = untrained(2)) {
            network.setWeights(other.weights(), "a test");
            checksum = network.checksum();
            store.save(network, "net", false, TRAINING, Optional.empty(), List.of());
        }
        Path model = store.modelFile("net").orElseThrow();
        try (LoadedNetwork saved = load(model)) {
            assertEquals(checksum, saved.checksum());
        }
        NetworkSource source = new NetworkSource.Saved("net");
        loader.load(source, SHAPE, 3, warnings::add).close();
        assertEquals(List.of(), warnings);

        Files.writeString(model, "");
        try (LoadedNetwork saved = loader.load(source, SHAPE, 3, warnings::add)) {
            assertEquals(checksum, saved.checksum());
        }
        assertTrue(warnings.get(0).contains("has other weights than net was saved with"));
    }

    private LoadedNetwork load(Path file) {
        return loader.load(new NetworkSource.ModelFile(file), SHAPE, 3, warning -> {});
    }

    /** Takes an empty file for the tiny model, and any other for its parameters. */
    private static final class TinyFormat implements ModelFormat {
        @Override
        public String name() {
            return "Tiny";
        }

        @Override
        public boolean accepts(Path file) {
            return file.toString().endsWith(".tiny");
        }

        @Override
        public Block load(Path file, NDManager owner) throws IOException {
            Block block = new TinyModel().newBlock();
            Initialization.initialize(block, owner, SHAPE, 1, 1);
            if (Files.size(file) > 0) {
                try (NDManager scratch = owner.newSubManager()) {
                    Map<String, NDArray> arrays = Npz.read(file, scratch);
                    Map<String, Parameter> parameters = ParameterPaths.of(block);
                    Autograd.withoutRecording(
                            () ->
                                    parameters.forEach(
                                            (path, parameter) ->
                                                    parameter
                                                            .getArray()
                                                            .set(
                                                                    new NDIndex("..."),
                                                                    arrays.get(path))));
                }
            }
            return block;
        }

        @Override
        public void write(Block block, OutputStream stream) throws IOException {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            ParameterPaths.of(block)
                    .forEach((path, parameter) -> arrays.put(path, parameter.getArray()));
            Npz.write(arrays, stream);
        }
    }

    private LoadedNetwork untrained(long seed) {
        return loader.create("tiny", seed, Normalization.IDENTITY);
    }

    private Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (LoadedNetwork network = untrained(5)) {
            network.weights()
                    .forEach(
                            (name, array) ->
                                    arrays.put(
                                            name,
                                            manager.create(
                                                    array.toFloatArray(), array.getShape())));
        }
        return arrays;
    }

    private double scaleOf(Map<String, NDArray> arrays) throws IOException {
        try (LoadedNetwork network = load(arrays)) {
            return network.normalization().scale();
        }
    }

    private LoadedNetwork load(Map<String, NDArray> arrays) throws IOException {
        return loader.load(
                new NetworkSource.Weights("tiny", write(arrays)), SHAPE, 3, warning -> {});
    }

    private Path write(Map<String, NDArray> arrays) throws IOException {
        Path file = directory.resolve("weights.npz");
        try (OutputStream stream = Files.newOutputStream(file)) {
            Npz.write(arrays, stream);
        }
        return file;
    }

    private String failure(Map<String, NDArray> arrays) throws IOException {
        return failure(new NetworkSource.Weights("tiny", write(arrays)), SHAPE, 3);
    }

    private String failure(NetworkSource source, Shape shape, int classes) {
        return assertThrows(
                        DeepDefenseException.class,
                        () -> loader.load(source, shape, classes, warning -> {}).close())
                .getMessage();
    }
}
