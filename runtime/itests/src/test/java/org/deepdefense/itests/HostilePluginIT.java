// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import javax.inject.Inject;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.itests.hostile.Hostile;
import org.deepdefense.itests.hostile.Unstartable;
import org.deepdefense.job.Job;
import org.deepdefense.job.Jobs;
import org.deepdefense.network.NetworkSource;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** Plug-ins that do what they must not: only their own job suffers, and the message names them. */
public class HostilePluginIT extends FelixTest {

    private static final String BUNDLE = "org.example.hostile";
    private static final Path DROPPED = plugins().resolve("hostile.jar");
    private static final String FAULT = "no licence";

    @Inject private Catalog catalog;
    @Inject private Evaluator evaluator;
    @Inject private Jobs jobs;

    @Override
    protected CompositeOption bundles() {
        return composite(
                base(),
                djl(),
                deepDefense(),
                fileInstall(),
                frameworkProperty("deepdefense.timeout").value("1"));
    }

    @Before
    public void dropTheBundle() throws IOException {
        if (!attacks().contains("hostile")) {
            Path jar =
                    new PluginJar(BUNDLE, "6.6.6")
                            .attack("hostile", Hostile.class, Map.of("deepdefense.name", "hostile"))
                            .attack(
                                    "blocking",
                                    Unstartable.class,
                                    Map.of("deepdefense.name", "blocking"))
                            .attack(
                                    "throwing",
                                    Unstartable.class,
                                    Map.of("deepdefense.name", "throwing", "fault", FAULT))
                            .write(work().resolve("hostile.jar"));
            drop(jar, DROPPED);
            Eventually.holds("the attack is there", () -> attacks().contains("hostile"));
        }
    }

    @Test
    public void whatAnAttackDoesWrongFailsItsJobAlone() throws Exception {
        double alone = evaluate("deepfool").await().rho2();
        Map<Hostile.Kind, String> expected =
                Map.of(
                        Hostile.Kind.IN_PLACE, "",
                        Hostile.Kind.WRONG_SHAPE, "",
                        Hostile.Kind.NAN, "",
                        Hostile.Kind.CHECKED, "IOException",
                        Hostile.Kind.ERROR, "StackOverflowError",
                        Hostile.Kind.CONTROL, "gone");
        for (Map.Entry<Hostile.Kind, String> kind : expected.entrySet()) {
            Job<EvaluationResult> beside = evaluate("deepfool");
            Job<EvaluationResult> hostile = evaluate("hostile:kind=" + kind.getKey());
            String message =
                    assertThrows(kind.getKey().name(), DeepDefenseException.class, hostile::await)
                            .getMessage();
            assertTrue(message, message.startsWith("Attack \"hostile\""));
            assertTrue(message, message.contains(kind.getValue()));
            assertEquals(kind.getKey().name(), alone, beside.await().rho2(), 0);
        }
    }

    @Test
    public void oneThatDoesNotStartIsNamedAndHindersNobody() {
        long start = System.nanoTime();
        List<String> listed = attacks();
        assertTrue("" + listed, listed.contains("deepfool"));
        assertFalse("" + listed, listed.contains("blocking"));
        for (String attack : List.of("blocking", "throwing")) {
            String message =
                    assertThrows(DeepDefenseException.class, () -> evaluate(attack)).getMessage();
            assertTrue(
                    message,
                    message.startsWith(
                            "Attack \""
                                    + attack
                                    + "\" (bundle org.example.hostile 6.6.6) did not"
                                    + " start"));
            assertEquals(message, attack.equals("throwing"), message.contains(FAULT));
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 30);
    }

    @Test
    public void thoseThatNeverLookWhetherTheyWereCancelledLoseTheirPlaces() throws Exception {
        List<Job<EvaluationResult>> deaf = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            deaf.add(evaluate("hostile:kind=DEAF"));
        }
        Eventually.holds("both are in it", () -> deaf.stream().allMatch(this::isInIt));
        Job<EvaluationResult> waiting = evaluate("deepfool");
        for (Job<EvaluationResult> job : deaf) {
            job.cancel();
            assertThrows(CancellationException.class, job::await);
            assertEquals(Job.State.ABANDONED, job.state());
            String detail = jobs.find(job.id()).orElseThrow().status().detail();
            assertEquals("attack \"hostile\" (bundle org.example.hostile 6.6.6)", detail);
        }
        assertEquals(20, waiting.await().samples());
    }

    private boolean isInIt(Job<?> job) {
        String thread = Hostile.BEGUN + "deepdefense-" + job.id();
        return System.getProperties().stringPropertyNames().stream()
                .anyMatch(name -> name.startsWith(thread));
    }

    private List<String> attacks() {
        return catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList();
    }

    private Job<EvaluationResult> evaluate(String attack) {
        return evaluator.evaluate(
                EvaluationRequest.builder(
                                new NetworkSource.Untrained("mlp"),
                                DatasetSpec.of("digits", Split.TEST).withLimit(20),
                                PluginSpec.parse(attack))
                        .optOptions(EvaluationRequest.Option.NO_CACHE)
                        .build());
    }
}
