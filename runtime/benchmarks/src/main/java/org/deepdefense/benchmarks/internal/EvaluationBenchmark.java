package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import java.io.PrintWriter;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.DeepFool;
import org.deepdefense.attacks.internal.DeepFoolParameters;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.model.Classifier;

/** What a second worker brings to an evaluation with DeepFool, and where the time goes. */
final class EvaluationBenchmark implements Benchmark {

    /** As many as the engine takes by itself. */
    private static final int BATCH = 200;

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
     * @param whole takes the times of whole attacks
     */
    private record MeteredDeepFool(DeepFool attack, Meter meter, Meter whole)
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
            whole.add(Meter.Part.REST, Elapsed.since(start));
            return result;
        }
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        MeteredDeepFool attack = new MeteredDeepFool(new DeepFool(), new Meter(), new Meter());
        bench.attack(ATTACK, attack);
        for (String model : List.of(Workbench.MLP, Workbench.LENET)) {
            measure(model, attack, bench, out);
        }
    }

    private void measure(String model, MeteredDeepFool attack, Workbench bench, PrintWriter out)
            throws InterruptedException {
        EvaluationRequest request =
                EvaluationRequest.of(
                                bench.network(model),
                                bench.dataset(Split.TEST).withLimit(images),
                                PluginSpec.of(ATTACK))
                        .withBatchSize(BATCH);
        bench.evaluator(2).evaluate(request).await();
        double[] one = new double[rounds];
        double[] two = new double[rounds];
        double[] factors = new double[rounds];
        double[] attacks = new double[rounds];
        double[] products = new double[rounds];
        double[] shares = new double[rounds];
        double[] recordedShares = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            attack.meter().reset();
            attack.whole().reset();
            EvaluationResult alone = bench.evaluator(1).evaluate(request).await();
            Elapsed whole = attack.whole().get(Meter.Part.REST);
            attack.meter().complete(whole);
            attacks[i] = alone.samples() * 1e9 / whole.wall();
            products[i] = alone.samples() * 1e9 / attack.meter().get(Meter.Part.PRODUCTS).wall();
            shares[i] = 100 * attack.meter().share(Meter.Part.PRODUCTS);
            recordedShares[i] = 100 * attack.meter().share(Meter.Part.RECORDED);
            one[i] = speed(alone);
            two[i] = speed(bench.evaluator(2).evaluate(request).await());
            factors[i] = two[i] / one[i];
        }
        out.printf(
                "evaluation of %s with deepfool: %d images in batches of %d, %d rounds by turns%n",
                model, bench.open(request.dataset()).size(), BATCH, rounds);
        out.printf("  1 worker      %8.0f images/s%n", Samples.median(one));
        out.printf("  2 workers     %8.0f images/s%n", Samples.median(two));
        out.printf("  factor        %8.2f%n", Samples.median(factors));
        out.printf(
                "  deepfool      %8.0f images/s, 1 worker, the attack alone%n",
                Samples.median(attacks));
        out.printf(
                "  products      %8.0f images/s, its gradient products alone%n",
                Samples.median(products));
        out.printf(
                "  share         %8.0f %% of the attack's time for the products, and %.0f %% for the"
                        + " forward passes that they differentiate (target: together at least 80 %%)%n%n",
                Samples.median(shares), Samples.median(recordedShares));
    }

    private static double speed(EvaluationResult result) {
        return result.samples() / result.seconds();
    }
}
