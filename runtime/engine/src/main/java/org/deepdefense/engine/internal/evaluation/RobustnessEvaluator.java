// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.engine.internal.work.Sources;
import org.deepdefense.engine.internal.work.Versions;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.Target;
import org.deepdefense.job.Job;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.Classifier;
import org.deepdefense.network.NetworkSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Evaluates networks as jobs, each batch of images on a thread of its own. */
@Component(service = Evaluator.class)
public final class RobustnessEvaluator implements Evaluator {

    /** Where the search for ε_ref begins, as a fraction of the range of pixels. */
    private static final double EPSILON_START = 0.1;

    /** The share of images about which nothing needs to be known for ε_ref to mean something. */
    private static final double UNKNOWN = 0.01;

    private final PluginCatalog catalog;
    private final NetworkStore networks;
    private final NetworkLoader loader;
    private final DatasetOpener opener;
    private final JobManager jobs;
    private final ResultCache cache;
    private final Settings settings;

    /**
     * Creates an evaluator.
     *
     * @param catalog the plug-ins
     * @param networks the saved networks
     * @param loader loads networks
     * @param opener opens data sets
     * @param jobs runs the work
     * @param cache keeps results
     * @param settings say how many threads to use
     */
    @Activate
    public RobustnessEvaluator(
            @Reference PluginCatalog catalog,
            @Reference NetworkStore networks,
            @Reference NetworkLoader loader,
            @Reference DatasetOpener opener,
            @Reference JobManager jobs,
            @Reference ResultCache cache,
            @Reference Settings settings) {
        this.catalog = catalog;
        this.networks = networks;
        this.loader = loader;
        this.opener = opener;
        this.jobs = jobs;
        this.cache = cache;
        this.settings = settings;
    }

    @Override
    public Job<EvaluationResult> evaluate(EvaluationRequest request) {
        Plan plan = Plan.of(request, catalog);
        PluginUse<DatasetProvider> provider = check(request);
        plan.check(Reach.of(provider));
        int threads = settings.threads();
        return jobs.submit(
                "eval",
                "evaluate "
                        + request.network()
                        + " on "
                        + request.dataset().name()
                        + " with "
                        + request.attacks().stream()
                                .map(PluginSpec::toString)
                                .collect(Collectors.joining(", ")),
                control -> {
                    OpenDataset dataset = open(provider, request.dataset(), control);
                    Measurement measurement =
                            measurement(
                                    control,
                                    threads,
                                    request.batchSize(),
                                    request.seed(),
                                    request.target(),
                                    request.options());
                    measurement.goal().check(dataset.classes());
                    try (Autograd autograd = new Autograd();
                            Subject subject = load(request.network(), dataset, autograd, control)) {
                        return evaluate(request, plan, subject, measurement, control);
                    } finally {
                        cache.trim();
                    }
                });
    }

    private Measurement measurement(
            JobControl control,
            int threads,
            OptionalInt batchSize,
            long seed,
            Optional<Target> target,
            Set<Option> options) {
        return new Measurement(
                control, threads, batchSize, seed, target, options, cache, new ResultKeys(catalog));
    }

    private PluginUse<DatasetProvider> check(EvaluationRequest request) {
        Sources.check(request.network(), catalog, networks);
        if (request.batchSize().orElse(1) < 1) {
            throw new DeepDefenseException(
                    "A batch of " + request.batchSize().getAsInt() + " images is empty",
                    "give 1 or more");
        }
        return catalog.dataset(request.dataset().name());
    }

    private OpenDataset open(
            PluginUse<DatasetProvider> provider, DatasetSpec spec, JobControl control) {
        control.update("open " + spec.name(), 0, 0, "");
        return opener.open(provider, spec, control, control::warn);
    }

    private Subject load(
            NetworkSource source, OpenDataset dataset, Autograd autograd, JobControl control) {
        return Subject.of(
                source.toString(),
                loader.load(source, dataset.imageShape(), dataset.classes(), control::warn),
                dataset,
                autograd);
    }

