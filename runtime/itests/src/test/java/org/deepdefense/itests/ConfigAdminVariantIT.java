// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkSource;
import org.junit.After;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/**
 * Configuration files make attacks of a class that is there, with other parameters. They take the
 * place of the attack that is there without any, so that has a file too where it is to stay.
 */
public class ConfigAdminVariantIT extends FelixTest {

    private static final String PID = "deepdefense.attack.deepfool";
    private static final Path VARIANT = etc().resolve(PID + "-x.cfg");
    private static final Path ORIGINAL = etc().resolve(PID + "-original.cfg");

    @Inject private Catalog catalog;
    @Inject private Evaluator evaluator;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense(), fileInstall());
    }

    @After
    public void removeFiles() throws IOException {
        try (Stream<Path> files = Files.list(etc())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Eventually.holds(
                "without files there is what was there before",
                () -> !names().contains("deepfool-x") && iterations("deepfool").equals("50"));
    }

    @Test
    public void everyFileIsAnAttackWithParametersOfItsOwn() throws Exception {
        assertFalse(names().contains("deepfool-x"));
        write(VARIANT, "deepdefense.name = deepfool-x\niterations = 3\n");
        write(ORIGINAL, "deepdefense.name = deepfool\n");
        Eventually.holds(
                "both are there",
                () -> iterations("deepfool-x").equals("3") && iterations("deepfool").equals("50"));

        EvaluationResult result =
                evaluator
                        .evaluate(
                                EvaluationRequest.builder(
                                                new NetworkSource.Untrained("mlp"),
                                                DatasetSpec.of("digits", Split.TEST).withLimit(4),
                                                PluginSpec.of("deepfool-x"))
                                        .build())
                        .await();
        Provenance.Plugin used = result.provenance().plugins().get("attack");
        assertEquals("deepfool-x", used.name());
        assertEquals("3", used.parameters().get("iterations"));
    }

    @Test
    public void aChangeOfTheFileChangesTheAttack() throws IOException {
        write(VARIANT, "deepdefense.name = deepfool-x\niterations = 3\n");
        Eventually.holds("it is there", () -> iterations("deepfool-x").equals("3"));
        write(VARIANT, "deepdefense.name = deepfool-x\niterations = 17\n");
        Eventually.holds("it follows its file", () -> iterations("deepfool-x").equals("17"));
    }

    @Test
    public void whatCannotBeIsReportedWhenTheFileIsRead() throws IOException {
        assertEquals(List.of(), catalog.problems());
        write(VARIANT, "deepdefense.name = deepfool-x\nitertaions = 3\novershoot = some\n");
        String file = PID + "-x.cfg";
        reported(file + " has no effect with \"itertaions\": did you mean \"iterations\"?");
        reported("The value \"some\" is not allowed for parameter \"overshoot\" of " + file);
        Eventually.holds("the default is in force", () -> iterations("deepfool-x").equals("50"));

        Path unknown = etc().resolve("deepdefense.attack.depfool-x.cfg");
        write(unknown, "iterations = 3\n");
        reported("which is no component: did you mean \"" + PID + "\"?");
        Files.delete(unknown);
        Path ofTheClass = etc().resolve("org.deepdefense.attacks.internal.DeepFool-x.cfg");
        write(ofTheClass, "iterations = 3\n");
        reported("its name begins with \"" + PID + "\"");
        Files.delete(ofTheClass);
        Path hyphen = etc().resolve("deepdefense.attack.deepfool-linf.cfg");
        write(hyphen, "iterations = 3\n");
        reported("for the other begins with \"deepdefense.attack.deepfool_linf\"");
        Files.delete(hyphen);
        Path named = etc().resolve("deepfool-x.cfg");
        write(named, "iterations = 3\n");
        reported("its name begins with \"" + PID + "\"");
        Files.delete(named);
        Path foreign = etc().resolve("org.example.host.cfg");
        write(foreign, "iterations = many\n");
        Path damaged = etc().resolve(PID + "-damaged.cfg");
        write(damaged, "deepdefense.name = \\uzzzz\n");
        reported(damaged.getFileName() + " is not in force");
        assertFalse(catalog.problems().toString().contains("org.example.host"));
        Files.delete(damaged);
        Files.delete(foreign);
        write(VARIANT, "deepdefense.name = deepfool-x\niterations = 3\n");
        Eventually.holds("all is well again", () -> catalog.problems().isEmpty());
    }

    private void reported(String problem) {
        Eventually.holds(
                problem, () -> catalog.problems().stream().anyMatch(p -> p.contains(problem)));
    }

    private static void write(Path file, String content) throws IOException {
        drop(Files.writeString(work().resolve("content"), content), file);
    }

    private List<String> names() {
        return catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList();
    }

    /** The value in the catalog, or nothing while the attack is registered anew. */
    private String iterations(String attack) {
        return catalog.list(Kind.ATTACK).stream()
                .filter(info -> info.name().equals(attack))
                .flatMap(info -> info.parameters().stream())
                .filter(parameter -> parameter.name().equals("iterations"))
                .map(ParameterInfo::value)
                .findAny()
                .orElse("");
    }
}
