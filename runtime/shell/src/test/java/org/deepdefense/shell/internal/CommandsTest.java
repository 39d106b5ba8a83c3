// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import javax.imageio.ImageIO;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.Target;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.training.TrainingRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands ask of the engine, and what they say. */
class CommandsTest {

    @TempDir Path directory;

    private final FakeServices fake = new FakeServices();
    private final Recorder recorder = new Recorder();

    private void run(boolean shell, String line) throws CommandFailure {
        String[] words = line.split(" ");
        new CommandRunner(fake.services())
                .run(
                        words[0],
                        List.of(words).subList(1, words.length),
                        recorder.console(
                                Look.PLAIN,
                                directory,
                                shell ? Console.Mode.SHELL : Console.Mode.SCRIPT));
    }

    private void run(String line) throws CommandFailure {
        run(false, line);
    }

    private CommandFailure failure(String line) {
        return assertThrows(CommandFailure.class, () -> run(line));
    }

    private <T> T request(Class<T> type) {
        return assertInstanceOf(type, fake.requests.get(fake.requests.size() - 1));
    }

    @Test
    void evaluatesWeightsAndWritesJson() throws Exception {
        run(
                "evaluate --model lenet --weights a.npz --dataset mnist --data d --attack deepfool"
                        + " --json out.json --limit 5 --seed 3 --split train --batch-size 50"
                        + " --target least-likely");

        assertEquals(
                EvaluationRequest.builder(
                                new NetworkSource.Weights("lenet", directory.resolve("a.npz")),
                                new DatasetSpec(
                                        "mnist",
                                        Optional.of(directory.resolve("d")),
                                        Split.TRAIN,
                                        5),
                                PluginSpec.of("deepfool"))
                        .optTarget(Target.of(Target.Choice.LEAST_LIKELY))
                        .optSeed(3)
                        .optBatchSize(50)
                        .build(),
                request(EvaluationRequest.class));
        JsonObject json = json("out.json");
        assertEquals(0.9902, json.get("accuracy").getAsDouble());
        assertEquals(1.0, json.get("successRate").getAsDouble());
        assertEquals(0.20561, json.get("rho2").getAsDouble());
        assertEquals(
                "deepfool",
                json.getAsJsonObject("provenance")
                        .getAsJsonObject("plugins")
                        .getAsJsonObject("attack")
                        .get("name")
                        .getAsString());
        JsonObject l2 = json.getAsJsonObject("norms").getAsJsonObject("L2");
        assertEquals(1.9, l2.get("mean").getAsDouble());
        assertTrue(l2.get("median").isJsonNull());
        assertEquals(1, json.getAsJsonArray("attacks").size());
        assertFalse(json.has("images"));
        assertTrue(recorder.out().contains("99.02 %"), recorder.out());
        assertTrue(recorder.out().contains("0.2056"), recorder.out());
    }

