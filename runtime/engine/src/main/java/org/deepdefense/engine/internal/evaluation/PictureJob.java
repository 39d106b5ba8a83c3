// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobTask;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.model.Classifier;

/** Attacks single images, to look at them. */
final class PictureJob implements JobTask<List<AttackedImage>> {

    private final EvaluationRequest request;
    private final int[] indices;
    private final Subjects subjects;
    private final AttackUse attack;
    private final PluginUse<DatasetProvider> provider;
    private final Terms terms;

    /**
     * Checks a request.
     *
     * @throws DeepDefenseException if it asks for what is not there, or for more than pictures
     */
    PictureJob(EvaluationRequest request, List<Integer> images, Workshop workshop) {
        this.request = request;
        this.subjects = workshop.subjects();
        checkOptions(request);
        Plan plan = Plan.of(request, workshop.catalog());
        this.attack = single(plan);
        this.provider = EvaluationJob.provider(request, plan, workshop);
        this.indices = images.stream().mapToInt(Integer::intValue).toArray();
        this.terms = Terms.of(new Goal(request.target(), request.seed()), Set.of());
        if (indices.length == 0) {
            throw new DeepDefenseException("No image was named", "name one or more by number");
        }
    }

    /** What an evaluation may be asked for makes no difference to the pictures of an attack. */
    private static void checkOptions(EvaluationRequest request) {
        Set<Option> others = EnumSet.noneOf(Option.class);
        others.addAll(request.options());
        others.removeAll(Set.of(Option.IMAGES, Option.NO_CACHE));
        if (!others.isEmpty()) {
            throw new DeepDefenseException(
                    "Single images are attacked without " + others, "leave that out, or evaluate");
        }
    }

    private static AttackUse single(Plan plan) {
        List<AttackUse> attacks = plan.attacks();
        if (plan.commonBudgets() && attacks.get(0).budget().isEmpty()) {
            throw new DeepDefenseException(
                    attacks.get(0).label() + " has no budget", "leave the budget out");
        }
        if (attacks.size() > 1) {
            throw new DeepDefenseException(
                    "Images are attacked with one attack and one budget at a time, not "
                            + attacks.size(),
                    "name one");
        }
        return attacks.get(0);
    }

    String description() {
        return "attack "
                + request.network()
                + " on "
                + indices.length
                + " images of "
                + request.dataset().name()
                + " with "
                + request.attacks().get(0);
    }

    @Override
    public List<AttackedImage> run(JobControl control) {
        OpenDataset dataset = subjects.open(provider, request.dataset(), control);
        terms.goal().check(dataset.classes());
        checkIndices(dataset);
        try (Autograd autograd = new Autograd();
                Subject subject = subjects.load(request.network(), dataset, autograd, control)) {
            subject.check(attack);
            List<AttackedImage> results = new ArrayList<>();
            for (int index : indices) {
                control.update("attack", results.size(), indices.length, "");
                results.add(attack(subject, index, control));
            }
            return List.copyOf(results);
        }
    }

    private void checkIndices(OpenDataset dataset) {
        for (int index : indices) {
            if (index < 0 || index >= dataset.size()) {
                throw new DeepDefenseException(
                        "There is no image "
                                + index
                                + " in "
                                + (request.dataset().limit() == 0 ? "" : "the part asked for of ")
                                + "data set \""
                                + request.dataset().name()
                                + "\"",
                        "give a number from 0 to " + (dataset.size() - 1));
            }
        }
    }

    private AttackedImage attack(Subject subject, int index, JobControl control) {
        OpenDataset dataset = subject.dataset();
        Classifier classifier = subject.classifier();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray image = dataset.images(manager, index);
            AttackOutcome outcome =
                    attack.execute(
                            classifier,
                            image,
                            logits -> terms.goal().criterion(logits, dataset.labels(index), index),
                            BatchAttack.control(
                                    subject, terms, control::checkCancelled, control::warn, index));
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
                SampleMeasures.isFooled(
                        outcome.success().toBooleanArray()[0],
                        outcome.attacked().toBooleanArray()[0],
                        label,
                        prediction);
        Map<Norm, Double> norms = new EnumMap<>(Norm.class);
        for (Norm norm : Norm.values()) {
            norms.put(norm, (double) norm.of(perturbation).toFloatArray()[0]);
        }
        float rho = SampleMeasures.rho(classifier, perturbation, image).toFloatArray()[0];
        return new ImageRecord(
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
                Pictures.of(image),
                Pictures.of(adversarial),
                norms,
                SampleMeasures.finite(rho));
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
}
