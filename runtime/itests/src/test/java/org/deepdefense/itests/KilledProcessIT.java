// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Processes that are killed, and processes that share a home. */
public class KilledProcessIT extends StartScriptTest {

    /** How many processes are killed; {@code -Ddeepdefense.kills=30} takes some minutes. */
    private static final int KILLS = Integer.getInteger("deepdefense.kills", 6);

    private static final long SEED = Long.getLong("deepdefense.kills.seed", 1);

    private static final String TRAIN =
            "train --model mlp --dataset digits --defense deep-defense --lr 1e-4 --epochs 2"
                    + " --limit 320 --batch-size 16 --checkpoint-steps 5 --seed 7 --save ";
    private static final String EVALUATE =
            "evaluate %s --attack pgd:steps=5 --attack deepfool-linf --epsilon 0.05,0.1"
                    + " --batch-size 10 --limit 60 --csv %s";

    /** What may be in a home where nothing is running. */
    private static final Pattern EXPECTED =
            Pattern.compile(
                    "\\.lock|networks/[^.][^/]*/(network\\.json|weights\\.npz)"
                            + "|cache/results/[0-9a-f]{64}/[0-9a-f]{64}\\.json\\.gz"
                            + "|(jobs|log|etc|plugins)/[^.].*");

    /** One for all homes: it takes long to unpack, and is not what is killed here. */
    @ClassRule public static final TemporaryFolder NATIVE = new TemporaryFolder();

    private final Random random = new Random(SEED);
    private final Map<String, Integer> kills = new TreeMap<>();
    private Path home;
    private Map<String, String> environment;

    @Before
    public void prepare() throws IOException {
        home = Path.of(home());
        environment = Map.of("DJL_CACHE_DIR", NATIVE.getRoot().toString());
    }

    @Test
    public void whatIsKilledAtAnyMomentEndsAsIfItWasNot() throws Exception {
        Path wholeHome = folder.getRoot().toPath().resolve("whole");
        long trainingMillis = finish(wholeHome, TRAIN + "net");
        Path measured = folder.getRoot().toPath().resolve("whole.csv");
        long evaluationMillis = finish(wholeHome, EVALUATE.formatted("net", measured));

        for (int round = 0; killed() < KILLS; round++) {
            String name = "net" + round;
            Path network = home.resolve("networks").resolve(name);
            Path weights = network.resolve("weights.npz");
            killUntil(() -> Files.exists(weights), TRAIN + name, trainingMillis, name);
            assertEquals(
                    "round " + round,
                    -1,
                    Files.mismatch(weights, wholeHome.resolve("networks/net/weights.npz")));

            Path csv = folder.getRoot().toPath().resolve(name + ".csv");
            String evaluate = EVALUATE.formatted(name, csv);
            killUntil(() -> Files.exists(csv), evaluate, evaluationMillis, name);
            assertEquals(Files.readAllLines(measured), Files.readAllLines(csv));

            finish(home, "networks");
            assertEquals(List.of(), unexpected());
            // So that the next round measures, too.
            deleteResults();
        }
        System.out.println("Killed " + killed() + " processes: " + kills);
    }

    /** Starts a command and kills it until it has ended by itself or what it is for is there. */
    private void killUntil(BooleanSupplier done, String line, long millis, String name)
            throws Exception {
        while (!done.getAsBoolean()) {
            Running running = start(environment, command(home, line));
            if (killed() < KILLS && kill(running, millis, name)) {
                continue;
            }
            Outcome outcome = running.await();
            assertEquals(outcome.err(), 0, outcome.code());
        }
    }

    /** Kills a process at some time, or when it is doing what takes a moment only. */
    private boolean kill(Running running, long millis, String name) throws Exception {
        String moment =
                List.of("any", "any", "checkpoint", "result", "network", "saved", "cache")
                        .get(random.nextInt(7));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long any = System.nanoTime() + (long) (random.nextDouble() * millis * 1e6);
        while (running.process().isAlive() && System.nanoTime() < end) {
            boolean now =
                    switch (moment) {
                        case "checkpoint" -> has(home.resolve("checkpoints/" + name), ".next*");
                        case "result" -> has(home.resolve("checkpoints/" + name), "result.txt");
                        case "network" -> has(home.resolve("networks"), ".next*");
                        case "saved" -> has(home.resolve("networks"), name);
                        case "cache" -> has(home.resolve("cache/results"), ".next*");
                        default -> System.nanoTime() > any;
                    };
            if (now) {
                break;
            }
            Thread.sleep(0, 200_000);
        }
        if (!running.process().isAlive()) {
            return false;
        }
        running.kill();
        kills.merge(moment, 1, Integer::sum);
        return true;
    }

    private static boolean has(Path directory, String glob) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
            return found.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    private int killed() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    private long finish(Path where, String line) throws Exception {
        long start = System.nanoTime();
        Outcome outcome = run(environment, command(where, line));
        assertEquals(outcome.err(), 0, outcome.code());
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static String[] command(Path where, String line) {
        return (script() + " --home " + where + " " + line).split(" ");
    }

    private List<String> unexpected() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            List<String> unexpected = new ArrayList<>();
            for (Path file : files.filter(path -> !Files.isDirectory(path)).toList()) {
                String name = home.relativize(file).toString();
                if (!EXPECTED.matcher(name).matches()) {
                    unexpected.add(name);
                }
            }
            return unexpected;
        }
    }

    private void deleteResults() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("cache/results"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    public void theSecondProcessThatTrainsByANameIsRefused() throws Exception {
        Running first = start(environment, command(home, TRAIN.replace("2 ", "2000 ") + "both"));
        Path claim = home.resolve("checkpoints/.both.lock");
        while (first.process().isAlive() && !Files.exists(claim)) {
            Thread.sleep(5);
        }
        Outcome second = run(environment, command(home, TRAIN + "both"));
        assertTrue("the first still runs", first.process().isAlive());
        assertTrue(second.code() != 0);
        assertEquals(second.err(), 1, second.err().strip().lines().count());
        assertTrue(second.err(), first.isNamedIn(second.err()));

        first.kill();
        assertTrue("the dead process has left its lock", Files.exists(claim));
        Outcome third = run(environment, command(home, TRAIN + "both --restart"));
        assertEquals(third.err(), 0, third.code());
        assertFalse(Files.exists(claim));
    }

    @Test
    public void twoProcessesMeasureAtOnce() throws Exception {
        finish(home, TRAIN + "net");
        List<Path> files = new ArrayList<>();
        List<Running> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            files.add(folder.getRoot().toPath().resolve(i + ".csv"));
            String line = EVALUATE.formatted("net", files.get(i));
            processes.add(start(environment, command(home, line)));
        }
        for (Running process : processes) {
            Outcome outcome = process.await();
            assertEquals(outcome.err(), 0, outcome.code());
        }
        Path again = folder.getRoot().toPath().resolve("again.csv");
        finish(home, EVALUATE.formatted("net", again) + " --no-cache");
        assertEquals(Files.readAllLines(again), Files.readAllLines(files.get(0)));
        assertEquals(Files.readAllLines(again), Files.readAllLines(files.get(1)));
        assertEquals(List.of(), unexpected());
    }
}
