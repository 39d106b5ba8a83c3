package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Eventually.holds("the job runs", () -> using.state() == Job.State.RUNNING);

        delete();
        DeepDefenseException failure =
                assertThrows(DeepDefenseException.class, () -> using.await());
        assertTrue(failure.getMessage(), failure.getMessage().contains(ATTACK));
        assertEquals(Job.State.FAILED, using.state());
        assertEquals(100, other.await().samples());
    }

    private void drop() throws IOException {
        drop(examplePlugin(), DROPPED);
        Eventually.holds("the attack is there", () -> attacks().contains(ATTACK));
    }

    private List<String> attacks() {
        return catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList();
    }

    private Job<EvaluationResult> evaluate(String attack, int images) {
        return evaluator.evaluate(
                EvaluationRequest.of(
                                new NetworkSource.Untrained("mlp"),
                                DatasetSpec.of("digits", Split.TEST).withLimit(images),
                                PluginSpec.parse(attack))
                        .with(EvaluationRequest.Option.NO_CACHE));
    }
}
