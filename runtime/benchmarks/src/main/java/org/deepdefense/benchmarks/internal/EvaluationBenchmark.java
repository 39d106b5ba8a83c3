package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import java.io.PrintWriter;
import java.util.ArrayList;
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

    private static final int BATCH = 100;
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

    private record MeteredDeepFool(DeepFool attack, Meter meter)
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
            return attack.run(new MeteredClassifier(classifier, meter), images, criterion, context);
        }
    }

    @Override
    public void run(Workbench bench, PrintWriter out) throws InterruptedException {
        Meter meter = new Meter();
        bench.attack(ATTACK, new MeteredDeepFool(new DeepFool(), meter));
        for (String model : List.of(Workbench.MLP, Workbench.LENET)) {
            measure(model, meter, bench, out);
        }
    }

    private void measure(String model, Meter meter, Workbench bench, PrintWriter out)
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
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            meter.reset();
            EvaluationResult alone = bench.evaluator(1).evaluate(request).await();
            shares.add(meter.get(Meter.Part.PRODUCTS).wall() / 1e9 / alone.seconds());
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
                "  share of the gradient products in the time of 1 worker: %.0f %%%n%n",
                100 * Samples.median(shares.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static double speed(EvaluationResult result) {
        return result.samples() / result.seconds();
    }
}
