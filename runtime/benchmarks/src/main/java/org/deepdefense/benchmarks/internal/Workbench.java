// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.attack.Attack;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.provider.DigitsProvider;
import org.deepdefense.datasets.internal.provider.MnistProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.internal.loss.Reference;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.download.CachedDownloads;
import org.deepdefense.engine.internal.evaluation.ChosenWorkers;
import org.deepdefense.engine.internal.evaluation.ResultCache;
import org.deepdefense.engine.internal.evaluation.RobustnessEvaluator;
import org.deepdefense.engine.internal.evaluation.Subjects;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.job.JobListeners;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.training.SgdTrainer;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.LocalWorkers;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.job.Progress;
import org.deepdefense.models.internal.architecture.LeNet;
import org.deepdefense.models.internal.architecture.Mlp;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;

/**
 * The engine on a plain class path, in a home of its own, with data and trained networks to measure
 * on: MNIST and the reference LeNet if they are there, else the embedded digits.
 */
final class Workbench implements AutoCloseable {

    static final String MLP = "mlp";
    static final String LENET = "lenet";
    static final String DEEPFOOL = "deepfool";

    /** How many images are attacked together: as many as the engine takes by itself. */
    static final int BATCH = 200;

    private static final String REFERENCE = "reference";
    private static final String LENET_FILE = "models/mnist-lenet-reference.npz";
    private static final long SEED = 1;

    private final PluginCatalog catalog = new PluginCatalog();
    private final JobManager jobs;
    private final Path directory;
    private final Optional<Path> data;
    private final NetworkStore networks;
    private final NetworkLoader loader;
    private final DatasetOpener opener;
    private final SgdTrainer trainer;
    private final ResultCache cache;
    private final Map<String, NetworkSource> trained = new HashMap<>();

    /**
     * Puts the engine together.
     *
     * @param data a directory with the folder {@code mnist} and perhaps the reference LeNet
     * @throws IOException if no temporary directory can be made
     */
    Workbench(Optional<Path> data) throws IOException {
        this.data = data.filter(path -> Files.isDirectory(path.resolve("mnist")));
        directory = Files.createTempDirectory("deepdefense-benchmarks");
        Home home = new Home(directory);
        jobs =
                new JobManager(
                        home,
                        new JobListeners(),
                        Annotations.instance(JobManager.Config.class, Map.of()));
        networks = new NetworkStore(home);
        loader = new NetworkLoader(catalog, networks);
        opener = new DatasetOpener(settings(1));
        trainer =
                new SgdTrainer(catalog, networks, loader, new CheckpointStore(home), opener, jobs);
        cache = new ResultCache(home);
        catalog.bindModel(new Registered<>(MLP), new Mlp());
        catalog.bindModel(new Registered<>(LENET), new LeNet());
        catalog.bindDataset(new Registered<>("digits"), new DigitsProvider());
        catalog.bindDataset(
                new Registered<>("mnist"),
                new MnistProvider(
                        new CachedDownloads(home, settings(1)),
                        Annotations.instance(MnistProvider.Config.class, Map.of())));
        defense(REFERENCE, new Reference(), "");
        attack(DEEPFOOL, new DeepFool());
    }

    private static Settings settings(int threads) {
        Map<String, String> values =
                Map.of(
                        "deepdefense.threads",
                        Integer.toString(threads),
                        "deepdefense.offline",
                        "true");
        return new Settings(values::get, name -> null);
    }

    void attack(String name, Attack<?> attack) {
        catalog.bindAttack(new Registered<>(name), attack);
    }

    /** Registers a defense that is trained against an attack, or against none. */
    void defense(String name, Defense<?> defense, String attack) {
        catalog.bindDefense(new Registered<>(name, attack), defense);
    }

    Trainer trainer() {
        return trainer;
    }

    Evaluator evaluator(int workers) {
        return new RobustnessEvaluator(
                catalog,
                new Subjects(catalog, networks, loader, opener),
                jobs,
                cache,
                new ChosenWorkers(new LocalWorkers(settings(workers))));
    }

    boolean isMnist() {
        return data.isPresent();
    }

    DatasetSpec dataset(Split split) {
        return data.map(path -> DatasetSpec.of("mnist", split).withDirectory(path))
                .orElse(DatasetSpec.of("digits", split));
    }

    OpenDataset open(DatasetSpec spec) {
        return opener.open(catalog.dataset(spec.name()), spec, Progress.NONE, warning -> {});
    }

    LoadedNetwork load(NetworkSource source, OpenDataset dataset) {
        return loader.load(source, dataset.imageShape(), dataset.classes(), warning -> {});
    }

    /**
     * Returns a trained network; it is trained at the first call.
     *
     * @param model {@link #MLP} or {@link #LENET}
     */
    NetworkSource network(String model) throws InterruptedException {
        NetworkSource known = trained.get(model);
        if (known != null) {
            return known;
        }
        Optional<Path> file =
                data.map(path -> path.resolve(LENET_FILE))
                        .filter(path -> model.equals(LENET) && Files.isRegularFile(path));
        NetworkSource network =
                file.isPresent()
                        ? new NetworkSource.Weights(model, file.get())
                        : new NetworkSource.Saved(train(model));
        trained.put(model, network);
        return network;
    }

    private String train(String model) throws InterruptedException {
        trainer.train(
                        TrainingRequest.builder(
                                        new NetworkSource.Untrained(model),
                                        dataset(Split.TRAIN),
                                        PluginSpec.of(REFERENCE),
                                        model)
                                .optEpochs(isMnist() ? 3 : 20)
                                .optBatchSize(isMnist() ? 100 : 32)
                                .optLearningRate(model.equals(MLP) ? 0.1 : 0.01)
                                .optScale(1)
                                .optSeed(SEED)
                                .build())
                .await();
        return model;
    }

    @Override
    public void close() throws IOException {
        AtomicFiles.deleteTree(directory);
    }
}
