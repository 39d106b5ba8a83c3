// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static java.util.stream.Collectors.toSet;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;
import org.osgi.framework.FrameworkUtil;

/** Deep Defense with every attack and every model that is registered, whoever wrote them. */
public class CompositionIT extends FelixTest {

    /** Parameters that decide how long attacks take, of all or of one of them. */
    private static final Map<String, String> BRIEF =
            Map.of(
                    "steps", "3",
                    "iterations", "3",
                    "searchSteps", "2",
                    "draws", "10",
                    "queries", "3",
                    "population", "10",
                    "initialProbes", "5",
                    "jsma.gamma", "0.005");

    private static final String FOREIGN = "gradient-line-search";
    private static final int IMAGES = 8;
    private static final int BATCH = 4;

    @Inject private Catalog catalog;
    @Inject private Trainer trainer;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense(), fileInstall());
    }

    @Before
    public void addAnAttackThatKnowsNothingOfDeepDefense() throws IOException {
        drop(examplePlugin(), plugins().resolve("example.jar"));
        Eventually.holds("the attack is there", () -> names(Kind.ATTACK).contains(FOREIGN));
    }

    @Test
    public void everyAttackHardensEveryModel() throws Exception {
        assertTrue(names(Kind.ATTACK).containsAll(Set.of("fgsm", "pgd", "deepfool", FOREIGN)));
        assertTrue(names(Kind.MODEL).containsAll(Set.of("mlp", "lenet", "convnet")));
        for (PluginInfo model : catalog.list(Kind.MODEL)) {
            String dataset = "images-for-" + model.name();
            register(dataset, model);
            String plain =
                    train(
                                    model,
                                    new NetworkSource.Untrained(model.name()),
                                    dataset,
                                    "reference",
                                    "")
                            .network()
                            .checksum();
            NetworkSource start = new NetworkSource.Saved(saved(model, ""));
            for (PluginInfo attack : catalog.list(Kind.ATTACK)) {
                String what = attack.name() + " × " + model.name();
                TrainingResult result = train(model, start, dataset, "deep-defense", brief(attack));
                assertEquals(what, 1, result.epochs().size());
                TrainingResult.Epoch epoch = result.epochs().get(0);
                assertTrue(what + " " + epoch, Double.isFinite(epoch.loss()));
                epoch.metrics().forEach((name, value) -> assertTrue(what, Double.isFinite(value)));
                assertNotEquals(what, plain, result.network().checksum());
            }
        }
    }

    /** Whether they compose shows in a few steps of the thousands that some attacks take. */
    private static String brief(PluginInfo attack) {
        return attack.name()
                + attack.parameters().stream()
                        .map(ParameterInfo::name)
                        .flatMap(name -> brief(attack.name(), name).stream())
                        .reduce((a, b) -> a + "," + b)
                        .map(":"::concat)
                        .orElse("");
    }

    private static Optional<String> brief(String attack, String parameter) {
        return Stream.of(attack + "." + parameter, parameter)
                .filter(BRIEF::containsKey)
                .findFirst()
                .map(key -> parameter + "=" + BRIEF.get(key));
    }

    private TrainingResult train(
            PluginInfo model, NetworkSource start, String dataset, String defense, String attack)
            throws InterruptedException {
        TrainingRequest.Builder request =
                TrainingRequest.builder(
                                start,
                                DatasetSpec.of(dataset, Split.TRAIN),
                                PluginSpec.of(defense),
                                saved(model, attack))
                        .optEpochs(1)
                        .optBatchSize(BATCH)
                        // Noise teaches nothing, so the steps are small.
                        .optScale(1)
                        .optLearningRate(1e-7)
                        // What changes the network is to be the loss.
                        .optWeightDecay(0);
        if (!attack.isEmpty()) {
            request.optAttack(PluginSpec.parse(attack));
        }
        try {
            return trainer.train(request.build()).await();
        } catch (RuntimeException e) {
            throw new AssertionError(saved(model, attack) + ": " + e.getMessage());
        }
    }

    private static String saved(PluginInfo model, String attack) {
        return model.name() + (attack.isEmpty() ? "" : "-" + PluginSpec.parse(attack).name());
    }

    private Set<String> names(Kind kind) {
        return catalog.list(kind).stream().map(PluginInfo::name).collect(toSet());
    }

    private void register(String name, PluginInfo model) {
        context.registerService(
                DatasetProvider.class,
                new Noise(
                        model.shape().orElseThrow(),
                        Integer.parseInt(model.traits().get("classes"))),
                FrameworkUtil.asDictionary(Map.of("deepdefense.name", name)));
    }

    /** Random images with random labels. */
    private record Noise(Shape imageShape, int classes) implements DatasetProvider, Dataset {

        @Override
        public List<String> classNames() {
            return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        }

        @Override
        public Dataset open(Split split, DatasetSource source) {
            return this;
        }

        @Override
        public int size() {
            return IMAGES;
        }

        @Override
        public NDArray images(NDManager manager, int... indices) {
            float[] pixels = new float[Math.toIntExact(indices.length * imageShape.size())];
            int position = 0;
            for (int index : indices) {
                Random random = new Random(index);
                for (int i = 0; i < imageShape.size(); i++) {
                    pixels[position++] = random.nextFloat();
                }
            }
            return manager.create(pixels, new Shape(indices.length).addAll(imageShape));
        }

        @Override
        public int label(int index) {
            return index % classes;
        }

        @Override
        public String checksum() {
            return "sha256:" + "0".repeat(64);
        }
    }
}
