// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.network.Networks;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** Networks that real users have, each odd in one way, under every command. */
public class CasesIT extends FelixTest {

    private static final int IMAGES = 20;
    private static final String LINEAR = "linear.pt";
    private static final String FGSM = "fgsm:epsilon=0.05";

    @Inject private Evaluator evaluator;
    @Inject private UniversalPerturbations universal;
    @Inject private Trainer trainer;
    @Inject private Networks networks;

    private Path shared;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense());
    }

    @Before
    public void findTheCases() {
        shared = Path.of(System.getProperty("deepdefense.shared", "missing"));
        Assume.assumeTrue(shared + " has no cases", Files.isDirectory(shared.resolve("cases")));
    }

    @Test
    public void oddFormsOfOneNetworkGiveItsNumbers() throws Exception {
        EvaluationResult plain = evaluate(LINEAR, FGSM);
        assertEquals(List.of(), plain.warnings());
        for (String file :
                List.of(
                        "double_out.pt",
                        "double_in.pt",
                        "squeeze.pt",
                        "traced_batch1.pt",
                        "in_place.pt")) {
            EvaluationResult odd = evaluate(file, FGSM);
            assertEquals(file, plain.accuracy(), odd.accuracy(), 0);
            assertEquals(file, plain.robustAccuracy(), odd.robustAccuracy(), 0);
        }
        assertWarned(evaluate("double_in.pt", FGSM).warnings(), "computes in float64");
        assertWarned(evaluate("squeeze.pt", FGSM).warnings(), "squeezes its outputs");
        assertWarned(
                evaluate("traced_batch1.pt", FGSM).warnings(),
                "takes one image at a time and no other number (shape '[1, 784]' is invalid for"
                        + " input of size 1568)");
    }

    @Test
    public void everyCommandSaysTheSame() throws Exception {
        NetworkSource source = network("traced_batch1.pt");
        String said = "takes one image at a time";
        assertWarned(
                warnings(evaluator.table(TableRequest.builder(List.of(source), test()).build())),
                said);
        assertWarned(warnings(evaluator.attack(request(source, FGSM), List.of(0))), said);
        assertWarned(warnings(universal.search(universalRequest(source))), said);
        assertWarned(warnings(trainer.train(training(source, "traced"))), said);
    }

    @Test
    public void answersThatDependOnTheBatchAreWarnedAbout() throws Exception {
        assertWarned(
                evaluate("bn_traced_in_training.pt", FGSM).warnings(),
                "depend on the other images of its batch");
    }

    @Test
    public void maskedLogitsWork() throws Exception {
        assertTrue(evaluate("neg_max.pt", FGSM).accuracy() > 0.5);
    }

    @Test
    public void networksWithoutGradientAreAttackedByWhatNeedsNone() throws Exception {
        for (String file : List.of("detached.pt", "quantized.pt")) {
            NetworkSource source = network(file);
            assertTrue(file, evaluate(file, "square:steps=20").accuracy() > 0.5);
            assertTrue(file, evaluate(file, "uniform-noise").accuracy() > 0.5);
            List<Callable<?>> refused = new ArrayList<>();
            refused.add(() -> evaluate(file, "uniform-noise", FGSM));
            refused.add(() -> evaluator.attack(request(source, "cw"), List.of(0)).await());
            refused.add(
                    () ->
                            evaluator
                                    .table(TableRequest.builder(List.of(source), test()).build())
                                    .await());
            refused.add(() -> universal.search(universalRequest(source)).await());
            refused.add(() -> trainer.train(training(source, "never")).await());
            for (Callable<?> command : refused) {
                String message =
                        assertThrows(DeepDefenseException.class, command::call).getMessage();
                assertTrue(
                        message,
                        message.contains(
                                "needs gradients, and " + file + " has none from its outputs"));
            }
        }
    }

    @Test
    public void aDefendedFileHasTheDefendedWeightsInside() throws Exception {
        for (String file : List.of(LINEAR, "double_in.pt", "traced_batch1.pt")) {
            String name = "defended-" + file.replace(".pt", "");
            trainer.train(training(network(file), name)).await();
            NetworkSource saved = new NetworkSource.Saved(name);
            NetworkSource deployed =
                    new NetworkSource.ModelFile(
                            home().resolve("networks").resolve(name).resolve("model.pt"));
            EvaluationResult one = evaluator.evaluate(request(saved, FGSM)).await();
            EvaluationResult other = evaluator.evaluate(request(deployed, FGSM)).await();
            String checksum = networks.get(name).checksum();
            assertEquals(checksum, one.provenance().network().checksum());
            assertEquals(checksum, other.provenance().network().checksum());
            assertEquals(one.robustAccuracy(), other.robustAccuracy(), 0);
        }
    }

    @Test
    public void weightsInAnyByteOrderAreTheSameNetwork() throws Exception {
        EvaluationResult reference =
                evaluator
                        .evaluate(request(weights("data/models/mnist-lenet-reference.npz"), FGSM))
                        .await();
        EvaluationResult other =
                evaluator.evaluate(request(weights("cases/lenet_bigendian.npz"), FGSM)).await();
        assertEquals(
                reference.provenance().network().checksum(),
                other.provenance().network().checksum());
        assertEquals(reference.robustAccuracy(), other.robustAccuracy(), 0);
    }

    @Test
    public void aNetworkForColoursIsNotGivenGreyImages() {
        NetworkSource source =
                new NetworkSource.ModelFile(shared.resolve("data/models/cifar10-resnet20.pt"));
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> evaluator.evaluate(request(source, FGSM)).await())
                        .getMessage();
        assertTrue(message, message.contains("it is made for 3 channels"));
    }

    private NetworkSource network(String file) {
        return new NetworkSource.ModelFile(shared.resolve("cases").resolve(file));
    }

    private NetworkSource weights(String file) {
        return new NetworkSource.Weights("lenet", shared.resolve(file));
    }

    private DatasetSpec test() {
        return images(Split.TEST);
    }

    private DatasetSpec images(Split split) {
        return DatasetSpec.of("mnist", split)
                .withDirectory(shared.resolve("data/mnist"))
                .withLimit(IMAGES);
    }

    private EvaluationRequest request(NetworkSource source, String... attacks) {
        PluginSpec[] specs = new PluginSpec[attacks.length];
        for (int i = 0; i < attacks.length; i++) {
            specs[i] = PluginSpec.parse(attacks[i]);
        }
        return EvaluationRequest.builder(source, test(), specs).optOptions(Option.NO_CACHE).build();
    }

    private EvaluationResult evaluate(String file, String... attacks) throws InterruptedException {
        return evaluator.evaluate(request(network(file), attacks)).await();
    }

    private UniversalRequest universalRequest(NetworkSource source) {
        return UniversalRequest.builder(source, images(Split.TRAIN), test(), Norm.LINF, 0.2)
                .build();
    }

    private TrainingRequest training(NetworkSource source, String name) {
        return TrainingRequest.builder(
                        source, images(Split.TRAIN), PluginSpec.of("reference"), name)
                .optEpochs(1)
                .optBatchSize(IMAGES / 2)
                .optLearningRate(0.01)
                .build();
    }

    private static List<String> warnings(Job<?> job) throws InterruptedException {
        job.await();
        return job.warnings();
    }

    private static void assertWarned(List<String> warnings, String part) {
        assertTrue(warnings.toString(), warnings.stream().anyMatch(text -> text.contains(part)));
    }
}
