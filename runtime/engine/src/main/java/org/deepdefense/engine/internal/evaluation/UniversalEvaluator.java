// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.engine.internal.work.Sources;
import org.deepdefense.engine.internal.work.Versions;
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
    private final NetworkStore networks;
    private final NetworkLoader loader;
    private final DatasetOpener opener;
    private final JobManager jobs;
    private final Settings settings;

    /**
     * Creates an evaluator.
     *
     * @param catalog the plug-ins
     * @param networks the saved networks
     * @param loader loads networks
     * @param opener opens data sets
     * @param jobs runs the work
     * @param settings say how many threads to use
     */
    @Activate
    public UniversalEvaluator(
            @Reference PluginCatalog catalog,
            @Reference NetworkStore networks,
            @Reference NetworkLoader loader,
            @Reference DatasetOpener opener,
            @Reference JobManager jobs,
            @Reference Settings settings) {
        this.catalog = catalog;
        this.networks = networks;
        this.loader = loader;
        this.opener = opener;
        this.jobs = jobs;
        this.settings = settings;
    }

    @Override
    public Job<UniversalResult> search(UniversalRequest request) {
        PluginUse<BoundAttack<?>> attack = catalog.attack(request.attack());
        if (!(attack.service().attack() instanceof MinimumNormAttack<?>)) {
            throw new DeepDefenseException(
                    "Attack \"" + attack.name() + "\" does not look for the smallest perturbation",
                    "choose one with a minimum norm, such as deepfool");
        }
        Sources.check(request.network(), catalog, networks);
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
                    OpenDataset from = open(training, request.training(), control);
                    OpenDataset on = open(test, request.test(), control);
                    try (Autograd autograd = new Autograd();
                            LoadedNetwork network =
                                    loader.load(
                                            request.network(),
                                            from.imageShape(),
                                            from.classes(),
                                            control::warn)) {
                        String name = request.network().toString();
                        Subject subject = Subject.of(name, network, from, autograd);
                        subject.check(attack);
                        return search(
                                request,
                                attack,
                                subject,
                                Subject.of(name, network, on, autograd),
                                control,
                                threads);
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

    private OpenDataset open(
            PluginUse<DatasetProvider> provider, DatasetSpec spec, JobControl control) {
        control.update("open " + spec.name(), 0, 0, "");
        return opener.open(provider, spec, control, control::warn);
    }

    private UniversalResult search(
            UniversalRequest request,
            PluginUse<BoundAttack<?>> attack,
            Subject training,
            Subject test,
            JobControl control,
            int threads) {
        long start = System.nanoTime();
        try (UniversalSearch search =
                new UniversalSearch(request, attack, training, control, threads)) {
            UniversalResult.Effect effect = search.run();
            UniversalResult.Effect others = search.measure(test);
            return new UniversalResult(
                    picture(search.perturbation()),
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

    private static Picture picture(NDArray perturbation) {
        Shape shape = perturbation.getShape();
        return new Picture(
                (int) shape.get(1),
                (int) shape.get(2),
                (int) shape.get(3),
                perturbation.toFloatArray());
    }

    private Provenance provenance(
            UniversalRequest request,
            PluginUse<BoundAttack<?>> attack,
            Subject training,
            Subject test) {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        plugins.put("attack", attack.provenance());
        Sources.addModel(request.network(), catalog, networks, plugins);
        plugins.put("dataset", training.dataset().plugin());
        Map<String, String> runSettings = new LinkedHashMap<>();
        runSettings.put("split", request.training().split().name().toLowerCase(Locale.ROOT));
        runSettings.put("images", Integer.toString(training.dataset().size()));
        runSettings.put("testDataset", test.dataset().source().toString());
        runSettings.put("testSplit", request.test().split().name().toLowerCase(Locale.ROOT));
        runSettings.put("testImages", Integer.toString(test.dataset().size()));
        runSettings.put("norm", request.norm().symbol());
        runSettings.put("epsilon", Double.toString(request.epsilon()));
        runSettings.put("foolingRate", Double.toString(request.foolingRate()));
        runSettings.put("passes", Integer.toString(request.passes()));
        runSettings.put("batchSize", Integer.toString(request.batchSize()));
        return new Provenance(
                Instant.now(),
                plugins,
                training.source(),
                training.dataset().source(),
                runSettings,
                request.seed(),
                Versions.all());
    }
}
