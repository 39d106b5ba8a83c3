// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolParameters;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.model.Classifier;

/** Whether the memory of the process grows with the number of batches that are attacked. */
final class MemoryBenchmark implements Benchmark {

    private static final int BATCH = 10;
    private static final int EARLY = 500;
    private static final double TARGET = 0.05;
    private static final String ATTACK = "counted-deepfool";

    private final int batches;
    private final int workers;

    /**
     * Chooses how long to measure.
     *
     * @param batches how many batches are attacked
     * @param workers how many are attacked at once
     */
    MemoryBenchmark(int batches, int workers) {
        this.batches = batches;
        this.workers = workers;
    }

    /** Reads the resident size every few batches. */
    private record CountedDeepFool(
            DeepFool attack, AtomicInteger count, Map<Integer, Long> residentSizes)
            implements MinimumNormAttack<DeepFoolParameters> {

        @Override
        public Class<DeepFoolParameters> parameters() {
            return attack.parameters();
        }

        @Override
        public Norm norm() {
            return attack.norm();
        }

        @Override
        public boolean isBounded(DeepFoolParameters parameters) {
            return attack.isBounded(parameters);
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<DeepFoolParameters> context) {
            int batch = count.incrementAndGet();
            if (batch % EARLY == 0) {
                residentSizes.put(batch, residentSize());
            }
            return attack.run(classifier, images, criterion, context);
        }
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        Map<Integer, Long> sizes = new ConcurrentSkipListMap<>();
        AtomicInteger count = new AtomicInteger();
        bench.attack(ATTACK, new CountedDeepFool(new DeepFool(), count, sizes));
        EvaluationRequest request =
                EvaluationRequest.builder(
                                bench.network(Workbench.MLP),
                                bench.dataset(Split.TEST),
                                PluginSpec.of(ATTACK))
                        .optBatchSize(BATCH)
                        .build();
        Evaluator evaluator = bench.evaluator(workers);
        out.printf(
                "memory: deepfool on %s, batches of %d, %d workers%n",
                Workbench.MLP, BATCH, workers);
        while (count.get() < batches) {
            evaluator.evaluate(request).await();
        }
        sizes.forEach(
                (batch, size) -> {
                    if (batch == EARLY || (batch % (batches / 4) == 0 && batch <= batches)) {
                        out.printf("  after %6d batches %8.1f MiB%n", batch, size / 1024.0);
                    }
                });
        double growth = (double) sizes.get(batches) / sizes.get(EARLY) - 1;
        out.printf(
                "  growth            %+10.1f %%  (target: at most %.0f %%)%n%n",
                100 * growth, 100 * TARGET);
    }

    /** Returns VmRSS in KiB. */
    private static long residentSize() {
        Path status = Path.of("/proc/self/status");
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow(() -> unknown(null));
        } catch (IOException | UncheckedIOException e) {
            throw unknown(e);
        }
    }

    private static DeepDefenseException unknown(Exception cause) {
        return new DeepDefenseException(
                "The resident size of the process is not in /proc/self/status",
                "run this benchmark on Linux",
                cause);
    }
}
