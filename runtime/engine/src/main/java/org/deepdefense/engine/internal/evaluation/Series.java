// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.evaluation.AttackResult;

/** Runs the attacks of a plan on a network one after the other, and finds the worst cases. */
final class Series {

    /** By how much an attack without gradients must be better than all others to be suspicious. */
    private static final double NOTABLE = 0.002;

    private final Plan plan;
    private final Subject subject;
    private final Measurement measurement;
    private final Map<AttackUse, Outcomes> outcomes = new LinkedHashMap<>();
    private final List<AttackResult> rows = new ArrayList<>();

    /**
     * Prepares to run a plan.
     *
     * @param plan the attacks
     * @param subject the network and the images
     * @param measurement measures
     */
    Series(Plan plan, Subject subject, Measurement measurement) {
        this.plan = plan;
        this.subject = subject;
        this.measurement = measurement;
    }

    /**
     * Runs the plan.
     *
     * @param control takes warnings
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     */
    void run(JobControl control) {
        if (plan.isEnsemble()) {
            runEnsemble();
        } else {
            for (AttackUse attack : plan.attacks()) {
                BatchWork work = measurement.attack(subject, attack);
                outcomes.put(attack, measurement.measure(phase(attack), work, work.all()));
            }
            for (Plan.Row row : plan.rows()) {
                addRow(row, outcomes.get(row.attack()).images());
            }
        }
        plan.mixedBudgets().ifPresent(control::warn);
        plan.unbounded().forEach(control::warn);
        warnOfMaskedGradients(control);
    }

    private String phase(AttackUse attack) {
        int number = outcomes.size() + 1;
        int count = plan.attacks().size();
        return count == 1
                ? "attack"
                : String.format(
                        Locale.ROOT,
                        "%d/%d %s%s",
                        number,
                        count,
                        attack.label(),
                        plan.commonBudgets() && attack.budget().isPresent()
                                ? " at " + attack.budget().getAsDouble()
                                : "");
    }

    private void addRow(Plan.Row row, List<SampleRecord> images) {
        AttackUse attack = row.attack();
        Outcomes from = outcomes.get(attack);
        rows.add(
                Summary.of(
                        attack.label(),
                        attack.norm(),
                        row.epsilon(),
                        images.stream().map(image -> judged(row, image)).toList(),
                        from.seconds(),
                        from.cached()));
    }

    /** An image that was attacked counts as fooled only if that took no more than the budget. */
    private static SampleRecord judged(Plan.Row row, SampleRecord image) {
        return image.attacked()
                ? image.withSuccess(Verdict.isFooled(row.attack(), image, row.epsilon()))
                : image;
    }

    private void runEnsemble() {
        List<SampleRecord> clean = cleanImages();
        List<Plan.Row> done = new ArrayList<>();
        for (Plan.Row row : plan.rows()) {
            AttackUse attack = row.attack();
            List<WorstCase.Candidate> earlier =
                    done.stream()
                            .map(
                                    other ->
                                            candidate(
                                                    other.attack(),
                                                    plan.commonBudgets()
                                                            ? row.epsilon()
                                                            : other.epsilon()))
                            .toList();
            List<SampleRecord> before =
                    clean.stream().map(image -> image.withSuccess(isDown(image, earlier))).toList();
            if (!outcomes.containsKey(attack)) {
                int[] standing =
                        before.stream()
                                .filter(image -> !image.success())
                                .mapToInt(SampleRecord::index)
                                .toArray();
                BatchWork work = measurement.attack(subject, attack);
                Outcomes some = measurement.measure(phase(attack), work, standing);
                some.complete(before::get);
                outcomes.put(attack, some);
            }
            // An attack of an earlier budget is looked at again, and what has fallen since is down.
            List<SampleRecord> images = outcomes.get(attack).images();
            addRow(
                    row,
                    IntStream.range(0, images.size())
                            .mapToObj(i -> before.get(i).success() ? before.get(i) : images.get(i))
                            .toList());
            done.add(row);
        }
    }

    /** Returns results of images that no attack has touched, in the order of the data set. */
    private List<SampleRecord> cleanImages() {
        BatchWork work = measurement.clean(subject);
        return measurement.measure("clean images", work, work.all()).images();
    }

    private static boolean isDown(SampleRecord clean, List<WorstCase.Candidate> earlier) {
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
        List<AttackUse> attacks =
                plan.attacks().stream()
                        .filter(attack -> attack.norm().equals(Optional.of(norm)))
                        .filter(attack -> Verdict.isWithin(attack, budget))
                        .toList();
        return WorstCase.of(
                Plan.inBounds(attacks).stream().map(attack -> candidate(attack, budget)).toList(),
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
                        && plan.attacks().stream().allMatch(attack -> attack.norm().isPresent());
        if (oneNorm) {
            Norm norm = plan.thresholds().keySet().iterator().next();
            return worstCase(norm, Plan.largest(plan.thresholds().get(norm)));
        }
        return WorstCase.of(
                Plan.inBounds(plan.attacks()).stream()
                        .map(attack -> candidate(attack, plan.largest(attack)))
                        .toList(),
                Optional.empty(),
                OptionalDouble.empty());
    }

    private WorstCase.Candidate candidate(AttackUse attack, OptionalDouble budget) {
        Outcomes from = outcomes.get(attack);
        return new WorstCase.Candidate(
                from, from.images(), image -> Verdict.isFooled(attack, image, budget));
    }

    private void warnOfMaskedGradients(JobControl control) {
        if (plan.isComparable()) {
            plan.thresholds()
                    .forEach(
                            (norm, budgets) ->
                                    budgets.forEach(
                                            budget ->
                                                    maskedGradients(norm, budget)
                                                            .forEach(control::warn)));
        }
    }

    /**
     * An attack that sees less of the network cannot be stronger, unless what the others see is
     * misleading.
     */
    private List<String> maskedGradients(Norm norm, OptionalDouble budget) {
        List<AttackUse> attacks =
                Plan.inBounds(
                        plan.attacks().stream()
                                .filter(attack -> attack.norm().equals(Optional.of(norm)))
                                .filter(
                                        attack ->
                                                attack.isMinimumNorm()
                                                        || attack.budget().equals(budget))
                                .toList());
        List<WorstCase.Candidate> seeing =
                attacks.stream()
                        .filter(AttackUse::usesGradients)
                        .map(attack -> candidate(attack, budget))
                        .toList();
        List<String> warnings = new ArrayList<>();
        if (seeing.isEmpty()) {
            return warnings;
        }
        double best = WorstCase.of(seeing, Optional.of(norm), budget).robustAccuracy();
        for (AttackUse attack : attacks) {
            if (!attack.usesGradients()) {
                List<WorstCase.Candidate> candidates = new ArrayList<>();
                candidates.add(candidate(attack, budget));
                if (plan.isEnsemble()) {
                    candidates.addAll(seeing);
                }
                double without =
                        WorstCase.of(candidates, Optional.of(norm), budget).robustAccuracy();
                if (without < best - NOTABLE) {
                    warnings.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s, which uses no gradients, leaves %.1f %% where the attacks"
                                            + " that use them leave %.1f %% (%s%s): the gradients"
                                            + " are masked, or those attacks are too weak",
                                    attack.label(),
                                    100 * without,
                                    100 * best,
                                    norm.symbol(),
                                    budget.isPresent() ? " " + budget.getAsDouble() : ""));
                }
            }
        }
        return warnings;
    }
}
