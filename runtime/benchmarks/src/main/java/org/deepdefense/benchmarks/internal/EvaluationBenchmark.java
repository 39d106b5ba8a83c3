// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolParameters;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.model.Classifier;

/** What a second worker brings to an evaluation with DeepFool, and where the time goes. */
final class EvaluationBenchmark implements Benchmark {

    private static final String ATTACK = "metered-deepfool";

    private final int rounds;
    private final int images;

    /**
     * Chooses how long to measure.
     *
     * @param rounds how many evaluations with each number of workers
     * @param images how many images an evaluation has
     */
    EvaluationBenchmark(int rounds, int images) {
        this.rounds = rounds;
        this.images = images;
    }

    /**
     * DeepFool under observation.
     *
     * @param attack DeepFool
     * @param meter takes the times of the passes through the network
     * @param whole the time of all attacks together
     */
    private record MeteredDeepFool(DeepFool attack, Meter meter, AtomicReference<Elapsed> whole)
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
            Elapsed start = Elapsed.now();
            NDArray result =
                    attack.run(
                            new MeteredClassifier(classifier, meter), images, criterion, context);
            whole.accumulateAndGet(Elapsed.since(start), Elapsed::plus);
            return result;
        }
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        MeteredDeepFool attack =
                new MeteredDeepFool(
                        new DeepFool(), new Meter(), new AtomicReference<>(Elapsed.NOTHING));
        bench.attack(ATTACK, attack);
        for (String model : List.of(Workbench.MLP, Workbench.LENET)) {
            measure(model, attack, bench, out);
        }
    }

    private void measure(String model, MeteredDeepFool attack, Workbench bench, PrintWriter out)
            throws InterruptedException {
        EvaluationRequest request =
                EvaluationRequest.builder(
                                bench.network(model),
                                bench.dataset(Split.TEST).withLimit(images),
                                PluginSpec.of(ATTACK))
                        .optBatchSize(Workbench.BATCH)
                        .build();
        bench.evaluator(2).evaluate(request).await();
        List<Round> results = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            results.add(round(request, attack, bench));
        }
        out.printf(
                "evaluation of %s with deepfool: %d images in batches of %d, %d rounds by turns%n",
                model, bench.open(request.dataset()).size(), Workbench.BATCH, rounds);
        out.printf("  1 worker      %8.0f images/s%n", median(results, Round::one));
        out.printf("  2 workers     %8.0f images/s%n", median(results, Round::two));
        out.printf("  factor        %8.2f%n", median(results, round -> round.two / round.one));
        out.printf(
                "  deepfool      %8.0f images/s, 1 worker, the attack alone%n",
                median(results, Round::attack));
        out.printf(
                "  products      %8.0f images/s, its gradient products alone%n",
                median(results, Round::products));
        out.printf(
                "  share         %8.1f %% of the attack's time for the products with the forward passes"
                        + " that they differentiate (target: at least 80 %%), %.1f %% without%n%n",
                100 * median(results, round -> round.share() + round.recordedShare()),
                100 * median(results, Round::share));
    }

    /**
     * What one round measured.
     *
     * @param one images per second of an evaluation with one worker
     * @param two the same with two workers
     * @param attack images per second of the attack alone, with one worker
     * @param products the same for its gradient products
     * @param share the share of the products in the time of the attack
     * @param recordedShare that of the forward passes that they differentiate
     */
    private record Round(
            double one,
            double two,
            double attack,
            double products,
            double share,
            double recordedShare) {}

    private static Round round(EvaluationRequest request, MeteredDeepFool attack, Workbench bench)
            throws InterruptedException {
        Meter meter = attack.meter();
        meter.reset();
        attack.whole().set(Elapsed.NOTHING);
        EvaluationResult alone = bench.evaluator(1).evaluate(request).await();
        Elapsed whole = attack.whole().get();
        meter.complete(whole);
        double products = alone.samples() * 1e9 / meter.get(Meter.Part.PRODUCTS).wall();
        double share = meter.share(Meter.Part.PRODUCTS);
        double recordedShare = meter.share(Meter.Part.RECORDED);
        return new Round(
                speed(alone),
                speed(bench.evaluator(2).evaluate(request).await()),
                alone.samples() * 1e9 / whole.wall(),
                products,
                share,
                recordedShare);
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Samples.median(rounds.stream().mapToDouble(figure).toArray());
    }

    private static double speed(EvaluationResult result) {
        return result.samples() / result.seconds();
    }
}
