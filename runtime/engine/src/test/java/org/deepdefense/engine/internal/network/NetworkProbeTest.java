// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.djl.Cast;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of images (1, 2, 2) and three classes, each odd in one way. */
class NetworkProbeTest {

    private static final Shape IMAGE = new Shape(1, 2, 2);
    private static final int CLASSES = 3;

    private NDManager manager;
    private NDArray weight;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        weight =
                manager.create(
                        new float[] {1, 2, 3, 4, -4, -3, -2, -1, 0.5f, -0.5f, 0.25f, -0.25f},
                        new Shape(3, 4));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void thereIsNothingToSayAboutAPlainNetwork() {
        NetworkTraits traits = examine(this::linear);
        assertEquals(List.of(), traits.warnings());
        assertEquals(DataType.FLOAT32, traits.type());
        assertTrue(traits.differentiable());
    }

    @Test
    void otherTypesOfLogitsBecomeFloats() {
        for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT16)) {
            Cast cast = new Cast(manager, type);
            checkAsPlain(images -> cast.apply(linear(images)), List.of());
        }
    }

    @Test
    void integersAsLogitsHaveNoGradient() {
        UnaryOperator<NDArray> network = images -> linear(images).toType(DataType.INT64, false);
        NetworkTraits traits = examine(network);
        assertFalse(traits.differentiable());
        assertEquals(DataType.FLOAT32, logits(network, images(2)).getDataType());
    }

    @Test
    void imagesAreConvertedToTheTypeOfTheWeights() {
        NDArray wide = weight.toType(DataType.FLOAT64, false);
        checkAsPlain(
                images -> images.reshape(-1, 4).matMul(wide.transpose()),
                List.of("net computes in float64: images are converted to it"));
    }

    @Test
    void aLostDimensionOfOneImageIsAddedAgain() {
        checkAsPlain(images -> linear(images).squeeze(), List.of("net squeezes its outputs"));
    }

    @Test
    void dimensionsOfOneAreLeftOut() {
        checkAsPlain(images -> linear(images).reshape(-1, 3, 1, 1), List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aNetworkOfOneSizeOfBatchesIsRunSo(int size) {
        checkAsPlain(
                images -> linear(images.reshape(size, 4)),
                List.of(
                        "net takes "
                                + (size == 1 ? "one image" : size + " images")
                                + " at a time and no other number (shape '["
                                + size
                                + ", 4]' is invalid for input of size "));
    }

    @Test
    void theCallersImagesAreNotChanged() {
        UnaryOperator<NDArray> network = images -> linear(images.subi(0.5f)).add(0);
        NetworkTraits traits = examine(network);
        assertEquals(List.of(), traits.warnings());
        NDArray images = images(2);
        float[] before = images.toFloatArray();
        logits(network, images);
        assertArrayEquals(before, images.toFloatArray());
    }

    @Test
    void answersThatDependOnTheOtherImagesAreNoticed() {
        NetworkTraits traits =
                examine(images -> linear(images.sub(images.mean(new int[] {0}, true))));
        assertTrue(traits.mixing());
        assertTrue(traits.warnings().get(0).contains("depend on the other images of its batch"));
    }

    @Test
    void answersThatDifferFromCallToCallAreNoticed() {
        NetworkTraits traits =
                examine(
                        images ->
                                linear(images)
                                        .add(manager.randomNormal(new Shape(images.size(0), 3))));
        assertTrue(traits.random());
        assertFalse(traits.mixing());
        assertTrue(traits.warnings().get(0).contains("differ from call to call"));
    }

    @Test
    void aNetworkWithoutGradientIsRefusedWhereOneIsNeeded() {
        NetworkTraits traits = examine(images -> linear(images.stopGradient()));
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> traits.requireGradient("Attack \"pgd\""))
                        .getMessage();
        assertTrue(
                message.startsWith(
                        "Attack \"pgd\" needs gradients, and net has none from its outputs to its"
                                + " images ("),
                message);
        examine(this::linear).requireGradient("Attack \"pgd\"");
    }

    @Test
    void channelsThatAreStretchedAreNoticed() {
        NetworkTraits traits =
                examine(images -> linear(images.mean(new int[] {1}, true).reshape(-1, 1, 2, 2)));
        assertTrue(traits.warnings().get(0).contains("may be made for colours"));
    }

    @Test
    void otherNetworksAreRefusedWithTheReason() {
        assertTrue(
                failure(images -> images.reshape(-1, 5).matMul(weight))
                        .contains(
                                "net does not take images of shape (1, 2, 2) in 3 classes (shape"
                                        + " "));
        assertTrue(
                failure(images -> images.reshape(-1, 4))
                        .contains("gives [(2, 4)] instead of logits of shape (2, 3)"));
    }

    private void checkAsPlain(UnaryOperator<NDArray> network, List<String> warnings) {
        NetworkTraits traits = examine(network);
        assertEquals(warnings.size(), traits.warnings().size(), traits.warnings().toString());
        for (int i = 0; i < warnings.size(); i++) {
            String warning = traits.warnings().get(i);
            assertTrue(warning.startsWith(warnings.get(i)), warning);
        }
        for (int count : new int[] {1, 2, 7}) {
            NDArray images = images(count);
            images.setRequiresGradient(true);
            NDArray logits = Autograd.recording(true, () -> logits(network, images));
            assertEquals(DataType.FLOAT32, logits.getDataType());
            assertEquals(new Shape(count, CLASSES), logits.getShape());
            assertArrayEquals(
                    linear(images).toFloatArray(), logits.toFloatArray(), 0.01f, "of " + count);
            try (Autograd autograd = new Autograd()) {
                NDArray gradient = autograd.product(logits, images, logits.onesLike(), false);
                for (int i = 0; i < count; i++) {
                    float[] sums = gradient.get(i).toFloatArray();
                    assertArrayEquals(new float[] {-2.5f, -1.5f, 1.25f, 2.75f}, sums, 0.01f);
                }
            }
        }
    }

    private NDArray linear(NDArray images) {
        return images.reshape(-1, 4).matMul(weight.transpose());
    }

    private NDArray images(int count) {
        float[] pixels = new float[count * 4];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i / (float) pixels.length;
        }
        return manager.create(pixels, new Shape(count).addAll(IMAGE));
    }

    private NetworkTraits examine(UnaryOperator<NDArray> network) {
        return NetworkProbe.examine("net", block(network), IMAGE, CLASSES, manager).traits();
    }

    private NDArray logits(UnaryOperator<NDArray> network, NDArray images) {
        Block adapted =
                NetworkProbe.examine("net", block(network), IMAGE, CLASSES, manager).adapted();
        return adapted.forward(new ParameterStore(manager, false), new NDList(images), false)
                .singletonOrThrow();
    }

    private String failure(UnaryOperator<NDArray> network) {
        return assertThrows(DeepDefenseException.class, () -> examine(network)).getMessage();
    }

    private static Block block(UnaryOperator<NDArray> network) {
        return new LambdaBlock(
                inputs -> new NDList(network.apply(inputs.singletonOrThrow())), "net");
    }
}
