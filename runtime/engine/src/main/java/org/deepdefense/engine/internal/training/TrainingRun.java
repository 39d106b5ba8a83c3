// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.classifier.Finite;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.work.LentArrays;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;

/**
 * The training loop, the same for all defenses. All that a step does follows from the state and the
 * number of the step, so that a training that goes on from a checkpoint ends with the same network,
 * bit for bit.
 */
final class TrainingRun {

    /** No network works with weights of this size. */
    private static final float DIVERGED = 1e6f;

    private final TrainingPlan plan;
    private final Fingerprint fingerprint;
    private final LoadedNetwork network;
    private final OpenDataset dataset;
    private final CheckpointStore checkpoints;
    private final JobControl control;
    private final Optional<TrainingAttack> attack;
    private final Autograd autograd;
    private final Step step;
    private final Sgd sgd;
    private final Optional<WeightAverage> average;
    private final TrainingArrays contents;

    private final List<String> metrics = new ArrayList<>();
    private Averages averages = new Averages(Map.of());
    private int epoch;
    private int stepsDone;
    private boolean unsaved;

    /** A step of a defense, whatever the type of its parameters. */
    private interface Step {

        NDArray loss(NDArray images, NDArray labels);

        void afterUpdate();

        void setAverages(Averages averages);
    }

    /**
     * Prepares a training.
     *
     * @param plan what to do
     * @param fingerprint everything that the result depends on
     * @param network the network to train, which is changed
     * @param dataset the images
     * @param autograd differentiates
     * @param checkpoints where checkpoints are kept
     * @param control takes the progress
     */
    TrainingRun(
            TrainingPlan plan,
            Fingerprint fingerprint,
            LoadedNetwork network,
            OpenDataset dataset,
            Autograd autograd,
            CheckpointStore checkpoints,
            JobControl control) {
        this.plan = plan;
        this.fingerprint = fingerprint;
        this.network = network;
        this.dataset = dataset;
        this.autograd = autograd;
        this.checkpoints = checkpoints;
        this.control = control;
        TrainingRequest request = plan.request();
        this.attack = plan.attack().map(use -> new TrainingAttack(use, control, request.seed()));
        BlockClassifier classifier =
                new BlockClassifier(
                        autograd,
                        network.adapted(),
                        network.inputShape(),
                        network.classes(),
                        dataset.bounds(),
                        network.normalization().scale(),
                        network.normalization().mean());
        this.step = step(plan.defense().service(), classifier);
        this.sgd =
                new Sgd(
                        trainable(),
                        network.manager(),
                        request.momentum(),
                        request.weightDecay(),
                        learningRate(1));
        this.average =
                request.averagedEpochs() == 0
                        ? Optional.empty()
                        : Optional.of(new WeightAverage(averaged(), network.manager()));
        this.contents = new TrainingArrays(network, sgd, average);
    }

    private <P> Step step(BoundDefense<P> bound, BlockClassifier classifier) {
        TrainingContext<P> context =
                new TrainingContext<>(
                        bound, classifier, attack.map(runner -> runner), averages, control::warn);
        return new Step() {
            @Override
            public NDArray loss(NDArray images, NDArray labels) {
                LentArrays lent = new LentArrays();
                NDArray loss = bound.defense().loss(context, lent.copy(images), lent.copy(labels));
                if (!lent.areUntouched()) {
                    throw new DeepDefenseException(
                            "Defense \""
                                    + bound.name()
                                    + "\" changed the images or labels that it was given",
                            "what it trains cannot be trusted; use another defense or tell its"
                                    + " author");
                }
                return loss;
            }

            @Override
            public void afterUpdate() {
                bound.defense().afterUpdate(context, network.block());
            }

            @Override
            public void setAverages(Averages next) {
                context.setAverages(next);
            }
        };
    }

