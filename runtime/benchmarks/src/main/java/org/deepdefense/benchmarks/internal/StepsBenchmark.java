// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.io.PrintWriter;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.training.TrainingRequest;

/** How much longer a training step of Deep Defense takes than a plain one. */
final class StepsBenchmark implements Benchmark {

    private static final int BATCH = 100;
    private static final int WARM_UP = 20;

    /** So small that the network stays as it was trained. */
    private static final double RATE = 1e-9;

    private final int pairs;

    /**
     * Chooses how long to measure.
     *
     * @param pairs how many steps of each kind
     */
    StepsBenchmark(int pairs) {
        this.pairs = pairs;
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        measure(Workbench.MLP, 8, bench, out);
        measure(Workbench.LENET, 12, bench, out);
    }

    private void measure(String model, double target, Workbench bench, PrintWriter out)
            throws InterruptedException {
        DatasetSpec dataset = bench.dataset(Split.TRAIN);
        int perEpoch = bench.open(dataset).size() / BATCH;
        int steps = WARM_UP + 2 * pairs + 1;
        AlternatingDefense defense = new AlternatingDefense(WARM_UP);
        bench.defense("alternating-" + model, defense, "deepfool:iterations=5");
        bench.trainer()
                .train(
                        TrainingRequest.builder(
                                        bench.network(model),
                                        dataset.withLimit(Math.min(steps, perEpoch) * BATCH),
                                        PluginSpec.of("alternating-" + model),
                                        "steps-" + model)
                                .optEpochs((steps + perEpoch - 1) / perEpoch)
                                .optBatchSize(BATCH)
                                .optLearningRate(RATE)
                                .optCheckpointSteps(steps)
                                .build())
                .await();
        out.printf(
                "steps of %s: batch of %d, 1 worker, %d steps of each kind by turns%n",
                model, BATCH, defense.deepSteps().size());
        print("plain", defense.plainSteps(), out);
        print("Deep Defense", defense.deepSteps(), out);
        out.printf(
                "  ratio         %8.2f            %8.2f  (target: at most %.0f)%n",
                Samples.ratio(defense.deepSteps(), defense.plainSteps(), Elapsed::wall),
                Samples.ratio(defense.deepSteps(), defense.plainSteps(), Elapsed::cpu),
                target);
        defense.meter()
                .complete(defense.deepSteps().stream().reduce(Elapsed.NOTHING, Elapsed::plus));
        out.printf("  of a Deep Defense step: %s%n%n", defense.meter().shares());
    }

    private static void print(String kind, java.util.List<Elapsed> times, PrintWriter out) {
        out.printf(
                "  %-13s %8.2f ms elapsed, %8.2f ms of processor time%n",
                kind,
                Samples.milliseconds(times, Elapsed::wall),
                Samples.milliseconds(times, Elapsed::cpu));
    }
}
