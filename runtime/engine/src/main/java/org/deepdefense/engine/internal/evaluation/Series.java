// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.SampleResult;

/** Runs the attacks of a plan on a network one after the other, and finds the worst cases. */
final class Series {

    private static final String WORST = "worst case";

    /** By how much an attack without gradients must be better than all others to be suspicious. */
    private static final double NOTABLE = 0.002;

    private final Plan plan;
    private final Map<Trial, Outcomes> outcomes = new LinkedHashMap<>();
    private final List<AttackResult> rows = new ArrayList<>();

    private Series(Plan plan) {
        this.plan = plan;
    }

    /**
     * Runs a plan.
     *
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     */
    static Series run(Plan plan, Subject subject, Measurement measurement, JobControl control) {
        Series series = new Series(plan);
        if (plan.isEnsemble()) {
            series.runEnsemble(subject, measurement);
        } else {
            series.runAll(subject, measurement);
        }
        plan.mixedBudgets().ifPresent(control::warn);
        plan.unbounded().forEach(control::warn);
        series.findMaskedGradients(control);
        return series;
    }

    private void runAll(Subject subject, Measurement measurement) {
        List<Trial> trials = plan.trials();
        for (Trial trial : trials) {
            outcomes.put(trial, measurement.attack(phase(trial), subject, trial.attack()));
        }
        for (Plan.Row row : plan.rows()) {
            addRow(row, outcomes.get(row.trial()).images());
        }
    }

    private String phase(Trial trial) {
        int number = outcomes.size() + 1;
        int count = plan.trials().size();
        return count == 1
                ? "attack"
                : String.format(
                        Locale.ROOT,
                        "%d/%d %s%s",
                        number,
                        count,
                        trial.name(),
                        plan.commonBudgets() && trial.budget().isPresent()
                                ? " at " + trial.budget().getAsDouble()
                                : "");
    }

    private void addRow(Plan.Row row, List<SampleResult> images) {
        Trial trial = row.trial();
        Outcomes from = outcomes.get(trial);
        rows.add(
                Summary.of(
                        trial.name(),
                        trial.norm(),
                        row.epsilon(),
                        images.stream().map(image -> judged(row, image)).toList(),
                        from.seconds(),
                        from.cached()));
    }

    /** An image that was attacked counts as fooled only if that took no more than the budget. */
    private static SampleResult judged(Plan.Row row, SampleResult image) {
        boolean fooled =
                image.attacked() ? row.trial().fooled(image, row.epsilon()) : image.success();
        return fooled == image.success() ? image : image.withSuccess(fooled);
    }

    private void runEnsemble(Subject subject, Measurement measurement) {
        List<SampleResult> clean = measurement.clean(subject);
        List<Plan.Row> done = new ArrayList<>();
        for (Plan.Row row : plan.rows()) {
            Trial trial = row.trial();
            List<Candidate> earlier =
                    done.stream()
                            .map(
                                    other ->
                                            candidate(
                                                    other.trial(),
                                                    plan.commonBudgets()
                                                            ? row.epsilon()
                                                            : other.epsilon()))
                            .toList();
            List<SampleResult> before =
                    clean.stream().map(image -> image.withSuccess(isDown(image, earlier))).toList();
            if (!outcomes.containsKey(trial)) {
                int[] standing =
                        before.stream()
                                .filter(image -> !image.success())
                                .mapToInt(SampleResult::index)
                                .toArray();
                Outcomes some = measurement.attack(phase(trial), subject, trial.attack(), standing);
                some.complete(before::get);
                outcomes.put(trial, some);
            }
            // A trial of an earlier budget is looked at again, and what has fallen since is down.
            List<SampleResult> images = outcomes.get(trial).images();
            addRow(
                    row,
                    IntStream.range(0, images.size())
                            .mapToObj(i -> before.get(i).success() ? before.get(i) : images.get(i))
                            .toList());
            done.add(row);
        }
    }

    private static boolean isDown(SampleResult clean, List<Candidate> earlier) {
        return clean.success()
                || earlier.stream()
                        .anyMatch(
                                candidate ->
                                        candidate
                                                .fooled()
                                                .test(candidate.images().get(clean.index())));
    }

    List<AttackResult> rows() {
        return rows;
    }

    /** Returns the worst case of each norm and budget. */
    List<AttackResult> worstCases() {
        List<AttackResult> worst = new ArrayList<>();
        if (!plan.isComparable()) {
            return worst;
        }
        plan.thresholds()
                .forEach(
                        (norm, budgets) ->
                                budgets.forEach(budget -> worst.add(worstCase(norm, budget))));
        return worst;
    }

    /** An attack that was given more than this budget has no say in it. */
    private AttackResult worstCase(Norm norm, OptionalDouble budget) {
        List<Trial> trials =
                plan.trials().stream()
                        .filter(trial -> trial.norm().equals(Optional.of(norm)))
                        .filter(trial -> trial.isWithin(budget))
                        .toList();
        return worst(
                Plan.inBounds(trials).stream().map(trial -> candidate(trial, budget)).toList(),
                Optional.of(norm),
                budget);
    }

