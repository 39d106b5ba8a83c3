// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.catalog.BoundModifier;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;

/**
 * The training loop, the same for all defenses. All that a step does follows from the state and the
 * number of the step, so that a training that goes on from a checkpoint ends with the same network,
 * bit for bit.
 */
final class TrainingRun implements AutoCloseable {

    private final TrainingPlan plan;
    private final Fingerprint fingerprint;
    private final LoadedNetwork network;
    private final OpenDataset dataset;
    private final Holdout holdout;
    private final CheckpointStore checkpoints;
    private final JobControl control;
    private final Autograd autograd;
    private final Teacher teacher;
    private final KeptState kept;
    private final TrainingSetting setting;
    private final Objective objective;
    private final Sgd sgd;
    private final SavedWeights saved;
    private final Optional<Validation> validation;
    private final TrainingArrays contents;

    private final List<String> metrics = new ArrayList<>();
    private Averages averages = new Averages(Map.of());
    private int epoch;
    private int stepsDone;
    private boolean unsaved;

    /**
     * Prepares a training.
     *
     * @param plan what to do
     * @param fingerprint everything that the result depends on
     * @param network the network to train, which is changed
     * @param dataset the images
     * @param holdout which of them are trained on
     * @param copier makes another network like the one to train
     * @param autograd differentiates
     * @param checkpoints where checkpoints are kept
     * @param control takes the progress
     */
    TrainingRun(
            TrainingPlan plan,
            Fingerprint fingerprint,
            LoadedNetwork network,
            OpenDataset dataset,
            Holdout holdout,
            UnaryOperator<LoadedNetwork> copier,
            Autograd autograd,
            CheckpointStore checkpoints,
            JobControl control) {
        this.plan = plan;
        this.fingerprint = fingerprint;
        this.network = network;
        this.dataset = dataset;
        this.holdout = holdout;
        this.autograd = autograd;
        this.checkpoints = checkpoints;
        this.control = control;
        TrainingRequest request = plan.request();
        Map<String, NDArray> trained = trainable();
        this.teacher = new Teacher(network, () -> copier.apply(network), this::classifier);
        this.setting =
                new TrainingSetting(
                        classifier(network),
                        plan.attack().map(use -> new TrainingAttack(use, control, request.seed())),
                        new LiveWeights(network, trained, autograd),
                        teacher,
                        averages,
                        control::warn);
        setting.beginEpoch(1, averages);
        this.kept = new KeptState(network.manager());
        this.objective = begin();
        this.sgd =
                new Sgd(
                        trained,
                        network.manager(),
                        request.momentum(),
                        request.weightDecay(),
                        learningRate(1));
        this.saved = new SavedWeights(network, request);
        this.validation =
                plan.validationAttack()
                        .map(use -> new Validation(dataset, holdout.held(), use, plan, control));
        this.contents = new TrainingArrays(network, sgd, saved, teacher, kept);
    }

    private BlockClassifier classifier(LoadedNetwork of) {
        return new BlockClassifier(
                autograd,
                of.adapted(),
                of.inputShape(),
                of.classes(),
                dataset.bounds(),
                of.normalization().scale(),
                of.normalization().mean());
    }

    private Objective begin() {
        PluginUse<BoundDefense<?>> defense = plan.defense();
        Objective objective = guarded(defense, () -> begin(defense.service()));
        for (int i = 0; i < plan.modifiers().size(); i++) {
            PluginUse<BoundModifier<?>> modifier = plan.modifiers().get(i);
            String role = plan.role(i);
            Objective inner = objective;
            objective = guarded(modifier, () -> begin(modifier.service(), inner, role));
        }
        return objective;
    }

    private Objective guarded(PluginUse<?> use, Supplier<Objective> begin) {
        Objective begun = use.call(control::checkCancelled, begin);
        return new GuardedObjective(use, begun, control::checkCancelled);
    }

