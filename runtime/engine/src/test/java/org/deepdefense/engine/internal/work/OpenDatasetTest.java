// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.CrossEntropy;
import org.deepdefense.engine.internal.fixture.FlawedBlobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command refuses a data set that is not what it says, in the same words. */
@Tag("slow")
@Timeout(60)
class OpenDatasetTest {

    private static final int BAD = 41;
    private static final PluginSpec SIGN = PluginSpec.of("sign");
    private static final PluginSpec PLAIN = PluginSpec.of("plain");
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);
    private static final DatasetSpec TRAIN = DatasetSpec.of("blobs", Split.TRAIN);

    @TempDir Path home;
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.attack("fgsm", new SignStep());
        engine.attack("deepfool", new NearestBoundary((context, images) -> {}));
        engine.defense("plain", new CrossEntropy(step -> {}), Map.of());
        engine.model("linear", new LinearModel());
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private Map<String, Supplier<Job<?>>> commands() {
        EvaluationRequest evaluation = EvaluationRequest.builder(network, TEST, SIGN).build();
        return Map.of(
                "evaluate",
                () -> engine.evaluator().evaluate(evaluation),
                "attack",
                () -> engine.evaluator().attack(evaluation, List.of(BAD)),
                "table",
                () ->
                        engine.evaluator()
                                .table(TableRequest.builder(List.of(network), TEST).build()),
                "train",
                () -> train(new NetworkSource.Untrained("linear"), "trained"),
                "defend",
                () -> train(network, "defended"),
                "universal",
                () -> engine.universal().search(universal()));
    }

    private UniversalRequest universal() {
        return UniversalRequest.builder(network, TRAIN, TEST, Norm.LINF, 0.1)
                .optAttack(PluginSpec.of("nearest"))
                .optFoolingRate(0.9)
                .optPasses(3)
                .optBatchSize(7)
                .optSeed(1)
                .build();
    }

    private Job<?> train(NetworkSource source, String name) {
        return engine.trainer()
                .train(TrainingRequest.builder(source, TRAIN, PLAIN, name).optEpochs(1).build());
    }

    private void assertRefused(FlawedBlobs blobs, String message) {
        engine.dataset("blobs", blobs);
        assertAll(
                commands().entrySet().stream()
                        .map(command -> refusal(command.getKey(), command.getValue(), message)));
    }

    private static Executable refusal(String name, Supplier<Job<?>> command, String message) {
        return () -> {
            DeepDefenseException e =
                    assertThrows(DeepDefenseException.class, () -> command.get().await(), name);
            assertEquals(message, e.getMessage().replaceAll("TRAIN|TEST", "SPLIT"), name);
        };
    }

    @Test
    void soundImagesAreTaken() throws Exception {
        engine.dataset("blobs", new FlawedBlobs());

        for (Supplier<Job<?>> command : commands().values()) {
            command.get().await();
        }
    }

    @Test
    void labelsOutsideTheClasses() {
        assertRefused(labelled(3), label("label 3"));
    }

    @Test
    void negativeLabels() {
        assertRefused(labelled(-1), label("label -1"));
    }

    private static String label(String found) {
        return "Data set \"blobs\" has "
                + found
                + " for image 41 of its split SPLIT, expected 0 to 2: correct the labels; its"
                + " classes are counted from 0";
    }

    private static FlawedBlobs labelled(int bad) {
        return new FlawedBlobs() {
            @Override
            public int label(int index) {
                // The first is named, not the last.
                return index == BAD || index == BAD + 1 ? bad : super.label(index);
            }
        };
    }

    @Test
    void fewerLabelsThanImages() {
        assertRefused(
                new FlawedBlobs() {
                    @Override
                    public int label(int index) {
                        return super.label(Objects.checkIndex(index, BAD));
                    }
                },
                miscounted("has no label for image 41"));
    }

    @Test
    void fewerImagesThanLabels() {
        assertRefused(
                new FlawedBlobs() {
                    @Override
                    public NDArray images(NDManager manager, int... indices) {
                        IntStream.of(indices).forEach(index -> Objects.checkIndex(index, BAD));
                        return super.images(manager, indices);
                    }
                },
                miscounted("can't give image 0 or image 59"));
    }

    private static String miscounted(String fault) {
        return "Data set \"blobs\" says that its split SPLIT has 60 images, but "
                + fault
                + ": check whether it has as many labels as images";
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, 1.5f, -0.01f})
    void pixelsThatAreNoNumbersOrOutOfBounds(float bad) {
        assertRefused(
                pixel(bad),
                "Data set \"blobs\" has a pixel of "
                        + bad
                        + " in image 41 of its split SPLIT, outside of its bounds [0.0, 1.0]:"
                        + " correct or remove the image, or scale all images to these bounds");
    }

    private static FlawedBlobs pixel(float bad) {
        return new FlawedBlobs() {
            @Override
            public NDArray images(NDManager manager, int... indices) {
                NDArray images = super.images(manager, indices);
                for (int i = 0; i < indices.length; i++) {
                    if (indices[i] == BAD) {
                        images.set(new NDIndex(i, 0, 1, 2), bad);
                    }
                }
                return images;
            }
        };
    }

    @Test
    void imagesOfAnotherShape() {
        assertRefused(
                changed(images -> images.transpose(0, 1, 3, 2)), gave("float32", "(2, 1, 3, 2)"));
    }

    @Test
    void fewerImagesThanWereAskedFor() {
        assertRefused(changed(images -> images.get("0:1")), gave("float32", "(1, 1, 2, 3)"));
    }

    @Test
    void imagesOfAnotherType() {
        assertRefused(
                changed(images -> images.toType(DataType.FLOAT64, false)),
                gave("float64", "(2, 1, 2, 3)"));
    }

    private static String gave(String type, String shape) {
        return "Data set \"blobs\" gave "
                + type
                + " of the shape "
                + shape
                + " for images 0 to 59, expected float32 of the shape (2, 1, 2, 3): tell the"
                + " author of the bundle";
    }

    private static FlawedBlobs changed(UnaryOperator<NDArray> change) {
        return new FlawedBlobs() {
            @Override
            public NDArray images(NDManager manager, int... indices) {
                return change.apply(super.images(manager, indices));
            }
        };
    }

    @Test
    void noImages() {
        assertRefused(
                new FlawedBlobs() {
                    @Override
                    public int size() {
                        return 0;
                    }
                },
                "Data set \"blobs\" has no images in its split SPLIT: check its files");
    }

    @Test
    void filesThatVanish() {
        assertRefused(
                changed(
                        images -> {
                            throw new UncheckedIOException(new NoSuchFileException("/data/x.png"));
                        }),
                "Data set \"blobs\" can't be read (java.nio.file.NoSuchFileException:"
                        + " /data/x.png): check the files, their permissions and the space on the"
                        + " disk");
    }

    @Test
    void oneClass() {
        assertNotEvaluated(
                new FlawedBlobs() {
                    @Override
                    public List<String> classNames() {
                        return List.of("all");
                    }
                },
                "fewer than two classes: [all]");
    }

    @Test
    void noImageShape() {
        assertNotEvaluated(
                new FlawedBlobs() {
                    @Override
                    public Shape imageShape() {
                        return new Shape(6);
                    }
                },
                "says that its images have the shape (6)");
    }

    @Test
    void noDataSet() {
        assertNotEvaluated(
                new FlawedBlobs() {
                    @Override
                    public Dataset open(Split split, DatasetSource source) {
                        return null;
                    }
                },
                "Data set \"blobs\" (bundle org.example.plugin 1.2.3) threw NullPointerException");
    }

    private void assertNotEvaluated(FlawedBlobs blobs, String message) {
        engine.dataset("blobs", blobs);
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class, () -> commands().get("evaluate").get().await());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    /** A third of the images are bad: it is known before any is read. */
    @Test
    void badLabelsAreFoundBeforeImagesAreRead() {
        AtomicInteger read = new AtomicInteger();
        assertNotEvaluated(
                new FlawedBlobs() {
                    @Override
                    public int label(int index) {
                        return 1 + super.label(index);
                    }

                    @Override
                    public NDArray images(NDManager manager, int... indices) {
                        read.incrementAndGet();
                        return super.images(manager, indices);
                    }
                },
                "label 3 for image 2");
        assertEquals(0, read.get());
    }
}
