// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in a real Gogo session: what its language makes of our arguments. */
class GogoCommandsTest {

    @TempDir Path directory;

    private final FakeServices fake = new FakeServices();
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CommandSession session;

    @BeforeEach
    void start() {
        threadIo.start();
        CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
        new GogoCommands(fake.services(), true, () -> {})
                .functions()
                .forEach((name, function) -> processor.addCommand("dd", function, name));
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), stream, stream);
        session.currentDir(directory);
        session.put("SCOPE", "dd:*");
    }

    @AfterEach
    void stop() {
        session.close();
        threadIo.stop();
    }

    private Object execute(String line) throws Exception {
        return session.execute(line);
    }

    @Test
    void attackWithParametersNeedsNoQuotes() throws Exception {
        execute("evaluate lenet-ref --attack pgd:epsilon=0.10,step-size=1e-2,steps=040");

        EvaluationRequest request = assertInstanceOf(EvaluationRequest.class, fake.requests.get(0));
        assertEquals(
                "pgd:epsilon=0.10,stepSize=1e-2,steps=040", request.attacks().get(0).toString());
    }

    @Test
    void modelAndFileNeedNoQuotes() throws Exception {
        execute("table lenet=sub/a.npz lenet-ref --attack=pgd:epsilon=0.1 --dataset mnist");

        TableRequest request = assertInstanceOf(TableRequest.class, fake.requests.get(0));
        assertEquals(
                new NetworkSource.Weights("lenet", directory.resolve("sub/a.npz")),
                request.networks().get(0));
        assertEquals("pgd:epsilon=0.1", request.rhoAttack().toString());
    }

    @Test
    void listOfIndicesNeedsNoQuotes() throws Exception {
        execute("attack lenet-ref --index 0,5");

        assertTrue(out.toString(StandardCharsets.UTF_8).contains("Image 5"));
    }

    @Test
    void resultsGoThroughPipes() throws Exception {
        Object captured = execute("x = (version)");

        assertTrue(String.valueOf(captured).startsWith("Deep Defense 1.2.3"), "" + captured);
    }

    @Test
    void failuresAreExceptionsOfTheSession() {
        CommandFailure failure =
                assertThrows(CommandFailure.class, () -> execute("evaluate nothing --limit 1"));

        assertTrue(failure.toString().startsWith("error: There is no network nothing"));
    }

    @Test
    void onlyTheDistributionAnswersForUnknownCommands() {
        assertTrue(
                new GogoCommands(fake.services(), true, () -> {})
                        .functions()
                        .containsKey("default"));
        assertFalse(
                new GogoCommands(fake.services(), false, () -> {})
                        .functions()
                        .containsKey("default"));
    }

    @Test
    void unknownCommandsGetSuggestions() {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> execute("evalaute x"));

        assertEquals(
                "error: there is no command \"evalaute\"; did you mean \"evaluate\"?",
                failure.toString());
    }
}
