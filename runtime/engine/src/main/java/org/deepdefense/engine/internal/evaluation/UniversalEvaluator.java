// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.Job;
import org.deepdefense.job.Provenance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Searches universal perturbations as jobs. */
@Component(service = UniversalPerturbations.class)
public final class UniversalEvaluator implements UniversalPerturbations {

    private final PluginCatalog catalog;
    private final Subjects subjects;
    private final JobManager jobs;
    private final Settings settings;

    /**
     * Creates an evaluator.
     *
     * @param catalog the plug-ins
     * @param subjects puts networks before images
     * @param jobs runs the work
     * @param settings say how many threads to use
     */
    @Activate
    public UniversalEvaluator(
            @Reference PluginCatalog catalog,
            @Reference Subjects subjects,
            @Reference JobManager jobs,
            @Reference Settings settings) {
        this.catalog = catalog;
        this.subjects = subjects;
        this.jobs = jobs;
        this.settings = settings;
    }

    @Override
    public Job<UniversalResult> search(UniversalRequest request) {
        AttackUse attack = catalog.attack(request.attack());
        if (!attack.isMinimumNorm()) {
            throw new DeepDefenseException(
                    "Attack \"" + attack.name() + "\" does not look for the smallest perturbation",
                    "choose one with a minimum norm, such as deepfool");
        }
        subjects.check(request.network());
        PluginUse<DatasetProvider> training = catalog.dataset(request.training().name());
        PluginUse<DatasetProvider> test = catalog.dataset(request.test().name());
        Reach.of(training)
                .check(
                        "a universal perturbation",
                        Optional.of(request.norm()),
                        OptionalDouble.of(request.epsilon()));
        int threads = settings.threads();
        return jobs.submit(
                "universal",
                "search a universal perturbation of "
                        + request.network()
                        + " on "
                        + request.training().name()
                        + " with "
                        + request.attack(),
                control -> {
                    OpenDataset from = subjects.open(training, request.training(), control);
                    OpenDataset on = subjects.open(test, request.test(), control);
                    try (Autograd autograd = new Autograd();
                            Subject subject =
                                    subjects.load(request.network(), from, autograd, control)) {
                        subject.check(attack);
                        return search(request, attack, subject, subject.on(on), control, threads);
                    }
                });
    }

    @Override
    public void save(UniversalResult result, Path file) throws IOException {
        Picture picture = result.perturbation();
        float[] pixels = new float[picture.channels() * picture.height() * picture.width()];
        int next = 0;
        for (int c = 0; c < picture.channels(); c++) {
            for (int y = 0; y < picture.height(); y++) {
                for (int x = 0; x < picture.width(); x++) {
                    pixels[next++] = picture.pixel(c, y, x);
                }
            }
        }
        Shape shape = new Shape(1, picture.channels(), picture.height(), picture.width());
        try (NDManager manager = NDManager.newBaseManager();
                OutputStream out = Files.newOutputStream(file)) {
            Npz.write(Map.of("perturbation", manager.create(pixels, shape)), out);
        }
    }

    private UniversalResult search(
            UniversalRequest request,
            AttackUse attack,
            Subject training,
            Subject test,
            JobControl control,
            int threads) {
        long start = System.nanoTime();
        try (UniversalSearch search =
                new UniversalSearch(request, attack, training, control, threads)) {
            UniversalResult.Effect effect = search.run();
            UniversalResult.Effect others = search.measure(test);
            return new UniversalRecord(
                    Pictures.of(search.perturbation()),
                    request.norm(),
                    request.epsilon(),
                    request.norm().of(search.perturbation()).getFloat(0),
                    search.passes(),
                    effect.foolingRate() >= request.foolingRate(),
                    effect,
                    others,
                    (System.nanoTime() - start) / 1e9,
                    control.warnings(),
                    provenance(request, attack, training, test));
        }
    }

    private Provenance provenance(
            UniversalRequest request, AttackUse attack, Subject training, Subject test) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("testDataset", test.dataset().source().toString());
        settings.put("testSplit", request.test().split().name().toLowerCase(Locale.ROOT));
        settings.put("testImages", Integer.toString(test.dataset().size()));
        settings.put("norm", request.norm().symbol());
        settings.put("epsilon", Double.toString(request.epsilon()));
        settings.put("foolingRate", Double.toString(request.foolingRate()));
        settings.put("passes", Integer.toString(request.passes()));
        settings.put("batchSize", Integer.toString(request.batchSize()));
        return subjects.provenance(
                request.network(),
                training,
                Map.of("attack", attack.provenance()),
                settings,
                request.seed());
    }
}
