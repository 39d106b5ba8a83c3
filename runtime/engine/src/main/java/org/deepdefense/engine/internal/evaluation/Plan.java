// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.evaluation.EvaluationRequest;

/**
 * Which attacks a request asks for, with which budgets, in which order.
 *
 * @param rows what is reported, in this order; several rows may be of one attack
 * @param thresholds the budgets of each norm for which there is a worst case, ascending
 * @param isEnsemble whether an attack is run only on what those before it left
 * @param commonBudgets whether the budgets were given for all attacks
 */
record Plan(
        List<Row> rows,
        Map<Norm, List<OptionalDouble>> thresholds,
        boolean isEnsemble,
        boolean commonBudgets) {

    /** The parameter of an attack that is its budget. */
    static final String EPSILON = "epsilon";

    /**
     * One attack at one budget.
     *
     * @param attack the attack
     * @param epsilon the budget that its results have to keep to be counted, if any
     */
    record Row(AttackUse attack, OptionalDouble epsilon) {}

    /**
     * Makes a plan.
     *
     * @throws DeepDefenseException if the request asks for what is not there or makes no sense
     */
    static Plan of(EvaluationRequest request, PluginCatalog catalog) {
        List<Double> epsilons = request.epsilons();
        boolean ensemble = request.options().contains(EvaluationRequest.Option.ENSEMBLE);
        List<List<Row>> byAttack = new ArrayList<>();
        Set<PluginSpec> specs = new HashSet<>();
        for (PluginSpec spec : request.attacks()) {
            AttackUse use = catalog.attack(spec);
            if (!specs.add(spec)) {
                throw new DeepDefenseException(
                        spec + " is named twice", "name each attack once, or vary its parameters");
            }
            byAttack.add(
                    epsilons.isEmpty()
                            ? own(use)
                            : atBudgets(spec, use, epsilons, ensemble, catalog));
        }
        List<Row> rows =
                ensemble && !epsilons.isEmpty()
                        ? byBudget(byAttack, epsilons.size())
                        : byAttack.stream().flatMap(List::stream).toList();
        Map<Norm, List<OptionalDouble>> thresholds = thresholds(rows, epsilons);
        if (!epsilons.isEmpty()) {
            checkNorms(rows, thresholds, ensemble);
        } else if (ensemble) {
            rows = rows.stream().map(row -> withThreshold(row, thresholds)).toList();
        }
        Plan plan = new Plan(rows, thresholds, ensemble, !epsilons.isEmpty());
        if (request.options().contains(EvaluationRequest.Option.TIGHTEN)) {
            plan.checkTightening();
        }
        if (ensemble) {
            plan.checkCompany();
            plan.checkBounds();
        }
        return plan;
    }

    /**
     * Checks the budgets against the images.
     *
     * @throws DeepDefenseException if one is beyond all images
     */
    void check(Reach reach) {
        for (Row row : rows) {
            reach.check(row.attack().label(), row.attack().norm(), row.epsilon());
            reach.check(row.attack().service());
        }
    }

    private static List<Row> own(AttackUse use) {
        return List.of(new Row(use, use.budget()));
    }

    private static List<Row> atBudgets(
            PluginSpec spec,
            AttackUse use,
            List<Double> epsilons,
            boolean ensemble,
            PluginCatalog catalog) {
        List<Row> rows = new ArrayList<>();
        if (use.hasBudget()) {
            if (spec.parameters().containsKey(EPSILON)) {
                throw new DeepDefenseException(
                        "The budget of " + spec + " is given twice, by its parameter and for all",
                        "leave one of them out");
            }
            for (double epsilon : epsilons) {
                PluginSpec bound = spec.with(EPSILON, Double.toString(epsilon));
                rows.addAll(own(catalog.rebind(use, bound)));
            }
            return rows;
        }
        if (!ensemble || use.norm().isEmpty()) {
            rows.add(new Row(use, OptionalDouble.empty()));
        }
        if (use.norm().isPresent()) {
            epsilons.forEach(epsilon -> rows.add(new Row(use, OptionalDouble.of(epsilon))));
        }
        return rows;
    }

    /** All attacks at the smallest budget come first: what falls to it falls to the larger ones. */
    private static List<Row> byBudget(List<List<Row>> byAttack, int budgets) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < budgets; i++) {
            for (List<Row> attack : byAttack) {
                if (i < attack.size()) {
                    rows.add(attack.get(i));
                }
            }
        }
        return rows;
    }

    private static Map<Norm, List<OptionalDouble>> thresholds(
            List<Row> rows, List<Double> epsilons) {
        Map<Norm, NavigableSet<Double>> budgets = new EnumMap<>(Norm.class);
        for (Row row : rows) {
            row.attack()
                    .norm()
                    .ifPresent(
                            norm -> {
                                NavigableSet<Double> set =
                                        budgets.computeIfAbsent(norm, n -> new TreeSet<>(epsilons));
                                if (epsilons.isEmpty()) {
                                    row.attack().budget().ifPresent(set::add);
                                }
                            });
        }
        Map<Norm, List<OptionalDouble>> thresholds = new EnumMap<>(Norm.class);
        budgets.forEach(
                (norm, set) ->
                        thresholds.put(
                                norm,
                                set.isEmpty()
                                        ? List.of(OptionalDouble.empty())
                                        : set.stream().map(OptionalDouble::of).toList()));
        return thresholds;
    }

    private static void checkNorms(
            List<Row> rows, Map<Norm, List<OptionalDouble>> thresholds, boolean ensemble) {
        if (thresholds.isEmpty()) {
            throw new DeepDefenseException(
                    "No norm measures what " + names(rows, Optional.empty()) + " does",
                    "leave the budgets out, or name an attack that has a norm");
        }
        boolean mixed = thresholds.size() > 1 || !names(rows, Optional.empty()).isEmpty();
        if (ensemble && mixed) {
            throw new DeepDefenseException(
                    "An ensemble with budgets needs attacks of one norm, and these have several ("
                            + norms(rows, thresholds)
                            + ")",
                    "leave some out, or give each attack a budget of its own");
        }
    }

    private void checkTightening() {
        if (attacks().stream().noneMatch(AttackUse::isMinimumNorm)) {
            throw new DeepDefenseException(
                    "There is nothing to tighten in what " + names(attacks()) + " returns",
                    "leave that out, or name an attack that looks for the smallest perturbation");
        }
    }

    private void checkCompany() {
        if (attacks().size() < 2) {
            throw new DeepDefenseException(
                    "An ensemble of " + names(attacks()) + " alone is the attack itself",
                    "name more attacks, or leave the ensemble out");
        }
    }

    private void checkBounds() {
        List<AttackUse> outside = new ArrayList<>(attacks());
        outside.removeAll(inBounds(attacks()));
        if (!outside.isEmpty()) {
            throw new DeepDefenseException(
                    "In an ensemble, "
                            + names(outside)
                            + " would take images from the others by leaving the bounds of pixels",
                    "set its parameter clip, if it has one, or leave it out");
        }
    }

    private static String norms(List<Row> rows, Map<Norm, List<OptionalDouble>> thresholds) {
        List<String> parts = new ArrayList<>();
        thresholds
                .keySet()
                .forEach(n -> parts.add(n.symbol() + ": " + names(rows, Optional.of(n))));
        String others = names(rows, Optional.empty());
        if (!others.isEmpty()) {
            parts.add("no norm: " + others);
        }
        return String.join("; ", parts);
    }

    private static String names(List<Row> rows, Optional<Norm> norm) {
        return names(
                rows.stream()
                        .map(Row::attack)
                        .filter(attack -> attack.norm().equals(norm))
                        .toList());
    }

    /** Without a limit, a minimum-norm attack would leave nothing to the rest of an ensemble. */
    private static Row withThreshold(Row row, Map<Norm, List<OptionalDouble>> thresholds) {
        return row.attack().isMinimumNorm()
                ? new Row(row.attack(), largest(thresholds.get(row.attack().norm().orElseThrow())))
                : row;
    }

    static OptionalDouble largest(List<OptionalDouble> ascending) {
        return ascending.get(ascending.size() - 1);
    }

    /** Returns what is run, each once, in this order. */
    List<AttackUse> attacks() {
        return List.copyOf(
                rows.stream()
                        .map(Row::attack)
                        .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /**
     * Tells whether each norm and budget has a worst case of its own. Where the members of an
     * ensemble have budgets of their own, what one of them fells is never tried with less, or in
     * another norm.
     */
    boolean isComparable() {
        boolean oneNorm =
                thresholds.size() == 1
                        && attacks().stream().allMatch(attack -> attack.norm().isPresent());
        boolean oneBudget = oneNorm && thresholds.values().iterator().next().size() == 1;
        return !isEnsemble || commonBudgets || oneBudget;
    }

    /** Returns the largest budget at which an attack's successes count. */
    OptionalDouble largest(AttackUse attack) {
        return attack.norm()
                .map(norm -> largest(thresholds.get(norm)))
                .orElse(OptionalDouble.empty());
    }

    /**
     * Leaves out the attacks that may leave the bounds of pixels, unless all do: no image is as
     * near as what they find.
     */
    static List<AttackUse> inBounds(List<AttackUse> attacks) {
        List<AttackUse> inside = attacks.stream().filter(AttackUse::isBounded).toList();
        return inside.isEmpty() ? attacks : inside;
    }

    /**
     * Returns what to warn about if attacks that leave the bounds meet budgets or other attacks.
     */
    List<String> unbounded() {
        Map<Boolean, List<AttackUse>> byCompany =
                attacks().stream()
                        .filter(attack -> !attack.isBounded())
                        .collect(Collectors.partitioningBy(this::hasBoundedCompany));
        List<String> warnings = new ArrayList<>();
        if (!byCompany.get(true).isEmpty()) {
            warnings.add(
                    unbounded(
                            byCompany.get(true),
                            "it does not count in a worst case with attacks that stay inside"));
        }
        List<AttackUse> budgeted =
                byCompany.get(false).stream().filter(this::isCountedUpToABudget).toList();
        if (!budgeted.isEmpty()) {
            warnings.add(unbounded(budgeted, "the worst case may leave them, too"));
        }
        return warnings;
    }

    private boolean hasBoundedCompany(AttackUse attack) {
        return attacks().stream()
                .anyMatch(other -> other.isBounded() && other.norm().equals(attack.norm()));
    }

    private boolean isCountedUpToABudget(AttackUse attack) {
        return rows.stream()
                .anyMatch(row -> row.attack().equals(attack) && row.epsilon().isPresent());
    }

    private static String unbounded(List<AttackUse> attacks, String consequence) {
        return "What "
                + names(attacks)
                + " returns may leave the bounds of pixels, so "
                + consequence
                + ": set its parameter clip, if it has one";
    }

    private static String names(List<AttackUse> attacks) {
        return attacks.stream().map(AttackUse::label).distinct().collect(Collectors.joining(", "));
    }

    /** Returns what to warn about if one number was given as a budget in several norms. */
    Optional<String> mixedBudgets() {
        return commonBudgets && thresholds.size() > 1
                ? Optional.of(
                        "The budgets count in different norms ("
                                + norms(rows, thresholds)
                                + "): compare the attacks of one norm only")
                : Optional.empty();
    }
}