    /** Returns the worst case of everything that was run. */
    AttackResult overall() {
        if (rows.size() == 1) {
            return rows.get(0);
        }
        boolean oneNorm =
                plan.thresholds().size() == 1
                        && plan.trials().stream().allMatch(trial -> trial.norm().isPresent());
        if (oneNorm) {
            Norm norm = plan.thresholds().keySet().iterator().next();
            return worstCase(norm, Plan.largest(plan.thresholds().get(norm)));
        }
        return worst(
                Plan.inBounds(plan.trials()).stream()
                        .map(trial -> candidate(trial, plan.largest(trial)))
                        .toList(),
                Optional.empty(),
                OptionalDouble.empty());
    }

    /** What one attack can contribute to a worst case: its images, and which of them count. */
    private record Candidate(
            Outcomes outcomes, List<SampleResult> images, Predicate<SampleResult> fooled) {}

    private Candidate candidate(Trial trial, OptionalDouble budget) {
        Outcomes from = outcomes.get(trial);
        return new Candidate(from, from.images(), image -> trial.fooled(image, budget));
    }

    private static AttackResult worst(
            List<Candidate> candidates, Optional<Norm> norm, OptionalDouble budget) {
        ToDoubleFunction<SampleResult> size =
                image -> norm.isPresent() ? image.norm(norm.get()) : image.rho2();
        int count = candidates.get(0).images().size();
        List<SampleResult> images =
                IntStream.range(0, count).mapToObj(i -> worst(i, candidates, size)).toList();
        return Summary.of(
                WORST,
                norm,
                budget,
                images,
                candidates.stream().mapToDouble(c -> c.outcomes().seconds()).sum(),
                candidates.stream().mapToInt(c -> c.outcomes().cached()).sum());
    }

    /**
     * The smallest perturbation that fooled the network; if none did, the image as one of the
     * attacks left it, if possible one that evaluated it. All calls that were made on the image
     * count.
     */
    private static SampleResult worst(
            int index, List<Candidate> candidates, ToDoubleFunction<SampleResult> size) {
        SampleResult smallest = null;
        SampleResult first = candidates.get(0).images().get(index);
        SampleResult failed = first.isCorrect() ? first.withSuccess(false) : first;
        double forwards = 0;
        double backwards = 0;
        for (Candidate candidate : candidates) {
            SampleResult image = candidate.images().get(index);
            forwards += image.forwards();
            backwards += image.backwards();
            if (candidate.fooled().test(image)) {
                if (smallest == null || size.applyAsDouble(image) < size.applyAsDouble(smallest)) {
                    smallest = image;
                }
            } else if (image.attacked()) {
                SampleResult stood = image.withSuccess(false);
                if (stood.isEvaluated() || !failed.attacked() || !failed.isEvaluated()) {
                    failed = stood;
                }
            }
        }
        return (smallest == null ? failed : smallest).withCalls(forwards, backwards);
    }

    /**
     * An attack that sees less of the network cannot be stronger, unless what the others see is
     * misleading.
     */
    private void findMaskedGradients(JobControl control) {
        if (!plan.isComparable()) {
            return;
        }
        plan.thresholds()
                .forEach(
                        (norm, budgets) ->
                                budgets.forEach(
                                        budget -> findMaskedGradients(norm, budget, control)));
    }

    private void findMaskedGradients(Norm norm, OptionalDouble budget, JobControl control) {
        List<Trial> trials =
                Plan.inBounds(
                        plan.trials().stream()
                                .filter(trial -> trial.norm().equals(Optional.of(norm)))
                                .filter(
                                        trial ->
                                                trial.isMinimumNorm()
                                                        || trial.budget().equals(budget))
                                .toList());
        List<Candidate> seeing =
                trials.stream()
                        .filter(Trial::usesGradients)
                        .map(trial -> candidate(trial, budget))
                        .toList();
        if (seeing.isEmpty()) {
            return;
        }
        double best = worst(seeing, Optional.of(norm), budget).robustAccuracy();
        for (Trial trial : trials) {
            if (!trial.usesGradients()) {
                List<Candidate> both = new ArrayList<>();
                both.add(candidate(trial, budget));
                double own = worst(both, Optional.of(norm), budget).robustAccuracy();
                both.addAll(seeing);
                double joint = worst(both, Optional.of(norm), budget).robustAccuracy();
                if ((plan.isEnsemble() ? joint : own) < best - NOTABLE) {
                    control.warn(
                            String.format(
                                    Locale.ROOT,
                                    "%s, which uses no gradients, leaves %.1f %% where the attacks"
                                            + " that use them leave %.1f %% (%s%s): the gradients"
                                            + " are masked, or those attacks are too weak",
                                    trial.name(),
                                    100 * (plan.isEnsemble() ? joint : own),
                                    100 * best,
                                    norm.symbol(),
                                    budget.isPresent() ? " " + budget.getAsDouble() : ""));
                }
            }
        }
    }
}