    private EvaluationResult evaluate(
            EvaluationRequest request,
            Plan plan,
            Subject subject,
            Measurement measurement,
            JobControl control) {
        long start = System.nanoTime();
        plan.trials().forEach(trial -> subject.check(trial.attack()));
        measurement.examine(subject);
        Series series = Series.run(plan, subject, measurement, control);
        AttackResult overall = series.overall();
        EvaluationResult result =
                new EvaluationResult(
                        subject.dataset().size(),
                        Summary.accuracy(overall.images()),
                        overall,
                        series.rows(),
                        series.worstCases(),
                        (System.nanoTime() - start) / 1e9,
                        control.warnings(),
                        provenance(
                                request.network(),
                                subject,
                                plugins(plan),
                                settings(request, measurement.batchSize(subject.dataset())),
                                request.seed()));
        // Jobs keep their results, and a shell or an application may run many.
        return request.options().contains(Option.IMAGES) ? result : result.withoutImages();
    }

    /** A single attack is called so; several are numbered in the order in which they were run. */
    private static Map<String, Provenance.Plugin> plugins(Plan plan) {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        List<Trial> trials = plan.trials();
        for (int i = 0; i < trials.size(); i++) {
            plugins.put(
                    trials.size() == 1 ? "attack" : "attack" + (i + 1),
                    trials.get(i).attack().provenance());
        }
        return plugins;
    }

