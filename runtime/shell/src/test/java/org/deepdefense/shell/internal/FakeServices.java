// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.NormSummary;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.job.Jobs;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.Networks;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;

/** An engine that does nothing but remember what it was asked. */
public final class FakeServices
        implements Catalog, Networks, Evaluator, UniversalPerturbations, Trainer {

    public final List<String> problems = new ArrayList<>();
    public final List<Object> requests = new ArrayList<>();
    public final List<String> deleted = new ArrayList<>();
    public final List<String> discarded = new ArrayList<>();
    public final List<Job<?>> jobs = new ArrayList<>();
    public final List<JobRecord> history = new ArrayList<>();
    public final Map<String, NetworkRecord> saved = new LinkedHashMap<>();

    /** What the next request gets instead of a job that is done. */
    public Optional<FakeJob<?>> next = Optional.empty();

    public FakeServices() {
        saved.put("lenet-ref", network("lenet-ref"));
        saved.put("lenet-dd", network("lenet-dd"));
    }

    public Services services() {
        return new Services(
                this,
                this,
                new FakeJobs(jobs, history),
                this,
                this,
                this,
                new Services.Platform() {
                    @Override
                    public String version() {
                        return "1.2.3";
                    }

                    @Override
                    public List<String> bundles() {
                        return List.of("org.deepdefense.api 1.2.3");
                    }
                });
    }

    public static Provenance provenance() {
        return new Provenance(
                Instant.EPOCH,
                Map.of(
                        "attack",
                        new Provenance.Plugin(
                                "deepfool", "org.deepdefense.attacks 1", Map.of("steps", "50"))),
                new Provenance.Source("lenet-ref", "sha256:00"),
                new Provenance.Source("mnist", "sha256:01"),
                Map.of("batchSize", "100"),
                7,
                Map.of("java", "17"));
    }

    public static NetworkRecord network(String name) {
        return new NetworkRecord(
                name,
                "lenet",
                List.of(1L, 28L, 28L),
                10,
                "sha256:0123456789abcdef0123",
                provenance(),
                Optional.empty(),
                List.of("epoch 1: loss 0.5"));
    }

    public static EvaluationResult evaluation() {
        AttackResult deepfool = attack("deepfool", OptionalDouble.empty(), 0);
        return new FakeResults.Evaluation(
                10000,
                0.9902,
                deepfool,
                List.of(deepfool),
                List.of(deepfool),
                61.2,
                List.of(),
                provenance());
    }

    /** An evaluation by attacks that met gradients which are not finite. */
    public static EvaluationResult partlyEvaluated(int attacks) {
        AttackResult pgd = attack("pgd", OptionalDouble.of(0.1), 0.03, 17);
        return new FakeResults.Evaluation(
                20,
                0.95,
                pgd,
                Collections.nCopies(attacks, pgd),
                List.of(pgd),
                61.2,
                List.of(),
                provenance());
    }

    /** Two attacks at two budgets. */
    public static EvaluationResult evaluations() {
        OptionalDouble small = OptionalDouble.of(0.05);
        OptionalDouble large = OptionalDouble.of(8 / 255.0);
        AttackResult worst = attack("worst case", large, 0.25);
        return new FakeResults.Evaluation(
                2,
                0.5,
                worst,
                List.of(
                        attack("pgd:steps=20", small, 0.5),
                        attack("pgd:steps=20", large, 0.4),
                        attack("deepfool", OptionalDouble.empty(), 0)),
                List.of(attack("worst case", small, 0.375), worst),
                61.2,
                List.of("one, \"two\""),
                provenance());
    }

    private static AttackResult attack(String name, OptionalDouble epsilon, double robust) {
        return attack(name, epsilon, robust, 0);
    }

    private static AttackResult attack(
            String name, OptionalDouble epsilon, double robust, int notEvaluated) {
        Map<Norm, NormSummary> norms = new EnumMap<>(Norm.class);
        for (Norm norm : Norm.values()) {
            norms.put(norm, new NormSummary(1.9, 1, 1.5, Double.POSITIVE_INFINITY, 2, 3));
        }
        return new FakeResults.Attack(
                name,
                Optional.of(Norm.L2),
                epsilon,
                10000,
                notEvaluated,
                1,
                robust,
                0.20561,
                0.1838,
                0,
                new NormSummary(0.21, 0.1, 0.15, 0.2, 0.25, 0.3),
                norms,
                12.5,
                25,
                61.2,
                0,
                List.of(
                        new FakeResults.Sample(
                                0,
                                7,
                                7,
                                true,
                                true,
                                true,
                                3,
                                sizes(4, 0.5, 0.25, 0.125),
                                0.2,
                                0.1,
                                9,
                                8),
                        new FakeResults.Sample(
                                1,
                                2,
                                1,
                                false,
                                true,
                                true,
                                1,
                                sizes(0, 0, 0, 0),
                                Double.NaN,
                                0,
                                0,
                                0)));
    }

    private static Map<Norm, Double> sizes(double l0, double l1, double l2, double linf) {
        return Map.of(Norm.L0, l0, Norm.L1, l1, Norm.L2, l2, Norm.LINF, linf);
    }

    public static RobustnessTable table(String... names) {
        List<RobustnessTable.Row> rows = new ArrayList<>();
        double rho = 0.1;
        for (String name : names) {
            rows.add(
                    new FakeResults.Row(
                            name,
                            0.95 + rho / 10,
                            rho,
                            1,
                            List.of(0.9, 0.7, 0.5),
                            0,
                            provenance()));
            rho *= 2;
        }
        return new FakeResults.Table(10000, 0.2312, rows);
    }

    public static AttackedImage image(int index) {
        return image(index, true, true);
    }

    public static AttackedImage image(int index, boolean success, boolean evaluated) {
        return new FakeResults.Image(
                index,
                7,
                "seven",
                7,
                "seven",
                3,
                "three",
                0.998,
                0.512,
                success,
                evaluated,
                new Picture(1, 2, 2, 0, 1, 1, 0),
                new Picture(1, 2, 2, 0.25f, 1, 0.75f, 0),
                Map.of(Norm.L2, 0.3535, Norm.LINF, 0.25),
                0.25);
    }

    @Override
    public List<PluginInfo> list(PluginInfo.Kind kind) {
        return switch (kind) {
            case MODEL -> List.of(plugin(kind, "lenet"), plugin(kind, "mlp"));
            case DATASET -> List.of(plugin(kind, "digits"), plugin(kind, "mnist"));
            case DEFENSE -> List.of(plugin(kind, "deep-defense"), plugin(kind, "reference"));
            case ATTACK -> List.of(plugin(kind, "deepfool"), plugin(kind, "pgd"));
            case MODIFIER -> List.of(plugin(kind, "awp"));
        };
    }

    private static PluginInfo plugin(PluginInfo.Kind kind, String name) {
        boolean images = kind == PluginInfo.Kind.MODEL || kind == PluginInfo.Kind.DATASET;
        return new PluginInfo(
                kind,
                name,
                "The " + name + " that tests use.",
                images ? "" : "Madry et al., ICLR 2018",
                "org.deepdefense.fake 1.0.0",
                images ? Map.of("classes", "10") : Map.of("norm", "L∞"),
                images ? Optional.of(new Shape(1, 28, 28)) : Optional.empty(),
                images
                        ? List.of()
                        : List.of(
                                new ParameterInfo(
                                        "epsilon",
                                        "number",
                                        "0.3",
                                        "Budget in pixels.",
                                        Optional.of("0"),
                                        Optional.of("1"),
                                        List.of()),
                                new ParameterInfo(
                                        "norm",
                                        "text",
                                        "LINF",
                                        "The norm.",
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of("L2", "LINF")),
                                new ParameterInfo(
                                        "randomStart",
                                        "boolean",
                                        "true",
                                        "Whether to start anywhere.",
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of())),
                name.equals("pgd")
                        ? List.of(
                                new PluginInfo.Candidate(
                                        "pgd@1.1.0", "org.deepdefense.fake 1.1.0", "serves pgd"),
                                new PluginInfo.Candidate(
                                        "pgd@1.0.0",
                                        "org.deepdefense.fake 1.0.0",
                                        "shadowed: an older version"))
                        : List.of());
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    @Override
    public PluginInfo get(PluginInfo.Kind kind, String name) {
        return list(kind).stream()
                .filter(p -> p.name().equals(name.replaceFirst("@.*", "")))
                .findFirst()
                .orElseThrow(() -> new DeepDefenseException("There is no " + name, "take another"));
    }

    @Override
    public List<NetworkRecord> list() {
        return List.copyOf(saved.values());
    }

    @Override
    public NetworkRecord get(String name) {
        return Optional.ofNullable(saved.get(name))
                .orElseThrow(
                        () ->
                                new DeepDefenseException(
                                        "There is no network " + name, "take " + saved.keySet()));
    }

    @Override
    public void delete(String name) {
        deleted.add(name);
    }

    @Override
    public Job<EvaluationResult> evaluate(EvaluationRequest request) {
        return start(request, evaluation());
    }

    @Override
    public Job<RobustnessTable> table(TableRequest request) {
        return start(
                request,
                table(request.networks().stream().map(Object::toString).toArray(String[]::new)));
    }

    @Override
    public Job<List<AttackedImage>> attack(EvaluationRequest request, List<Integer> indices) {
        return start(request, indices.stream().map(FakeServices::image).toList());
    }

    @Override
    public Job<UniversalResult> search(UniversalRequest request) {
        return start(request, universal());
    }

    /** A perturbation of 1×2×2 pixels. */
    public static UniversalResult universal() {
        return new FakeResults.Universal(
                new Picture(1, 2, 2, 0.1f, -0.1f, 0, 0.05f),
                Norm.LINF,
                0.1,
                0.1,
                2,
                true,
                new FakeResults.Effect(500, 0.99, 0.12, 0.88),
                new FakeResults.Effect(10000, 0.98, 0.25, 0.75),
                61.2,
                List.of(),
                provenance());
    }

    @Override
    public void save(UniversalResult result, Path file) throws IOException {
        Files.writeString(file, "arrays");
    }

    @Override
    public Job<TrainingResult> train(TrainingRequest request) {
        return start(
                request,
                new TrainingResult(
                        network(request.saveAs()),
                        List.of(new TrainingResult.Epoch(1, 0.25, Map.of("accuracy", 0.9))),
                        12.5,
                        List.of()));
    }

    @SuppressWarnings("unchecked") // A test knows what it asks for.
    private <T> Job<T> start(Object request, T result) {
        requests.add(request);
        return next.<Job<T>>map(j -> (Job<T>) j).orElseGet(() -> FakeJob.done("j1", result));
    }

    @Override
    public boolean discard(String saveAs) {
        return discarded.add(saveAs);
    }

    private record FakeJobs(List<Job<?>> list, List<JobRecord> history) implements Jobs {
        @Override
        public Optional<Job<?>> find(String id) {
            return list.stream().filter(j -> j.id().equals(id)).<Job<?>>map(j -> j).findFirst();
        }
    }
}
