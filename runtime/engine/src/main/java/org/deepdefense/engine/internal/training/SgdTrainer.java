// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.catalog.BoundModifier;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.home.Claims.Claim;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.engine.internal.work.Sources;
import org.deepdefense.engine.internal.work.Versions;
import org.deepdefense.job.Job;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Trains networks as jobs, each in one thread. */
@Component(service = Trainer.class)
public final class SgdTrainer implements Trainer {

    /** The parameter of attacks that may leave an image once it is misclassified. */
    private static final String EARLY_STOP = "earlyStop";

    /** What validates a training against an attack without a budget, or against none. */
    private static final String VALIDATION_ATTACK = "pgd";

    private final PluginCatalog catalog;
    private final NetworkStore networks;
    private final NetworkLoader loader;
    private final CheckpointStore checkpoints;
    private final DatasetOpener opener;
    private final JobManager jobs;
    private final Map<String, Job<?>> latest = new HashMap<>();

    /**
     * Creates a trainer.
     *
     * @param catalog the plug-ins
     * @param networks the saved networks
     * @param loader loads networks
     * @param checkpoints where interrupted trainings are kept
     * @param opener opens data sets
     * @param jobs runs the work
     */
    @Activate
    public SgdTrainer(
            @Reference PluginCatalog catalog,
            @Reference NetworkStore networks,
            @Reference NetworkLoader loader,
            @Reference CheckpointStore checkpoints,
            @Reference DatasetOpener opener,
            @Reference JobManager jobs) {
        this.catalog = catalog;
        this.networks = networks;
        this.loader = loader;
        this.checkpoints = checkpoints;
        this.opener = opener;
        this.jobs = jobs;
        checkpoints.discardEnded(this::savedChecksum);
    }

    private Optional<String> savedChecksum(String name) {
        return networks.exists(name)
                ? Optional.of(networks.get(name).checksum())
                : Optional.empty();
    }

    @Override
    public Job<TrainingResult> train(TrainingRequest request) {
        TrainingPlan plan = plan(request);
        networks.requireFree(request.saveAs(), request.overwrite());
        networks.requireWritable();
        Claim claim = claim(request.saveAs());
        boolean submitted = false;
        try {
            checkCheckpoint(plan);
            Job<TrainingResult> job = submit(plan, claim);
            submitted = true;
            return job;
        } finally {
            if (!submitted) {
                claim.close();
            }
        }
    }

    private Job<TrainingResult> submit(TrainingPlan plan, Claim claim) {
        TrainingRequest request = plan.request();
        AtomicBoolean begun = new AtomicBoolean();
        Job<TrainingResult> job =
                jobs.submit(
                        "train",
                        "train "
                                + request.network()
                                + " on "
                                + request.dataset().name()
                                + " with "
                                + request.defense()
                                + ", save as "
                                + request.saveAs(),
                        control -> {
                            begun.set(true);
                            try {
                                return train(plan, control);
                            } finally {
                                claim.close();
                            }
                        });
        // A job that is cancelled while it waits for its turn never begins.
        job.promise()
                .onResolve(
                        () -> {
                            if (!begun.get()) {
                                claim.close();
                            }
                        });
        synchronized (latest) {
            latest.put(request.saveAs(), job);
        }
        return job;
    }

    /** Names the job where it is one of this process that trains by the name. */
    private Claim claim(String name) {
        synchronized (latest) {
            requireIdle(name);
        }
        return checkpoints.claim(name);
    }

    private void requireIdle(String name) {
        Job<?> job = latest.get(name);
        if (job != null && (job.state() == Job.State.QUEUED || job.state() == Job.State.RUNNING)) {
            throw new DeepDefenseException(
                    "Job " + job.id() + " is training a network to be saved as " + name,
                    "wait for it, cancel it, or choose another name");
        }
    }

    private TrainingPlan plan(TrainingRequest request) {
        PluginUse<BoundDefense<?>> defense = catalog.defense(request.defense());
        if (request.attack().isPresent() && defense.service().attack().isEmpty()) {
            throw new DeepDefenseException(
                    "Defense \"" + defense.name() + "\" trains against no attack",
                    "leave " + request.attack().get() + " out, or choose another defense");
        }
        Optional<PluginSpec> spec = request.attack().or(() -> defense.service().attack());
        Optional<AttackUse> attack =
                spec.map(chosen -> attack(chosen, defense.service().earlyStop()));
        PluginUse<DatasetProvider> dataset = catalog.dataset(request.dataset().name());
        attack.ifPresent(use -> Reach.of(dataset).check(use.service()));
        Sources.check(request.network(), catalog, networks);
        if (request.network() instanceof NetworkSource.Untrained untrained) {
            checkFit(catalog.model(untrained.model()), dataset);
        }
        List<PluginUse<BoundModifier<?>>> modifiers =
                request.modifiers().stream().map(catalog::modifier).toList();
        return new TrainingPlan(
                request, dataset, defense, modifiers, attack, validationAttack(request, spec));
    }

