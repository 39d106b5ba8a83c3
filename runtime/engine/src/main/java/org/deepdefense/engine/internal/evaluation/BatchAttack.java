// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.model.Classifier;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;

/**
 * Attacks images and measures what comes of it.
 *
 * @param subject the network and the images
 * @param attack the attack
 * @param terms on what terms it is run
 * @param keys names results
 * @param warnings takes oddities as they come
 */
record BatchAttack(
        Subject subject, AttackUse attack, Terms terms, ResultKeys keys, Consumer<String> warnings)
        implements BatchWork {

    @Override
    public Task.Treatment treatment() {
        return terms.treatment(attack);
    }

    @Override
    public Optional<String> key() {
        return keys.attack(subject, attack, terms);
    }

    @Override
    public TaskOutcome run(Task task, Runnable check) {
        long start = System.nanoTime();
        int[] indices = BatchWork.images(task);
        Set<String> said = Collections.synchronizedSet(new LinkedHashSet<>());
        Consumer<String> hear =
                message -> {
                    said.add(message);
                    warnings.accept(message);
                };
        Classifier classifier = subject.classifier();
        List<SampleRecord> samples;
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = subject.dataset().images(manager, indices);
            long[] labels = subject.dataset().labels(indices);
            Classifier.Calls before = classifier.calls();
            AttackOutcome outcome =
                    attack.execute(
                            classifier,
                            images,
                            logits -> terms.goal().criterion(attack, logits, labels, indices),
                            control(subject, terms, check, hear, indices));
            samples =
                    Autograd.recording(
                            false,
                            () -> measure(outcome, classifier, before, images, check, indices));
        }
        // It may have been replaced since the key of the results was made.
        attack.checkPresent();
        return new ResultCache.Batch((System.nanoTime() - start) / 1e9, List.copyOf(said), samples);
    }

    private List<SampleRecord> measure(
            AttackOutcome outcome,
            Classifier classifier,
            Classifier.Calls before,
            NDArray images,
            Runnable check,
            int... indices) {
        AttackOutcome tightened = terms.tightened(outcome, attack, classifier, images, check);
        Classifier.Calls calls = classifier.calls().since(before);
        return SampleMeasures.of(
                classifier,
                images,
                subject.dataset().labels(indices),
                terms.judged(tightened, classifier),
                calls,
                indices);
    }

    /** Gives each image random numbers of its own, whatever batch it is in. */
    static RunControl control(
            Subject subject,
            Terms terms,
            Runnable check,
            Consumer<String> warnings,
            int... indices) {
        return new RunControl(
                new SampleRandom(
                        terms.goal().seed(), Arrays.stream(indices).asLongStream().toArray()),
                check,
                warnings,
                subject.known());
    }

    @Override
    public Optional<String> remark(Outcomes outcomes, int images) {
        return GradientWarning.of(subject.name(), attack.name(), outcomes.notFinite(), images);
    }
}