    private JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(directory.resolve(name))).getAsJsonObject();
    }

    @Test
    void evaluatesSavedNetworkOnItsOwnDataSet() throws Exception {
        run("evaluate lenet-ref --attack pgd:epsilon=0.1,steps=40");

        EvaluationRequest request = request(EvaluationRequest.class);
        assertEquals(new NetworkSource.Saved("lenet-ref"), request.network());
        assertEquals(DatasetSpec.of("mnist", Split.TEST), request.dataset());
        assertEquals(
                Map.of("epsilon", "0.1", "steps", "40"), request.attacks().get(0).parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate --model my.pt", "evaluate my.pt"})
    void evaluatesModelFile(String command) throws Exception {
        run(command + " --dataset mnist --attack pgd --epsilon 0.2");

        EvaluationRequest request = request(EvaluationRequest.class);
        assertEquals(new NetworkSource.ModelFile(directory.resolve("my.pt")), request.network());
        assertEquals(List.of(PluginSpec.of("pgd")), request.attacks());
        assertEquals(List.of(0.2), request.epsilons());
    }

    @Test
    void evaluatesManyAttacksAtManyBudgets() throws Exception {
        fake.next = Optional.of(FakeJob.done("j1", FakeServices.evaluations()));
        run(
                "evaluate lenet-ref --attack pgd:steps=20,restarts=2 --attack deepfool --epsilon"
                        + " 0.05,8/255 --ensemble --tighten --eight-bit --no-cache --json m.json"
                        + " --csv m.csv");

        EvaluationRequest request = request(EvaluationRequest.class);
        assertEquals(
                List.of(PluginSpec.parse("pgd:steps=20,restarts=2"), PluginSpec.of("deepfool")),
                request.attacks());
        assertEquals(List.of(8 / 255.0, 0.05), request.epsilons());
        assertEquals(Set.of(EvaluationRequest.Option.values()), request.options());
        JsonObject json = json("m.json");
        assertEquals(0.25, json.get("robustAccuracy").getAsDouble());
        assertEquals(
                0.4,
                json.getAsJsonArray("attacks")
                        .get(1)
                        .getAsJsonObject()
                        .get("robustAccuracy")
                        .getAsDouble());
        assertEquals(2, json.getAsJsonArray("worstCases").size());
        List<String> lines = Files.readAllLines(directory.resolve("m.csv"));
        assertEquals(
                "index,label,prediction,attack,norm,epsilon,attacked,success,evaluated,"
                        + "adversarialPrediction,l0,l1,l2,linf,rho2,rho2Pixels,forwards,backwards",
                lines.get(0));
        assertEquals(
                "0,7,7,pgd:steps=20,L2,0.05,true,true,true,3,4.0,0.5,0.25,0.125,0.2,0.1,9.0,8.0",
                lines.get(1));
        assertEquals(
                "1,2,1,deepfool,L2,,false,true,true,1,0.0,0.0,0.0,0.0,,0.0,0.0,0.0", lines.get(6));
        assertEquals(7, lines.size());
    }

    @Test
    void searchesUniversalPerturbation() throws Exception {
        run(
                "universal lenet-ref --norm l2 --epsilon 2000/255 --limit 50 --train-limit 9 --seed"
                        + " 4 --png u.png --npz u.npz --json u.json");

        assertEquals(
                UniversalRequest.builder(
                                new NetworkSource.Saved("lenet-ref"),
                                DatasetSpec.of("mnist", Split.TRAIN).withLimit(9),
                                DatasetSpec.of("mnist", Split.TEST).withLimit(50),
                                Norm.L2,
                                2000 / 255.0)
                        .optAttack(PluginSpec.of("deepfool"))
                        .optFoolingRate(0.8)
                        .optPasses(10)
                        .optBatchSize(1)
                        .optSeed(4)
                        .build(),
                request(UniversalRequest.class));
        assertTrue(recorder.out().contains("75.00 %"), recorder.out());
        assertEquals("arrays", Files.readString(directory.resolve("u.npz")));
        BufferedImage png = ImageIO.read(directory.resolve("u.png").toFile());
        assertEquals(0xff, png.getRGB(0, 0) & 0xff);
        assertEquals(0, png.getRGB(1, 0) & 0xff);
        assertEquals(0x80, png.getRGB(0, 1) & 0xff);
        assertEquals(0.75, json("u.json").getAsJsonObject("test").get("foolingRate").getAsDouble());
        assertTrue(failure("universal lenet-ref --norm l2").getMessage().contains("--epsilon X"));
    }

    @Test
    void trainsFromTheBeginning() throws Exception {
        run(
                "train --model mlp --dataset mnist --data d --defense reference --epochs 3 --seed 9"
                        + " --save m1 --lr 0.01 --lr-decay-epochs 2,3 --lr-decay 0.1 --average 2"
                        + " --momentum 0.8"
                        + " --weight-decay 0.001 --batch-size 64 --scale 1 --overwrite --limit 100"
                        + " --checkpoint-steps 10");

        assertEquals(
                new TrainingRequest(
                        new NetworkSource.Untrained("mlp"),
                        new DatasetSpec(
                                "mnist", Optional.of(directory.resolve("d")), Split.TRAIN, 100),
                        PluginSpec.of("reference"),
                        List.of(),
                        Optional.empty(),
                        "m1",
                        true,
                        3,
                        64,
                        OptionalDouble.of(0.01),
                        List.of(2, 3),
                        0.1,
                        2,
                        OptionalDouble.empty(),
                        0,
                        0.8,
                        0.001,
                        1,
                        10,
                        9),
                request(TrainingRequest.class));
        assertTrue(recorder.out().contains("Saved as m1"), recorder.out());
        assertTrue(fake.discarded.isEmpty());
    }

    @Test
    void trainsWithModifiersAnExponentialMeanAndImagesHeldOut() throws Exception {
        run(
                "train --model mlp --dataset mnist --save m1 --defense trades --with awp:gamma=0.02"
                        + " --with other --ema 0.99 --validation 500");

        TrainingRequest request = request(TrainingRequest.class);
        assertEquals(
                List.of(PluginSpec.parse("awp:gamma=0.02"), PluginSpec.of("other")),
                request.modifiers());
        assertEquals(OptionalDouble.of(0.99), request.emaDecay());
        assertEquals(500, request.validation());
        assertEquals(0, request.averagedEpochs());
        assertTrue(
                failure("train --model mlp --dataset mnist --save m1 --ema 1")
                        .getMessage()
                        .contains("0.999"));
        assertTrue(
                failure("defend lenet-ref --dataset mnist --save m1 --ema 0.9 --average 1")
                        .getMessage()
                        .contains("average over 0 epochs"));
    }

    @Test
    void leavesToTheDefaultsWhatIsNotSaid() throws Exception {
        run("train --model mlp --dataset mnist --save m1");

        assertEquals(
                TrainingRequest.builder(
                                new NetworkSource.Untrained("mlp"),
                                DatasetSpec.of("mnist", Split.TRAIN),
                                PluginSpec.of("reference"),
                                "m1")
                        .build(),
                request(TrainingRequest.class));
    }

    @Test
    void lowersRateForTheLastEpochByTheFactorGiven() throws Exception {
        run("train --model mlp --dataset mnist --save m1 --epochs 4 --lr-decay 0.2");

        TrainingRequest request = request(TrainingRequest.class);
        assertEquals(List.of(4), request.decayEpochs());
        assertEquals(0.2, request.decayFactor());
        assertEquals(0, request.averagedEpochs());
    }

    @Test
    void aFileThatExistsIsAFile() throws Exception {
        Path runs = Files.createDirectories(directory.resolve("runs/lr=0.1,a:b@c"));
        for (String name : List.of("net.pt", "c=10.pt")) {
            Files.createFile(runs.resolve(name));
            run("evaluate runs/lr=0.1,a:b@c/" + name + " --dataset mnist");

            assertEquals(
                    new NetworkSource.ModelFile(directory.resolve("runs/lr=0.1,a:b@c/" + name)),
                    request(EvaluationRequest.class).network());
        }
        Files.createFile(directory.resolve("lr=1.pt"));
        run("table lr=1.pt lenet=runs/lr=2/w.npz runs/lr=3/gone.pt --dataset mnist");

        assertEquals(
                List.of(
                        new NetworkSource.ModelFile(directory.resolve("lr=1.pt")),
                        new NetworkSource.Weights("lenet", directory.resolve("runs/lr=2/w.npz")),
                        new NetworkSource.ModelFile(directory.resolve("runs/lr=3/gone.pt"))),
                request(TableRequest.class).networks());
    }

    @Test
    void defendsSavedNetwork() throws Exception {
        run(
                "defend lenet-ref --defense deep-defense:lambda=15 --attack deepfool:iterations=5"
                        + " --save dd --restart");

        TrainingRequest request = request(TrainingRequest.class);
        assertEquals(new NetworkSource.Saved("lenet-ref"), request.network());
        assertEquals("deep-defense:lambda=15", request.defense().toString());
        assertEquals(List.of(5), request.decayEpochs());
        assertEquals(0.5, request.decayFactor());
        assertEquals(1, request.averagedEpochs());
        assertEquals("deepfool:iterations=5", request.attack().orElseThrow().toString());
        assertEquals(DatasetSpec.of("mnist", Split.TRAIN), request.dataset());
        assertEquals(List.of("dd"), fake.discarded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "defend w.npz --model lenet",
                "defend --model lenet --weights w.npz",
                "defend lenet=w.npz"
            })
    void defendsWeights(String command) throws Exception {
        run(command + " --dataset mnist --save dd");

        assertEquals(
                new NetworkSource.Weights("lenet", directory.resolve("w.npz")),
                request(TrainingRequest.class).network());
    }

    @Test
    void comparesNetworksOfAllKinds() throws Exception {
        run("table lenet-ref lenet=w.npz sub/my.pt --dataset mnist --json t.json");

        TableRequest request = request(TableRequest.class);
        assertEquals(
                List.of(
                        new NetworkSource.Saved("lenet-ref"),
                        new NetworkSource.Weights("lenet", directory.resolve("w.npz")),
                        new NetworkSource.ModelFile(directory.resolve("sub/my.pt"))),
                request.networks());
        assertEquals("fgsm", request.fgsAttack().name());
        assertEquals(0.2312, json("t.json").get("epsilonRef").getAsDouble());
    }

    @Test
    void showsAttackedImagesAndWritesThem() throws Exception {
        run("attack lenet-ref --index 0,5 --png p.png --json i.json");

        assertTrue(recorder.out().contains("Image 0, label seven: fooled"), recorder.out());
        assertTrue(recorder.out().contains("Image 5"), recorder.out());
        assertTrue(recorder.out().contains("LINF 0.2500"), recorder.out());
        assertEquals(
                8 + 2 * (224 + 8), ImageIO.read(directory.resolve("p.png").toFile()).getHeight());
        String json = Files.readString(directory.resolve("i.json"));
        assertTrue(json.contains("\"rho2\": 0.25") && !json.contains("pixels"), json);
    }

    @Test
    void quickstartTrainsDefendsAndCompares() throws Exception {
        run("quickstart --seed 4 --save-prefix q --json q.json");

        TrainingRequest defend = assertInstanceOf(TrainingRequest.class, fake.requests.get(1));
        assertEquals(new NetworkSource.Saved("q-reference"), defend.network());
        assertEquals("deep-defense", defend.defense().name());
        assertEquals("q-defended", defend.saveAs());
        assertTrue(defend.overwrite());
        assertEquals(4, defend.seed());
        assertEquals(List.of("q-reference", "q-defended"), fake.discarded);
        assertTrue(recorder.out().contains("100 % larger"), recorder.out());
        assertEquals(2, json("q.json").getAsJsonObject("table").getAsJsonArray("rows").size());
    }

    @Test
    void listsPluginsWithParametersAndBundles() throws Exception {
        run("defenses");

        assertTrue(recorder.outLines().get(1).startsWith("deep-defense "), recorder.out());
        assertTrue(
                recorder.out().contains("[epsilon=0.3 norm=LINF randomStart=true]"),
                recorder.out());
        assertTrue(recorder.out().contains("org.deepdefense.fake 1.0.0"), recorder.out());
    }

    @Test
    void listsAttacksWithoutParameters() throws Exception {
        run("attacks --norm linf --json a.json");

        assertTrue(recorder.out().contains("\npgd "), recorder.out());
        assertFalse(recorder.out().contains("epsilon"), recorder.out());
        assertFalse(recorder.out().contains("∞"), recorder.out());
        assertEquals(
                2,
                JsonParser.parseString(Files.readString(directory.resolve("a.json")))
                        .getAsJsonArray()
                        .size());

        run("attacks --norm l2");

        assertTrue(recorder.out().contains("No such attack is registered."), recorder.out());
        assertTrue(failure("attacks pgd --norm l2").getMessage().contains("both pgd and a filter"));
        assertTrue(failure("attacks --access gradient").getMessage().contains("gradient"));
    }

    @Test
    void tellsAllAboutOnePlugin() throws Exception {
        run("attacks pgd --json a.json");

        assertTrue(recorder.out().contains("Paper: Madry et al., ICLR 2018"), recorder.out());
        assertTrue(recorder.out().contains("number 0..1"), recorder.out());
        assertTrue(recorder.out().contains("L2|LINF"), recorder.out());
        assertEquals("pgd", json("a.json").get("name").getAsString());
    }

    @Test
    void whatIsWrongWithConfigurationsIsSaidOnceUntilItIsMended() throws Exception {
        CommandRunner runner = new CommandRunner(fake.services());
        fake.problems.add("x.cfg has no effect with \"stpes\"");
        for (int i = 0; i < 2; i++) {
            runner.run(
                    "version",
                    List.of(),
                    recorder.console(Look.PLAIN, directory, Console.Mode.SCRIPT));
        }
        assertEquals("warning: x.cfg has no effect with \"stpes\"\n", recorder.err());
        fake.problems.clear();
        runner.run(
                "version", List.of(), recorder.console(Look.PLAIN, directory, Console.Mode.SCRIPT));
        fake.problems.add("x.cfg has no effect with \"stpes\"");
        runner.run(
                "version", List.of(), recorder.console(Look.PLAIN, directory, Console.Mode.SCRIPT));
        assertEquals(2, recorder.err().lines().count());
    }

    @Test
    void plugInsOfOneNameAreToldApart() throws Exception {
        run("attacks pgd");
        String out = recorder.out();
        assertTrue(out.contains("pgd@1.1.0  org.deepdefense.fake 1.1.0  serves pgd"), out);
        assertTrue(out.contains("shadowed: an older version"), out);
    }

    @Test
    void jsonOfModelHasShape() throws Exception {
        run("models lenet --json m.json");

        assertEquals("[1,28,28]", json("m.json").get("shape").toString());
    }

    @Test
    void listsSavedNetworks() throws Exception {
        run("networks");
        run("networks lenet-dd");

        assertTrue(recorder.out().contains("0123456789ab"), recorder.out());
        assertTrue(recorder.out().contains("1x28x28, 10 classes"), recorder.out());
    }

    @Test
    void deletesAllOrNone() throws Exception {
        assertTrue(failure("delete lenet-ref lenet-typo").getMessage().contains("lenet-typo"));
        assertTrue(fake.deleted.isEmpty());

        run("delete lenet-ref lenet-dd");

        assertEquals(List.of("lenet-ref", "lenet-dd"), fake.deleted);
    }

    @Test
    void listsWatchesAndCancelsJobs() throws Exception {
        FakeJob<String> job = new FakeJob<>("j7");
        fake.jobs.add(job);

        run("jobs --json j.json");
        assertTrue(recorder.out().contains("epoch 1/2 50 %, 3 s left"), recorder.out());
        assertTrue(
                Files.readString(directory.resolve("j.json")).contains("\"state\": \"RUNNING\""));

        run("cancel j7");
        assertTrue(job.promise().isDone());
        assertTrue(failure("cancel j7").getMessage().contains("it is cancelled"));
        assertEquals(CommandFailure.CANCELLED, failure("watch j7").exitCode());
        assertTrue(failure("watch j8").getMessage().contains("no job \"j8\""));
    }

    @Test
    void listsJobsOfEarlierProcesses() throws Exception {
        run("jobs --history");
        assertTrue(recorder.out().contains("No job has ended"), recorder.out());

        Instant started = Instant.parse("2026-01-02T03:04:05Z");
        fake.history.add(
                new JobRecord(
                        "train-1",
                        "train mlp",
                        Job.State.FAILED,
                        started,
                        started.plusSeconds(75),
                        List.of(),
                        Optional.of("no data; get some"),
                        directory.resolve("r.json")));
        run("jobs --history --json h.json");
        assertTrue(recorder.out().contains("train-1  failed"), recorder.out());
        assertTrue(recorder.out().contains("1:15 min"), recorder.out());
        assertTrue(recorder.out().contains("train mlp: no data; get some"), recorder.out());
        assertTrue(Files.readString(directory.resolve("h.json")).contains("r.json"));
    }

    @Test
    void watchShowsTheResult() throws Exception {
        fake.jobs.add(FakeJob.done("j7", FakeServices.evaluation()));

        run("watch j7 --json w.json");

        assertTrue(recorder.out().contains("99.02 %"), recorder.out());
        assertEquals(10000, json("w.json").get("samples").getAsInt());
    }

    @Test
    void leavesJobInTheBackground() throws Exception {
        fake.next = Optional.of(new FakeJob<>("j9"));

        run(true, "evaluate lenet-ref --background");

        assertTrue(recorder.out().startsWith("Job j9: fake work j9"), recorder.out());
    }

    @Test
    void cancelledTrainingSaysHowToGoOn() throws Exception {
        fake.next = Optional.of(new FakeJob<>("j9"));
        recorder.cancellation.request();

        CommandFailure failure = failure("defend lenet-ref --save x");

        assertEquals(CommandFailure.CANCELLED, failure.exitCode());
        assertTrue(
                failure.toString().endsWith("nothing is lost: run the same command again to go on"),
                failure.toString());
    }

    @Test
    void errorsOfTheEngineAreOneLine() {
        FakeJob<Object> job = new FakeJob<>("j9");
        job.fail(new DeepDefenseException("File x is\ntruncated", "fetch it again"));
        fake.next = Optional.of(job);

        CommandFailure failure = failure("evaluate lenet-ref");

        assertEquals("error: File x is truncated: fetch it again", failure.toString());
        assertEquals(CommandFailure.FAILED, failure.exitCode());
    }

    @Test
    void unexpectedErrorsGoToTheLog() {
        FakeJob<Object> job = new FakeJob<>("j9");
        job.fail(new ArithmeticException("odd"));
        fake.next = Optional.of(job);

        assertEquals(
                "error: java.lang.ArithmeticException: odd; details are in the log",
                failure("evaluate lenet-ref").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evalute;did you mean \"evaluate\"",
                "--attack pgd;is an option, and the command comes first: train",
                "xyzzy;\"help\" lists",
                "evaluate;which network",
                "evaluate --model lenet --dataset mnist;no trained weights",
                "table lenet-ref lenet --dataset mnist;lenet=FILE.npz",
                "evaluate --weights a.npz --dataset mnist;--model MODEL",
                "evaluate a.npz --dataset mnist;MODEL=a.npz",
                "evaluate lenet-ref --model mlp;give one of them",
                "evaluate lenet-ref --weights a.npz;give one of them",
                "evaluate my.pt;--dataset DATASET",
                "evaluate lenet-ref --atack x;has no option \"--atack\"; did you mean"
                        + " \"--attack\"?",
                "evaluate lenet-ref --epislon=3;did you mean \"--epsilon\"?",
                "evaluate lenet-ref lenet-dd;\"lenet-dd\" is one word too many",
                "evaluate lenet-ref --seed x;'--seed': 'x' is no whole number",
                "evaluate lenet-ref --limit 99999999999;out of range",
                "evaluate lenet-ref --limit 1.5;'1.5' is no whole number",
                "train --model mlp --dataset mnist --save m --lr fast;'fast' is no number",
                "train --model mlp --dataset mnist --save m --lr NaN;'NaN' is no number",
                "evaluate lenet-ref --split tset;'tset' is none of train, test; did you mean"
                        + " \"test\"?",
                "attacks --norm l3;'l3' is none of L0, L1, L2, LINF",
                "attacks --type budgte;did you mean \"budget\"?",
                "evaluate lenet-ref --epsilon 8/x;no number",
                "evaluate lenet-ref --background;in the shell only",
                "attack lenet-ref --attack pgd:epsilon=1 --epsilon 2;give it once",
                "defend lenet-ref --save x --scale 2;--scale is for new networks",
                "defend lenet-ref --save x --epochs 1 --lr-decay 0.1;--lr-decay-epochs",
                "train --model mlp --dataset mnist;--save"
            })
    void wrongCommandLinesAreExplained(String lineAndAnswer) {
        String[] parts = lineAndAnswer.split(";", -1);

        CommandFailure failure = failure(parts[0]);

        assertEquals(CommandFailure.USAGE, failure.exitCode(), failure.toString());
        assertTrue(failure.getMessage().contains(parts[1]), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
        assertTrue(fake.requests.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate lenet-ref --json no/such/out.json;does not exist",
                "evaluate lenet-ref --json .;is a directory",
                "attack lenet-ref --png no/such/out.png;--png",
                "evaluate lenet-ref --csv no/such/out.csv;--csv",
                "evaluate lenet-ref --epsilon -0.1;-0.1 is out of range",
                "evaluate lenet-ref --attack pgd:epsilon;NAME:PARAMETER=VALUE",
                "evaluate lenet-ref --attack pgd:;NAME:PARAMETER=VALUE",
                "evaluate lenet-ref --json r --csv r;--json and --csv name the same file",
                "attack lenet-ref --json - --png -;--json and --png name the same file",
                "universal lenet-ref --png ./u --npz u;name the same file",
                "evaluate lenet-ref --limit -1;limit of -1",
                "evaluate lenet-typo;no network lenet-typo"
            })
    void badValuesAreFoundBeforeTheWorkStarts(String lineAndAnswer) {
        String[] parts = lineAndAnswer.split(";", -1);

        CommandFailure failure = failure(parts[0]);

        assertTrue(failure.getMessage().contains(parts[1]), failure.getMessage());
        assertTrue(fake.requests.isEmpty());
    }

    static List<String> commands() {
        return List.copyOf(CommandSet.names());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(String name) throws Exception {
        run(name + " --help");
        String option = recorder.out();
        run("help " + name);

        assertTrue(option.startsWith("Usage: " + name), option);
        assertEquals(option + option, recorder.out());
        assertTrue(fake.requests.isEmpty());
    }

    @Test
    void helpListsAllCommands() throws Exception {
        run("help");

        for (String name : CommandSet.names()) {
            assertTrue(recorder.outLines().stream().anyMatch(l -> l.startsWith(name + " ")), name);
        }
    }

    @Test
    void tellsVersions() throws Exception {
        run("version --json v.json");

        assertTrue(recorder.out().startsWith("Deep Defense 1.2.3, Java "), recorder.out());
        assertEquals("1.2.3", json("v.json").get("version").getAsString());
    }
}
