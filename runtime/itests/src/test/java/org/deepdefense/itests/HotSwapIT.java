// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.junit.After;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** An attack in a jar of its own comes and goes while the framework runs. */
public class HotSwapIT extends FelixTest {

    /** The example plug-in, which depends on the API and DJL only. */
    private static final String ATTACK = "gradient-line-search";

    private static final Path DROPPED = plugins().resolve("example.jar");

    @Inject private Catalog catalog;
    @Inject private Evaluator evaluator;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense(), fileInstall());
    }

    @After
    public void delete() throws IOException {
        Files.deleteIfExists(DROPPED);
        Eventually.holds("the attack goes with its jar", () -> !attacks().contains(ATTACK));
    }

    @Test
    public void aJarThatIsDroppedIsAnAttackAndNoneWhenItIsDeleted() throws Exception {
        DeepDefenseException missing =
                assertThrows(DeepDefenseException.class, () -> evaluate(ATTACK, 10));
        assertTrue(missing.getMessage(), missing.getMessage().contains(ATTACK));

        drop();
        PluginInfo info = catalog.get(Kind.ATTACK, ATTACK);
        assertTrue(info.bundle(), info.bundle().startsWith("org.deepdefense.examples.attack"));
        assertEquals(10, evaluate(ATTACK, 10).await().samples());

        delete();
        assertThrows(DeepDefenseException.class, () -> evaluate(ATTACK, 10));

        drop();
        assertEquals(10, evaluate(ATTACK, 10).await().samples());
    }

    @Test
    public void aJobThatUsesItFailsAndOthersGoOn() throws Exception {
        drop();
        // Long enough to be running still when the jar is deleted.
        Job<EvaluationResult> using = evaluate(ATTACK + ":steps=100000", 100);
        Job<EvaluationResult> other = evaluate("deepfool", 100);
        uses(using);

        delete();
        DeepDefenseException failure =
                assertThrows(DeepDefenseException.class, () -> using.await());
        assertTrue(failure.getMessage(), failure.getMessage().contains(ATTACK));
        assertEquals(Job.State.FAILED, using.state());
        assertEquals(100, other.await().samples());
    }

    @Test
    public void aJarThatIsReplacedDuringAJobIsSaidToBe() throws Exception {
        drop();
        Job<EvaluationResult> using = evaluate(ATTACK + ":steps=100000", 100);
        uses(using);
        drop(newer(), DROPPED);
        String message = assertThrows(DeepDefenseException.class, () -> using.await()).getMessage();
        assertTrue(message, message.contains("was replaced by version 9.9.9 while in use"));
        Eventually.holds(
                "the new one serves",
                // For a moment there is none.
                () ->
                        catalog.list(Kind.ATTACK).stream()
                                .filter(info -> info.name().equals(ATTACK))
                                .anyMatch(info -> info.bundle().endsWith(" 9.9.9")));
    }

    @Test
    public void twoVersionsOfAnAttackRunInOneEvaluation() throws Exception {
        Path second = plugins().resolve("newer.jar");
        drop();
        drop(newer(), second);
        Eventually.holds(
                "both are there", () -> catalog.get(Kind.ATTACK, ATTACK).candidates().size() == 2);
        assertEquals(
                List.of(ATTACK + "@9.9.9", ATTACK + "@0.1.0.SNAPSHOT"),
                catalog.get(Kind.ATTACK, ATTACK).candidates().stream()
                        .map(PluginInfo.Candidate::name)
                        .toList());
        EvaluationResult result =
                evaluator
                        .evaluate(
                                EvaluationRequest.builder(
                                                new NetworkSource.Untrained("mlp"),
                                                DatasetSpec.of("digits", Split.TEST).withLimit(10),
                                                PluginSpec.parse(ATTACK + "@0.1:steps=5"),
                                                PluginSpec.of(ATTACK + "@9.9.9"))
                                        .build())
                        .await();
        assertEquals(
                List.of(ATTACK + "@0.1:steps=5", ATTACK + "@9.9.9"),
                result.attacks().stream().map(AttackResult::attack).toList());
        Files.delete(second);
        Eventually.holds(
                "one is left", () -> catalog.get(Kind.ATTACK, ATTACK).candidates().isEmpty());
    }

    @Test
    public void aConfigurationThatChangesLeavesTheJobThatHasBegunAlone() throws Exception {
        drop();
        Path file = etc().resolve("deepdefense.attack.gradient_line_search-slow.cfg");
        configure(file, 10_000);
        Job<EvaluationResult> using = evaluate("slow", 10);
        uses(using);
        configure(file, 5);
        EvaluationResult result = using.await();
        assertEquals(
                "10000", result.provenance().plugins().get("attack").parameters().get("steps"));
        Files.delete(file);
        Eventually.holds("the variant is gone", () -> !attacks().contains("slow"));
    }

    private void configure(Path file, int steps) throws IOException {
        String content = "deepdefense.name = slow\nsteps = " + steps + "\n";
        drop(Files.writeString(work().resolve("content"), content), file);
        Eventually.holds(
                "it is configured",
                () ->
                        catalog.list(Kind.ATTACK).stream()
                                .filter(info -> info.name().equals("slow"))
                                .flatMap(info -> info.parameters().stream())
                                .anyMatch(p -> p.value().equals(Integer.toString(steps))));
    }

    /** The same bundle with a higher version. */
    private static Path newer() throws IOException {
        Path newer = work().resolve("newer.jar");
        try (JarInputStream old = new JarInputStream(Files.newInputStream(examplePlugin()))) {
            Manifest manifest = old.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", "9.9.9");
            try (JarOutputStream jar =
                    new JarOutputStream(Files.newOutputStream(newer), manifest)) {
                for (JarEntry entry = old.getNextJarEntry();
                        entry != null;
                        entry = old.getNextJarEntry()) {
                    jar.putNextEntry(new JarEntry(entry.getName()));
                    old.transferTo(jar);
                }
            }
        }
        return newer;
    }

    private void drop() throws IOException {
        drop(examplePlugin(), DROPPED);
        Eventually.holds("the attack is there", () -> attacks().contains(ATTACK));
    }

    /** Waits until a job is past looking for its attack: only then is it the one in use. */
    private static void uses(Job<EvaluationResult> job) {
        Eventually.holds("the attack is in use", () -> job.status().phase().startsWith("attack"));
    }

    private List<String> attacks() {
        return catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList();
    }

    private Job<EvaluationResult> evaluate(String attack, int images) {
        return evaluator.evaluate(
                EvaluationRequest.builder(
                                new NetworkSource.Untrained("mlp"),
                                DatasetSpec.of("digits", Split.TEST).withLimit(images),
                                PluginSpec.parse(attack))
                        .optOptions(EvaluationRequest.Option.NO_CACHE)
                        .build());
    }
}