    /** Returns the attack of the training without what it does for that, or else PGD. */
    private Optional<AttackUse> validationAttack(
            TrainingRequest request, Optional<PluginSpec> trained) {
        if (request.validation() == 0) {
            return Optional.empty();
        }
        return trained.map(catalog::attack)
                .filter(AttackUse::hasBudget)
                .or(() -> Optional.of(catalog.attack(PluginSpec.of(VALIDATION_ATTACK))));
    }

    private AttackUse attack(PluginSpec spec, boolean earlyStop) {
        AttackUse use = catalog.attack(spec);
        boolean stops =
                Arrays.stream(use.service().attack().parameters().getDeclaredMethods())
                        .anyMatch(parameter -> parameter.getName().equals(EARLY_STOP));
        return earlyStop || !stops || spec.parameters().containsKey(EARLY_STOP)
                ? use
                : catalog.rebind(use, spec.with(EARLY_STOP, "false"));
    }

    private static void checkFit(
            PluginUse<ModelProvider> model, PluginUse<DatasetProvider> dataset) {
        Shape takes = model.call(() -> model.service().inputShape());
        Shape has = dataset.call(() -> dataset.service().imageShape());
        int outputs = model.call(() -> model.service().classes());
        int classes = dataset.call(() -> dataset.service().classNames().size());
        if (!takes.equals(has) || outputs != classes) {
            throw new DeepDefenseException(
                    "Model \"%s\" takes images of shape %s in %d classes, data set \"%s\" has %s in %d"
                            .formatted(model.name(), takes, outputs, dataset.name(), has, classes),
                    "choose a model and a data set that fit");
        }
    }

    private void checkCheckpoint(TrainingPlan plan) {
        String name = plan.request().saveAs();
        try (NDManager manager = NDManager.newBaseManager()) {
            checkpoints
                    .load(name, manager, TrainingState.class)
                    .ifPresent(
                            checkpoint ->
                                    Fingerprints.requireEqual(
                                            name,
                                            checkpoint.state().fingerprint().request(),
                                            plan.fingerprint()));
        }
    }

    @Override
    public boolean discard(String saveAs) {
        Claim claim = claim(saveAs);
        try {
            return checkpoints.discard(saveAs);
        } finally {
            claim.close();
        }
    }

    private TrainingResult train(TrainingPlan plan, JobControl control) {
        long start = System.nanoTime();
        TrainingRequest request = plan.request();
        control.update("open " + request.dataset().name(), 0, 0, "");
        OpenDataset dataset =
                opener.open(plan.dataset(), request.dataset(), control, control::warn);
        Holdout holdout = Holdout.of(dataset.size(), request.validation(), request.seed());
        try (LoadedNetwork network = load(request, dataset, holdout, control);
                Autograd autograd = new Autograd()) {
            network.requireGradient("Training");
            // Now, as a saved network that the training begins with may be gone at the end.
            Map<String, Provenance.Plugin> plugins = plan.plugins();
            Sources.addModel(request.network(), catalog, networks, plugins);
            Provenance.Source parent =
                    new Provenance.Source(request.network().toString(), network.checksum());
            Provenance.Source source = dataset.source();
            Map<String, String> parts = new LinkedHashMap<>(plan.fingerprint());
            parts.put("network checksum", parent.checksum());
            parts.put("dataset checksum", source.checksum());
            Fingerprint fingerprint =
                    new Fingerprint(parts, TrainingCode.of(plan, network, catalog));
            try (TrainingRun run =
                    new TrainingRun(
                            plan,
                            fingerprint,
                            network,
                            dataset,
                            holdout,
                            loader::copyOf,
                            autograd,
                            checkpoints,
                            control)) {
                run.restore();
                List<TrainingResult.Epoch> epochs = run.train();
                control.update("save " + request.saveAs(), 0, 0, "");
                checkpoints.noteResult(request.saveAs(), network.checksum());
                NetworkRecord record =
                        networks.save(
                                network,
                                request.saveAs(),
                                request.overwrite(),
                                new Provenance(
                                        Instant.now(),
                                        plugins,
                                        parent,
                                        source,
                                        plan.settings(network.normalization().scale()),
                                        request.seed(),
                                        Versions.all()),
                                request.network() instanceof NetworkSource.Untrained
                                        ? Optional.empty()
                                        : Optional.of(request.network().toString()),
                                run.metrics());
                checkpoints.discard(request.saveAs());
                return new TrainingResult(
                        record, epochs, (System.nanoTime() - start) / 1e9, control.warnings());
            }
        }
    }

    private LoadedNetwork load(
            TrainingRequest request, OpenDataset dataset, Holdout holdout, JobControl control) {
        if (!(request.network() instanceof NetworkSource.Untrained untrained)) {
            return loader.load(
                    request.network(), dataset.imageShape(), dataset.classes(), control::warn);
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            return loader.create(
                    untrained.model(),
                    request.seed(),
                    MeanImage.of(dataset, holdout.trained(), request.scale(), manager, control));
        }
    }
}