    private static Map<String, String> settings(EvaluationRequest request, int batchSize) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("batchSize", Integer.toString(batchSize));
        if (!request.epsilons().isEmpty()) {
            values.put(
                    "epsilons",
                    request.epsilons().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
        request.target().ifPresent(target -> values.put("target", target.toString()));
        values.put("ensemble", is(request, Option.ENSEMBLE));
        values.put("tighten", is(request, Option.TIGHTEN));
        values.put("eightBit", is(request, Option.EIGHT_BIT));
        return values;
    }

    private static String is(EvaluationRequest request, Option option) {
        return Boolean.toString(request.options().contains(option));
    }

    private Provenance provenance(
            NetworkSource source,
            Subject subject,
            Map<String, Provenance.Plugin> plugins,
            Map<String, String> settings,
            long seed) {
        Sources.addModel(source, catalog, networks, plugins);
        plugins.put("dataset", subject.dataset().plugin());
        Map<String, String> runSettings = new LinkedHashMap<>();
        runSettings.put("split", subject.dataset().split().name().toLowerCase(Locale.ROOT));
        runSettings.put("images", Integer.toString(subject.dataset().size()));
        runSettings.putAll(settings);
        return new Provenance(
                Instant.now(),
                plugins,
                subject.source(),
                subject.dataset().source(),
                runSettings,
                seed,
                Versions.all());
    }

    @Override
    public Job<RobustnessTable> table(TableRequest request) {
        PluginUse<BoundAttack<?>> rhoAttack = catalog.attack(request.rhoAttack());
        PluginUse<BoundAttack<?>> fgsAttack = catalog.attack(request.fgsAttack());
        checkRho(rhoAttack);
        if (!(fgsAttack.service().attack() instanceof FixedBudgetAttack<?>)) {
            throw new DeepDefenseException(
                    "Attack \"" + fgsAttack.name() + "\" has no budget to be varied",
                    "choose an attack with a fixed budget, such as fgsm");
        }
        if (request.fgsAttack().parameters().containsKey(Plan.EPSILON)) {
            throw new DeepDefenseException(
                    "The budget of " + request.fgsAttack() + " is what the table varies",
                    "leave it out");
        }
        withBudget(fgsAttack, request.fgsAttack(), EPSILON_START);
        request.networks().forEach(source -> Sources.check(source, catalog, networks));
        PluginUse<DatasetProvider> provider = catalog.dataset(request.dataset().name());
        int threads = settings.threads();
        return jobs.submit(
                "table",
                "compare "
                        + request.networks().stream()
                                .map(NetworkSource::toString)
                                .collect(Collectors.joining(", "))
                        + " on "
                        + request.dataset().name(),
                control -> {
                    OpenDataset dataset = open(provider, request.dataset(), control);
                    Measurement measurement =
                            measurement(
                                    control,
                                    threads,
                                    OptionalInt.empty(),
                                    request.seed(),
                                    Optional.empty(),
                                    Set.of());
                    try (Autograd autograd = new Autograd()) {
                        return table(
                                request,
                                rhoAttack,
                                fgsAttack,
                                dataset,
                                autograd,
                                measurement,
                                control);
                    } finally {
                        cache.trim();
                    }
                });
    }

    /** What is not the smallest Euclidean norm must not stand in the column of ρ₂. */
    private static void checkRho(PluginUse<BoundAttack<?>> attack) {
        if (!(attack.service().attack() instanceof MinimumNormAttack<?> minimum)
                || minimum.norm() != Norm.L2) {
            throw new DeepDefenseException(
                    "Attack \""
                            + attack.name()
                            + "\" does not look for the smallest perturbation in L2, of which ρ₂ is"
                            + " made",
                    "choose a minimum-norm attack in L2, such as deepfool, or evaluate with this"
                            + " one");
        }
    }

    private PluginUse<BoundAttack<?>> withBudget(
            PluginUse<BoundAttack<?>> attack, PluginSpec spec, double epsilon) {
        return catalog.rebind(attack, spec.with(Plan.EPSILON, Double.toString(epsilon)));
    }

    private RobustnessTable table(
            TableRequest request,
            PluginUse<BoundAttack<?>> rhoAttack,
            PluginUse<BoundAttack<?>> fgsAttack,
            OpenDataset dataset,
            Autograd autograd,
            Measurement measurement,
            JobControl control) {
        List<NetworkSource> sources = request.networks();
        int last = sources.size() - 1;
        // The last network decides ε_ref and comes first: what it lacks is known at once.
        ReferenceBudget.Point reference;
        try (Subject subject = load(sources.get(last), dataset, autograd, control)) {
            subject.check(rhoAttack);
            subject.check(fgsAttack);
            measurement.examine(subject);
            reference = reference(request, fgsAttack, subject, measurement, control);
        }
        List<RobustnessTable.Row> rows = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            try (Subject subject = load(sources.get(i), dataset, autograd, control)) {
                if (i < last) {
                    subject.check(rhoAttack);
                    subject.check(fgsAttack);
                    measurement.examine(subject);
                }
                AttackResult rho =
                        measure("ρ₂ of " + subject.name(), subject, rhoAttack, measurement);
                List<Double> accuracies = new ArrayList<>();
                int notEvaluated = rho.notEvaluated();
                for (double fraction : RobustnessTable.FRACTIONS) {
                    if (i == last && fraction == 1) {
                        accuracies.add(reference.accuracy());
                        continue;
                    }
                    AttackResult at =
                            measure(
                                    String.format(
                                            Locale.ROOT,
                                            "%s at %.1f ε_ref",
                                            subject.name(),
                                            fraction),
                                    subject,
                                    withBudget(
                                            fgsAttack,
                                            request.fgsAttack(),
                                            fraction * reference.epsilon()),
                                    measurement);
                    accuracies.add(at.robustAccuracy());
                    notEvaluated = Math.max(notEvaluated, at.notEvaluated());
                }
                Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
                plugins.put("rhoAttack", rhoAttack.provenance());
                plugins.put(
                        "fgsAttack",
                        withBudget(fgsAttack, request.fgsAttack(), reference.epsilon())
                                .provenance());
                rows.add(
                        new RobustnessTable.Row(
                                subject.name(),
                                Summary.accuracy(rho.images()),
                                rho.rho2(),
                                rho.successRate(),
                                accuracies,
                                notEvaluated,
                                provenance(
                                        sources.get(i),
                                        subject,
                                        plugins,
                                        Map.of(
                                                "batchSize",
                                                Integer.toString(measurement.batchSize(dataset))),
                                        request.seed())));
            }
        }
        return new RobustnessTable(dataset.size(), reference.epsilon(), rows);
    }

