// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.network.ParameterPaths;
import org.deepdefense.models.internal.architecture.Shared;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptTest {

    private static final String RESNET = "models/cifar10-resnet20.pt";

    private final TorchScript format = new TorchScript();

    @TempDir private Path directory;
    private NDManager manager;
    private Autograd autograd;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        autograd = new Autograd();
    }

    @AfterEach
    void close() {
        autograd.close();
        manager.close();
    }

    @Test
    void classifiesAsInPython() throws IOException {
        int count = 200;
        Block block = format.load(Shared.data(RESNET), manager);
        Shared.Images images = Shared.cifar10(manager, count);
        NDArray logits = Autograd.recording(false, () -> forward(block, images.pixels()));
        assertEquals(0.9165, Shared.accuracy(logits, images.labels()), 0.03);
    }

    @Test
    void loadsANetworkOfAThousandClasses() throws IOException {
        Block block = format.load(Shared.data("models/imagenet-squeezenet1.1.pt"), manager);
        NDArray images = manager.zeros(new Shape(1, 3, 224, 224));
        NDArray logits = Autograd.recording(false, () -> forward(block, images));
        assertEquals(new Shape(1, 1000), logits.getShape());
    }

    @Test
    void parametersHaveTheNamesOfTheModule() throws IOException {
        Map<String, Parameter> parameters =
                ParameterPaths.of(format.load(Shared.data(RESNET), manager));
        Parameter weight = parameters.get("net.layer1.0.conv1.weight");
        assertEquals(new Shape(16, 16, 3, 3), weight.getArray().getShape());
        assertTrue(weight.requiresGradient());
        assertFalse(parameters.containsKey("net.bn1.running_mean"));
    }

    @Test
    void differentiatesTwiceToPixelsAndParameters() throws IOException {
        Block block = format.load(Shared.data(RESNET), manager);
        Map<String, Parameter> parameters = ParameterPaths.of(block);
        Autograd.recording(
                true,
                () -> {
                    NDArray images = manager.randomUniform(0, 1, new Shape(2, 3, 32, 32));
                    images.setRequiresGradient(true);
                    images.setName("batch.images");
                    NDArray logits = forward(block, images);
                    NDArray gradient = autograd.product(logits, images, logits.onesLike(), true);
                    assertTrue(gradient.norm().getFloat() > 0);
                    List<String> names = new ArrayList<>();
                    NDList weights = new NDList();
                    parameters.forEach(
                            (name, parameter) -> {
                                if (parameter.requiresGradient() && name.endsWith("weight")) {
                                    names.add(name);
                                    weights.add(parameter.getArray());
                                }
                            });
                    NDList changes = autograd.gradients(gradient.square().sum(), weights);
                    for (int i = 0; i < changes.size(); i++) {
                        assertTrue(changes.get(i).norm().getFloat() > 0, names.get(i));
                    }
                    return null;
                });
    }

    @Test
    void alwaysWorksInEvaluationMode() throws IOException {
        Block block = format.load(Shared.data(RESNET), manager);
        NDList images = new NDList(manager.randomUniform(0, 1, new Shape(2, 3, 32, 32)));
        ParameterStore store = new ParameterStore(manager, false);
        NDArray evaluated = block.forward(store, images, false).head();
        NDArray trained = block.forward(store, images, true).head();
        assertEquals(evaluated, trained);
    }

    @Test
    void changesOfParametersChangeTheNetwork() throws IOException {
        Block block = format.load(Shared.data(RESNET), manager);
        NDArray images = manager.zeros(new Shape(1, 3, 32, 32));
        NDArray before = Autograd.recording(false, () -> forward(block, images));
        NDArray weight = ParameterPaths.of(block).get("net.conv1.weight").getArray();
        Autograd.recording(
                false,
                () -> {
                    weight.set(new NDIndex("..."), weight.mul(0.5f));
                    return null;
                });
        NDArray after = Autograd.recording(false, () -> forward(block, images));
        assertFalse(before.equals(after));
    }

    @Test
    void writesTheWeightsThatItHasNow() throws IOException {
        Path original = new ScriptFile(ScriptFile.LINEAR).write(directory);
        Path written = directory.resolve("written.pt");
        Block block = format.load(original, manager);
        NDArray images = manager.create(new float[] {1, 0, 0, 0}, new Shape(1, 1, 2, 2));
        NDArray weight = ParameterPaths.of(block).get("weight").getArray();
        Autograd.withoutRecording(() -> weight.set(new NDIndex("..."), weight.mul(0.5f)));
        try (OutputStream stream = Files.newOutputStream(written)) {
            format.write(block, stream);
        }
        Block again = format.load(written, manager);
        assertArrayEquals(new float[] {0.5f, -2, 0.25f}, forward(again, images).toFloatArray());
        assertTrue(ParameterPaths.of(again).get("weight").requiresGradient());
    }

    @Test
    void aLargeNetworkIsWrittenWhole() throws IOException {
        Path written = directory.resolve("written.pt");
        Block block = format.load(Shared.data(RESNET), manager);
        try (OutputStream stream = Files.newOutputStream(written)) {
            format.write(block, stream);
        }
        NDArray images = manager.randomUniform(0, 1, new Shape(2, 3, 32, 32));
        assertEquals(forward(block, images), forward(format.load(written, manager), images));
    }

    @Test
    void aStateDictIsExplained() {
        Path file = Shared.data("models/cifar10-resnet20-state_dict.pth");
        String message = failure(file);
        assertTrue(message.contains(file + " holds weights only"), message);
        assertTrue(message.contains("torch.jit.script(model).save"), message);
    }

    @Test
    void aTruncatedFileIsAnError() throws IOException {
        byte[] whole = Files.readAllBytes(Shared.data(RESNET));
        for (int length : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
            Path file = directory.resolve("truncated.pt");
            Files.write(file, Arrays.copyOf(whole, length));
            String message = failure(file);
            assertTrue(message.contains(file + " is truncated, damaged or no"), message);
        }
    }

    @Test
    void aFlippedByteIsAnError() throws IOException {
        byte[] content = Files.readAllBytes(Shared.data(RESNET));
        content[content.length / 2] ^= 1;
        Path file = Files.write(directory.resolve("flipped.pt"), content);
        assertTrue(failure(file).contains("has another checksum than recorded"));
    }

    @Test
    void anotherFileIsAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("text.pt"), "no network at all");
        assertTrue(failure(file).contains(file + " is truncated, damaged or no TorchScript"));
    }

    @Test
    void aFileOfArraysIsAnError() {
        Path file = Shared.data("models/mnist-lenet-reference.npz");
        assertTrue(failure(file).contains(file + " is no TorchScript archive"));
    }

    @Test
    void aMissingFileIsAnError() {
        Path file = directory.resolve("missing.pt");
        assertTrue(failure(file).contains("There is no file " + file));
    }

    @Test
    void knowsItsFilesByTheirNames() {
        assertTrue(format.accepts(Path.of("some", "Network.PT")));
        assertFalse(format.accepts(Path.of("weights.npz")));
    }

    private String failure(Path file) {
        return assertThrows(DeepDefenseException.class, () -> format.load(file, manager))
                .getMessage();
    }

    private NDArray forward(Block block, NDArray images) {
        return block.forward(new ParameterStore(manager, false), new NDList(images), false)
                .singletonOrThrow();
    }
}