    /** Returns the weights and whatever else changes with them, such as running means. */
    private Map<String, NDArray> averaged() {
        Map<String, NDArray> arrays = new LinkedHashMap<>(network.weights());
        arrays.values().removeIf(array -> !array.getDataType().isFloating());
        return arrays;
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
        average.ifPresent(this::takeWeights);
        return results;
    }

    private void takeWeights(WeightAverage mean) {
        Map<String, NDArray> arrays = new LinkedHashMap<>(network.weights());
        arrays.putAll(mean.means());
        network.setWeights(arrays, "the average");
        // What a defense keeps its weights to has to hold for their mean, too.
        Autograd.withoutRecording(() -> plan.defense().run(step::afterUpdate));
    }

    /** Returns what all epochs reported, those of earlier runs too. */
    List<String> metrics() {
        return List.copyOf(metrics);
    }

    private void trainEpoch() {
        TrainingRequest request = plan.request();
        int[] order = Order.of(dataset.size(), request.seed(), epoch);
        int steps = (order.length + request.batchSize() - 1) / request.batchSize();
        String phase = "epoch " + (epoch + 1) + "/" + request.epochs();
        sgd.setRate(learningRate(epoch + 1));
        step.setAverages(averages);
        control.update(phase, stepsDone, steps, averages.toString());
        while (stepsDone < steps) {
            control.checkCancelled();
            int first = stepsDone * request.batchSize();
            int end = Math.min(order.length, first + request.batchSize());
            long number = (long) epoch * steps + stepsDone;
            trainStep(Arrays.copyOfRange(order, first, end), number);
            long firstAveraged = (long) (request.epochs() - request.averagedEpochs()) * steps;
            if (number >= firstAveraged) {
                average.ifPresent(mean -> average(mean, number - firstAveraged + 1));
            }
            stepsDone++;
            unsaved = true;
            control.update(phase, stepsDone, steps, averages.toString());
            if (stepsDone % request.checkpointSteps() == 0 && stepsDone < steps) {
                save();
            }
        }
    }

    private void trainStep(int[] indices, long number) {
        attack.ifPresent(runner -> runner.beginStep(number));
        // Dropout draws from the engine's generator, the one thing that the state does not hold.
        Engine.getInstance().setRandomSeed((int) Order.mix(plan.request().seed(), number));
        PluginUse<?> defense = plan.defense();
        // Arrays that hang on a weight's manager would stay until the end without the scope.
        try (NDManager manager = network.manager().newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray images = dataset.images(manager, indices);
            NDArray labels = manager.create(dataset.labels(indices));
            NDList gradients =
                    Autograd.recording(
                            true,
                            () ->
                                    defense.call(
                                            control::checkCancelled,
                                            () -> gradients(images, labels)));
            Autograd.withoutRecording(
                    () -> {
                        sgd.step(gradients);
                        defense.run(step::afterUpdate);
                    });
        }
    }

    private static void average(WeightAverage mean, long steps) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            mean.add(steps);
        }
    }

    private NDList gradients(NDArray images, NDArray labels) {
        NDArray loss;
        try {
            loss = step.loss(images, labels);
        } catch (DeepDefenseException e) {
            // What an attack makes of a network that has diverged is not the attack's fault.
            throw hasDiverged() ? diverged("weights grew beyond all bounds", e) : e;
        }
        // A scalar times a number is of double precision in DJL.
        double value = loss.toType(DataType.FLOAT32, false).getFloat();
        if (!Double.isFinite(value)) {
            throw diverged("loss became " + value, null);
        }
        averages.loss(value);
        NDList gradients = autograd.gradients(loss, sgd.weights());
        if (!gradients.stream().allMatch(Finite::all)) {
            throw diverged("gradients of the weights became NaN or infinite", null);
        }
        return gradients;
    }

    private boolean hasDiverged() {
        return sgd.weights().stream()
                .anyMatch(
                        array -> {
                            NDArray largest = array.stopGradient().abs().max();
                            // Written so that a NaN counts too.
                            return !(largest.toType(DataType.FLOAT32, false).getFloat() < DIVERGED);
                        });
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
}