    private <P> Objective begin(BoundDefense<P> bound) {
        return bound.defense()
                .begin(
                        new TrainingContext<>(
                                bound.name(), bound.parameters(), setting, kept.of("defense")));
    }

    private <P> Objective begin(BoundModifier<P> bound, Objective inner, String role) {
        return bound.modifier()
                .begin(
                        inner,
                        new TrainingContext<>(
                                bound.name(), bound.parameters(), setting, kept.of(role)));
    }

    private double learningRate(int ofEpoch) {
        return plan.learningRate(network.normalization().scale(), ofEpoch);
    }

    private Map<String, NDArray> trainable() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : network.trainableParameters().entrySet()) {
            NDArray array = entry.getValue().getArray();
            array.setRequiresGradient(true);
            arrays.put(entry.getKey(), array);
        }
        if (arrays.isEmpty()) {
            throw new DeepDefenseException(
                    "Network " + network.model() + " has no weights that can be trained",
                    "choose or import one with trainable weights");
        }
        return arrays;
    }

    /** Goes on from the last checkpoint, if there is one that the same code has made. */
    void restore() {
        checkpoints.requireRoom(plan.request().saveAs(), contents.bytes());
        try (NDManager manager = NDManager.newBaseManager()) {
            checkpoints
                    .load(plan.request().saveAs(), manager, TrainingState.class)
                    .filter(this::fits)
                    .ifPresent(this::restore);
        }
    }

    private boolean fits(CheckpointStore.Checkpoint<TrainingState> checkpoint) {
        String name = plan.request().saveAs();
        Fingerprint saved = checkpoint.state().fingerprint();
        Fingerprints.requireEqual(name, saved.request(), fingerprint.request());
        List<String> changed = Fingerprints.changed(saved.code(), fingerprint.code());
        if (!changed.isEmpty()) {
            control.warn(
                    "Since the training was interrupted "
                            + String.join(", ", changed)
                            + " changed: it begins anew; its checkpoints are kept in "
                            + checkpoints.setAside(name)
                            + " until it has ended");
        }
        Fingerprints.unknown(fingerprint.code())
                .forEach(
                        code ->
                                control.warn(
                                        "Whether "
                                                + code
                                                + " changed since the training was interrupted is"
                                                + " not known, as it does not come from a bundle"));
        return changed.isEmpty();
    }

    private void restore(CheckpointStore.Checkpoint<TrainingState> checkpoint) {
        TrainingState state = checkpoint.state();
        contents.restore(checkpoint.arrays());
        metrics.addAll(state.metrics());
        state.warnings().forEach(control::warn);
        epoch = state.epoch();
        stepsDone = state.step();
        averages = new Averages(state.sums());
        // At the start of an epoch the velocities are still those of the epoch before.
        sgd.assumeRate(learningRate(stepsDone == 0 ? Math.max(1, epoch) : epoch + 1));
    }

    /**
     * Trains to the end.
     *
     * @return what the epochs of this run reported
     * @throws DeepDefenseException if the loss is not a finite number or a plug-in fails; the last
     *     checkpoint is kept
     * @throws CancellationException if the job was cancelled; a checkpoint is written first
     */
    List<TrainingResult.Epoch> train() {
        List<TrainingResult.Epoch> results = new ArrayList<>();
        try {
            while (epoch < plan.request().epochs()) {
                trainEpoch();
                validate();
                results.add(averages.epoch(epoch + 1));
                metrics.add("epoch " + (epoch + 1) + ": " + averages);
                epoch++;
                stepsDone = 0;
                averages = new Averages(Map.of());
                save();
            }
        } catch (CancellationException e) {
            if (unsaved) {
                save();
            }
            throw e;
        }
        if (saved.isMean()) {
            takeMean();
        }
        saved.takeBest().ifPresent(metrics::add);
        return results;
    }

    private void takeMean() {
        saved.takeMean();
        // What a defense keeps its weights to has to hold for their mean, too.
        Autograd.withoutRecording(objective::afterUpdate);
    }

    /** Measures the network with the weights that would be saved now, and goes on with its own. */
    @SuppressWarnings("try") // the weights are put back when it is closed
    private void validate() {
        if (validation.isEmpty()) {
            return;
        }
        kept.beginStep();
        try (WeightChange change = setting.weights().keepAll()) {
            if (saved.isMean()) {
                takeMean();
            }
            Validation.Score score = validation.get().of(classifier(network));
            saved.offer(score, epoch + 1);
            averages.add("accuracy", score.clean(), 1);
            averages.add("robust-accuracy", score.robust(), 1);
        } finally {
            kept.endStep(false);
        }
    }

    /** Returns what all epochs reported, those of earlier runs too. */
    List<String> metrics() {
        return List.copyOf(metrics);
    }

    private void trainEpoch() {
        TrainingRequest request = plan.request();
        int[] order = holdout.order(request.seed(), epoch);
        int steps = (order.length + request.batchSize() - 1) / request.batchSize();
        String phase = "epoch " + (epoch + 1) + "/" + request.epochs();
        sgd.setRate(learningRate(epoch + 1));
        setting.beginEpoch(epoch + 1, averages);
        control.update(phase, stepsDone, steps, averages.toString());
        while (stepsDone < steps) {
            control.checkCancelled();
            int first = stepsDone * request.batchSize();
            int end = Math.min(order.length, first + request.batchSize());
            long number = (long) epoch * steps + stepsDone;
            keeping(() -> trainStep(Arrays.copyOfRange(order, first, end), number));
            saved.afterStep(number, steps);
            stepsDone++;
            unsaved = true;
            control.update(phase, stepsDone, steps, averages.toString());
            if (stepsDone % request.checkpointSteps() == 0 && stepsDone < steps) {
                save();
            }
        }
    }

    /** What the objective keeps changes by whole steps. */
    private void keeping(Runnable work) {
        kept.beginStep();
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            kept.endStep(done);
        }
    }

    private void trainStep(int[] indices, long number) {
        setting.beginStep(number);
        // Dropout draws from the engine's generator, the one thing that the state does not hold.
        Engine.getInstance().setRandomSeed((int) Order.mix(plan.request().seed(), number));
        // Arrays that hang on a weight's manager would stay until the end without the scope.
        try (NDManager manager = network.manager().newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray images = dataset.images(manager, indices);
            NDArray labels = manager.create(dataset.labels(indices));
            Shard batch = new Shard(images, labels, 0, indices.length);
            StepGradients step =
                    Autograd.recording(
                            true,
                            () ->
                                    plan.defense()
                                            .call(control::checkCancelled, () -> gradients(batch)));
            averages.loss(step.loss());
            Autograd.withoutRecording(
                    () -> {
                        sgd.step(step.gradients());
                        objective.afterUpdate();
                        teacher.follow();
                    });
        }
    }

    private StepGradients gradients(Shard batch) {
        return StepGradients.of(objective, batch, sgd.weights(), autograd, this::diverged);
    }

    private DeepDefenseException diverged(String sign, Throwable cause) {
        return new DeepDefenseException(
                "The " + sign + " in step " + (stepsDone + 1) + " of epoch " + (epoch + 1),
                "train with a learning rate below "
                        + learningRate(epoch + 1)
                        + ", or, if that is of no use, look in the network for what has no"
                        + " derivative, such as the root of 0",
                cause);
    }

    private void save() {
        checkpoints.save(
                plan.request().saveAs(),
                contents.all(),
                new TrainingState(
                        fingerprint,
                        epoch,
                        stepsDone,
                        averages.sums(),
                        List.copyOf(metrics),
                        control.warnings()));
        unsaved = false;
    }

    @Override
    public void close() {
        teacher.close();
    }
}
