// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deepdefense.shell.internal.FakeJob;
import org.deepdefense.shell.internal.FakeServices;
import org.deepdefense.shell.internal.command.CommandSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

    @TempDir Path directory;

    private final FakeServices fake = new FakeServices();
    private final Completion completion = new Completion(fake.services());

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("nets"));
        Files.createFile(directory.resolve("nets/a.npz"));
        Files.createFile(directory.resolve("nets/b.npz"));
        Files.createFile(directory.resolve("notes.txt"));
        Files.createFile(directory.resolve(".hidden"));
    }

    private List<String> complete(String line) {
        return completion.arguments(List.of(line.split(" ", -1)), directory).stream()
                .map(Proposal::value)
                .toList();
    }

    @Test
    void commandsHaveDescriptions() {
        assertEquals(
                List.copyOf(CommandSet.names()),
                completion.commands().stream().map(Proposal::value).toList());
        assertTrue(completion.commands().stream().noneMatch(p -> p.description().isEmpty()));
    }

    @Test
    void optionsThatAreNotYetGiven() {
        List<String> options = complete("evaluate lenet-ref --seed 1 --");

        assertTrue(options.containsAll(List.of("--attack", "--dataset", "--json")), "" + options);
        assertFalse(options.contains("--seed"), "" + options);
    }

    @Test
    void pluginsOfTheLiveRegistry() {
        assertEquals(List.of("deepfool", "pgd"), complete("evaluate x --attack p"));
        assertEquals(List.of("deep-defense", "reference"), complete("defend x --defense "));
        assertEquals(List.of("digits", "mnist"), complete("table x --dataset "));
        assertEquals(List.of("deepfool", "pgd"), complete("attacks ").subList(0, 2));
        assertEquals(List.of("lenet", "mlp"), complete("train --model ").subList(0, 2));
    }

    @Test
    void pluginsOfSeveralBundlesByTheirSelectors() {
        assertEquals(List.of("pgd@1.1.0", "pgd@1.0.0"), complete("evaluate x --attack pgd@"));
        assertEquals(
                List.of("pgd@1.0.0:epsilon=", "pgd@1.0.0:norm=", "pgd@1.0.0:randomStart="),
                complete("evaluate x --attack pgd@1.0.0:"));
        assertEquals(List.of(), complete("evaluate x --attack pgd@9:"));
    }

    @Test
    void filtersOfAttacks() {
        assertEquals(List.of("l0", "l1", "l2", "linf"), complete("attacks --norm "));
        assertEquals(List.of("budget", "minimum", "other"), complete("attacks --type "));
        assertEquals(List.of("gradients", "scores", "decisions"), complete("attacks --access "));
    }

    @Test
    void parametersOfPlugins() {
        assertEquals(
                List.of("pgd:epsilon=", "pgd:norm=", "pgd:randomStart="),
                complete("evaluate x --attack pgd:"));
        assertEquals(
                List.of("pgd:norm=L2,epsilon=", "pgd:norm=L2,randomStart="),
                complete("evaluate x --attack pgd:norm=L2,"));
        assertEquals(
                List.of("pgd:norm=L2", "pgd:norm=LINF"), complete("evaluate x --attack pgd:norm="));
        assertEquals(
                List.of("--attack=pgd:randomStart=true", "--attack=pgd:randomStart=false"),
                complete("evaluate x --attack=pgd:randomStart="));
        assertEquals(List.of(), complete("evaluate x --attack unknown:"));
    }

    @Test
    void parametersAreNotTheEndOfTheWord() {
        Proposal parameter =
                completion
                        .arguments(List.of("evaluate", "x", "--attack", "pgd:"), directory)
                        .get(0);

        assertFalse(parameter.isWhole());
        assertEquals("default 0.3; Budget in pixels.", parameter.description());
    }

    @Test
    void networksModelsAndFiles() {
        assertEquals(List.of("lenet-ref", "lenet-dd", "lenet=", "mlp="), complete("table a l"));
        assertEquals(List.of("lenet=nets/"), complete("table lenet=n").subList(0, 1));
        assertEquals(
                List.of("lenet=nets/a.npz", "lenet=nets/b.npz"), complete("table lenet=nets/"));
    }

    @Test
    void networksInFilesThatHaveEqualsSigns() throws IOException {
        Files.createDirectory(directory.resolve("lr=0.1"));
        Files.createFile(directory.resolve("lr=0.1/net.pt"));
        Files.createFile(directory.resolve("first.pt"));

        assertEquals(List.of("lr=0.1/net.pt"), complete("evaluate lr=0.1/"));
        List<String> all = complete("evaluate ");
        assertTrue(all.containsAll(List.of("first.pt", "nets/", "lenet-ref")), "" + all);
        assertFalse(all.contains("notes.txt"), "" + all);
        assertTrue(complete("train --model ").contains("first.pt"));
    }

    @Test
    void filesAndDirectories() {
        assertEquals(List.of("nets/", "notes.txt"), complete("evaluate x --json n"));
        assertEquals(List.of("nets/"), complete("evaluate x --data "));
        assertEquals(List.of("nets/b.npz"), complete("evaluate --weights nets/b"));
        assertEquals(List.of(), complete("evaluate --weights nowhere/b"));
    }

    @Test
    void savedNetworksAndJobs() {
        fake.jobs.add(new FakeJob<>("j3"));

        assertEquals(List.of("lenet-ref", "lenet-dd"), complete("delete l"));
        assertEquals(List.of("j3"), complete("watch j"));
        assertEquals(List.of("test", "train"), complete("evaluate x --split t"));
        assertEquals(List.of("next", "least-likely", "random"), complete("evaluate x --target "));
    }

    @Test
    void nothingAfterTheLastParameter() {
        assertEquals(List.of(), complete("watch j1 x"));
        assertEquals(List.of(), complete("evaluate x --seed 1"));
        assertEquals(List.of(), complete("unheard-of "));
    }
}