    private ReferenceBudget.Point reference(
            TableRequest request,
            PluginUse<BoundAttack<?>> fgsAttack,
            Subject subject,
            Measurement measurement,
            JobControl control) {
        AttackResult unchanged =
                measure(
                        "accuracy of " + subject.name(),
                        subject,
                        withBudget(fgsAttack, request.fgsAttack(), 0),
                        measurement);
        int images = subject.dataset().size();
        if (unchanged.notEvaluated() > UNKNOWN * images) {
            throw new DeepDefenseException(
                    String.format(
                            Locale.ROOT,
                            "The gradients of %s are not finite numbers on %,d of %,d images, so"
                                    + " that %s can't tell which budget brings it to half of them",
                            subject.name(),
                            unchanged.notEvaluated(),
                            images,
                            fgsAttack.name()),
                    "evaluate it with attacks that need no gradients, such as square, or put"
                            + " another network last");
        }
        double clean = Summary.accuracy(unchanged.images());
        if (clean <= 0.5) {
            throw new DeepDefenseException(
                    String.format(
                            Locale.ROOT,
                            "%s classifies only %.1f %% of the images correctly, so no attack is"
                                    + " needed to bring it to half of them",
                            subject.name(),
                            100 * clean),
                    "train it better, or put a better network last");
        }
        double range = subject.dataset().bounds().range();
        ReferenceBudget.Point point =
                new ReferenceBudget(
                                epsilon ->
                                        accuracy(
                                                String.format(
                                                        Locale.ROOT,
                                                        "find ε_ref (try %.4f)",
                                                        epsilon),
                                                subject,
                                                withBudget(fgsAttack, request.fgsAttack(), epsilon),
                                                measurement),
                                subject.dataset().size(),
                                range)
                        .find(EPSILON_START * range);
        if (point.epsilon() == range && point.accuracy() > 0.5) {
            control.warn(
                    subject.name()
                            + " classifies more than half of the images correctly whatever the"
                            + " budget: ε_ref is the whole range of pixels, and gradients may be"
                            + " masked");
        }
        return point;
    }

    private static double accuracy(
            String phase,
            Subject subject,
            PluginUse<BoundAttack<?>> attack,
            Measurement measurement) {
        return measure(phase, subject, attack, measurement).robustAccuracy();
    }

    private static AttackResult measure(
            String phase,
            Subject subject,
            PluginUse<BoundAttack<?>> attack,
            Measurement measurement) {
        Trial trial = Trial.of(attack.name(), attack);
        Outcomes outcomes = measurement.attack(phase, subject, attack);
        return Summary.of(
                trial.name(),
                trial.norm(),
                trial.budget(),
                outcomes.images(),
                outcomes.seconds(),
                outcomes.cached());
    }

    @Override
    public Job<List<AttackedImage>> attack(EvaluationRequest request, List<Integer> indices) {
        checkPictures(request);
        Plan plan = Plan.of(request, catalog);
        PluginUse<BoundAttack<?>> attack = single(plan);
        PluginUse<DatasetProvider> provider = check(request);
        plan.check(Reach.of(provider));
        int[] images = indices.stream().mapToInt(Integer::intValue).toArray();
        if (images.length == 0) {
            throw new DeepDefenseException("No image was named", "name one or more by number");
        }
        return jobs.submit(
                "attack",
                "attack "
                        + request.network()
                        + " on "
                        + images.length
                        + " images of "
                        + request.dataset().name()
                        + " with "
                        + request.attacks().get(0),
                control -> {
                    OpenDataset dataset = open(provider, request.dataset(), control);
                    Measurement measurement =
                            measurement(
                                    control,
                                    1,
                                    OptionalInt.of(1),
                                    request.seed(),
                                    request.target(),
                                    request.options());
                    measurement.goal().check(dataset.classes());
                    checkIndices(dataset, request.dataset(), images);
                    try (Autograd autograd = new Autograd();
                            Subject subject = load(request.network(), dataset, autograd, control)) {
                        subject.check(attack);
                        List<AttackedImage> results = new ArrayList<>();
                        for (int image : images) {
                            control.update("attack", results.size(), images.length, "");
                            results.add(attack(subject, attack, image, measurement, control));
                        }
                        return List.copyOf(results);
                    }
                });
    }

