// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdParameters;
import org.deepdefense.dataset.Split;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.model.Classifier;

/** What PGD costs beyond the passes through the network that it cannot do without. */
final class PgdBenchmark implements Benchmark {

    private static final int STEPS = 40;
    private static final double EPSILON = 0.1;
    private static final double TARGET = 1.15;

    private final int rounds;

    /**
     * Chooses how long to measure.
     *
     * @param rounds how many batches are attacked
     */
    PgdBenchmark(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        for (String model : List.of(Workbench.MLP, Workbench.LENET)) {
            measure(model, bench, out);
        }
    }

    private void measure(String model, Workbench bench, PrintWriter out)
            throws InterruptedException {
        OpenDataset dataset = bench.open(bench.dataset(Split.TEST));
        List<Elapsed> bare = new ArrayList<>();
        List<Elapsed> attacks = new ArrayList<>();
        try (LoadedNetwork network = bench.load(bench.network(model), dataset);
                Autograd autograd = new Autograd();
                NDManager manager = NDManager.newBaseManager()) {
            Classifier classifier =
                    new BlockClassifier(
                            autograd,
                            network.adapted(),
                            network.inputShape(),
                            network.classes(),
                            dataset.bounds(),
                            network.normalization().scale(),
                            network.normalization().mean());
            NDArray images = dataset.images(manager, IntStream.range(0, Workbench.BATCH).toArray());
            // Left to itself, the executor would spare the images that are misclassified anyway.
            Criterion criterion = Criterion.misclassification(classifier.predict(images).argMax(1));
            for (int i = -1; i < rounds; i++) {
                Elapsed start = Elapsed.now();
                pass(classifier, images);
                Elapsed middle = Elapsed.now();
                attack(classifier, images, criterion);
                if (i >= 0) {
                    bare.add(middle.minus(start));
                    attacks.add(Elapsed.since(middle));
                }
            }
        }
        out.printf(
                "pgd on %s: %d steps, batch of %d, 1 worker, %d rounds by turns%n",
                model, STEPS, Workbench.BATCH, rounds);
        print(STEPS + " bare passes", bare, out);
        print("PGD-" + STEPS, attacks, out);
        out.printf(
                "  ratio           %8.2f            %8.2f  (target: at most %.2f)%n%n",
                Samples.ratio(attacks, bare, Elapsed::wall),
                Samples.ratio(attacks, bare, Elapsed::cpu),
                TARGET);
    }

    private static void print(String what, List<Elapsed> times, PrintWriter out) {
        out.printf(
                "  %-15s %8.2f ms elapsed, %8.2f ms of processor time%n",
                what,
                Samples.milliseconds(times, Elapsed::wall),
                Samples.milliseconds(times, Elapsed::cpu));
    }

    /** Goes through the network and back to the pixels, as often as the attack, and no more. */
    private static void pass(Classifier classifier, NDArray images) {
        for (int i = 0; i < STEPS; i++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray x = images.duplicate();
                x.setRequiresGradient(true);
                NDArray logits = classifier.logits(x);
                classifier.gradient(logits, x, logits.onesLike(), false);
            }
        }
    }

    private static void attack(Classifier classifier, NDArray images, Criterion criterion) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            AttackExecutor.execute(
                    new BoundAttack<>(
                            "pgd",
                            new Pgd(),
                            Annotations.instance(
                                    PgdParameters.class,
                                    Map.of("steps", STEPS, "earlyStop", false)),
                            OptionalDouble.of(EPSILON),
                            1),
                    classifier,
                    images,
                    criterion,
                    new RunControl(
                            new SampleRandom(0, LongStream.range(0, Workbench.BATCH).toArray()),
                            () -> {},
                            message -> {}));
        }
    }
}