    /** What an evaluation may be asked for makes no difference to the pictures of an attack. */
    private static void checkPictures(EvaluationRequest request) {
        Set<Option> others = EnumSet.noneOf(Option.class);
        others.addAll(request.options());
        others.removeAll(Set.of(Option.IMAGES, Option.NO_CACHE));
        if (!others.isEmpty()) {
            throw new DeepDefenseException(
                    "Single images are attacked without " + others, "leave that out, or evaluate");
        }
    }

    private static PluginUse<BoundAttack<?>> single(Plan plan) {
        List<Trial> trials = plan.trials();
        if (plan.commonBudgets() && trials.get(0).budget().isEmpty()) {
            throw new DeepDefenseException(
                    trials.get(0).name() + " has no budget", "leave the budget out");
        }
        if (trials.size() > 1) {
            throw new DeepDefenseException(
                    "Images are attacked with one attack and one budget at a time, not "
                            + trials.size(),
                    "name one");
        }
        return trials.get(0).attack();
    }

    private static void checkIndices(OpenDataset dataset, DatasetSpec spec, int... images) {
        for (int image : images) {
            if (image < 0 || image >= dataset.size()) {
                throw new DeepDefenseException(
                        "There is no image "
                                + image
                                + " in "
                                + (spec.limit() == 0 ? "" : "the part asked for of ")
                                + "data set \""
                                + spec.name()
                                + "\"",
                        "give a number from 0 to " + (dataset.size() - 1));
            }
        }
    }

    private static AttackedImage attack(
            Subject subject,
            PluginUse<BoundAttack<?>> attack,
            int index,
            Measurement measurement,
            JobControl control) {
        OpenDataset dataset = subject.dataset();
        Classifier classifier = subject.classifier();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray image = dataset.images(manager, index);
            AttackOutcome outcome =
                    measurement.run(
                            subject,
                            attack,
                            classifier,
                            image,
                            logits ->
                                    measurement
                                            .goal()
                                            .criterion(logits, dataset.labels(index), index),
                            new int[] {index},
                            control::checkCancelled,
                            control::warn);
            return Autograd.recording(
                    false, () -> describe(dataset, classifier, index, image, outcome));
        }
    }

    private static AttackedImage describe(
            OpenDataset dataset,
            Classifier classifier,
            int index,
            NDArray image,
            AttackOutcome outcome) {
        NDArray adversarial = outcome.adversarials();
        NDArray perturbation = adversarial.sub(image);
        float[] before = outcome.logits().softmax(1).toFloatArray();
        float[] after = classifier.predict(adversarial).softmax(1).toFloatArray();
        int label = (int) dataset.labels(index)[0];
        int prediction = argMax(before);
        int adversarialPrediction = argMax(after);
        boolean fooled =
                Measurement.isFooled(
                        outcome.success().toBooleanArray()[0],
                        outcome.attacked().toBooleanArray()[0],
                        label,
                        prediction);
        Map<Norm, Double> norms = new EnumMap<>(Norm.class);
        for (Norm norm : Norm.values()) {
            norms.put(norm, (double) norm.of(perturbation).toFloatArray()[0]);
        }
        float rho = Measurement.rho(classifier, perturbation, image).toFloatArray()[0];
        return new AttackedImage(
                index,
                label,
                dataset.className(label),
                prediction,
                dataset.className(prediction),
                adversarialPrediction,
                dataset.className(adversarialPrediction),
                before[prediction],
                after[adversarialPrediction],
                fooled,
                fooled || outcome.finiteGradients().toBooleanArray()[0],
                picture(image),
                picture(adversarial),
                norms,
                Float.isFinite(rho) ? rho : Double.NaN);
    }

    private static int argMax(float... values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static Picture picture(NDArray image) {
        Shape shape = image.getShape();
        return new Picture(
                (int) shape.get(1), (int) shape.get(2), (int) shape.get(3), image.toFloatArray());
    }
}
