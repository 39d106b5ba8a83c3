// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobTask;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkSource;

/** Compares networks as in table 1 of the Deep Defense paper. */
final class TableJob implements JobTask<RobustnessTable> {

    private final TableRequest request;
    private final Workshop workshop;
    private final AttackUse rhoAttack;
    private final AttackUse fgsAttack;
    private final PluginUse<DatasetProvider> provider;

    /**
     * Checks a request.
     *
     * @throws DeepDefenseException if it asks for what is not there or makes no sense
     */
    TableJob(TableRequest request, Workshop workshop) {
        this.request = request;
        this.workshop = workshop;
        this.rhoAttack = workshop.catalog().attack(request.rhoAttack());
        this.fgsAttack = workshop.catalog().attack(request.fgsAttack());
        checkRho();
        checkFgs();
        request.networks().forEach(workshop.subjects()::check);
        this.provider = workshop.catalog().dataset(request.dataset().name());
    }

    /** What is not the smallest Euclidean norm must not stand in the column of ρ₂. */
    private void checkRho() {
        if (!rhoAttack.isMinimumNorm() || !rhoAttack.norm().equals(Optional.of(Norm.L2))) {
            throw new DeepDefenseException(
                    "Attack \""
                            + rhoAttack.name()
                            + "\" does not look for the smallest perturbation in L2, of which ρ₂ is"
                            + " made",
                    "choose a minimum-norm attack in L2, such as deepfool, or evaluate with this"
                            + " one");
        }
    }

    private void checkFgs() {
        if (!fgsAttack.hasBudget()) {
            throw new DeepDefenseException(
                    "Attack \"" + fgsAttack.name() + "\" has no budget to be varied",
                    "choose an attack with a fixed budget, such as fgsm");
        }
        if (request.fgsAttack().parameters().containsKey(Plan.EPSILON)) {
            throw new DeepDefenseException(
                    "The budget of " + request.fgsAttack() + " is what the table varies",
                    "leave it out");
        }
        fgsAt(ReferenceSearch.START);
    }

    /** Returns the attack that measures the accuracies with a budget. */
    private AttackUse fgsAt(double epsilon) {
        return workshop.catalog()
                .rebind(
                        fgsAttack,
                        request.fgsAttack().with(Plan.EPSILON, Double.toString(epsilon)));
    }

    String description() {
        return "compare "
                + request.networks().stream()
                        .map(NetworkSource::toString)
                        .collect(Collectors.joining(", "))
                + " on "
                + request.dataset().name();
    }

    @Override
    public RobustnessTable run(JobControl control) {
        OpenDataset dataset = workshop.subjects().open(provider, request.dataset(), control);
        Terms terms = Terms.of(new Goal(Optional.empty(), request.seed()), Set.of());
        Measurement measurement = workshop.measurement(control, OptionalInt.empty(), terms, true);
        List<NetworkSource> sources = request.networks();
        int last = sources.size() - 1;
        try (Autograd autograd = new Autograd()) {
            // The last network decides ε_ref and comes first: what it lacks is known at once.
            ReferenceBudget.Point reference;
            try (Subject subject =
                    workshop.subjects().load(sources.get(last), dataset, autograd, control)) {
                examine(subject, measurement);
                reference =
                        new ReferenceSearch(subject, fgsAttack.name(), this::fgsAt, measurement)
                                .run(control);
            }
            List<RobustnessTable.Row> rows = new ArrayList<>();
            for (int i = 0; i <= last; i++) {
                NetworkSource source = sources.get(i);
                try (Subject subject =
                        workshop.subjects().load(source, dataset, autograd, control)) {
                    if (i < last) {
                        examine(subject, measurement);
                    }
                    rows.add(row(source, i == last, reference, subject, measurement));
                }
            }
            return new TableRecord(dataset.size(), reference.epsilon(), rows);
        } finally {
            workshop.trim();
        }
    }

    private void examine(Subject subject, Measurement measurement) {
        subject.check(rhoAttack);
        subject.check(fgsAttack);
        measurement.examine(subject);
    }

    private RobustnessTable.Row row(
            NetworkSource source,
            boolean decides,
            ReferenceBudget.Point reference,
            Subject subject,
            Measurement measurement) {
        AttackResult rho = summary("ρ₂ of " + subject.name(), subject, rhoAttack, measurement);
        List<Double> accuracies = new ArrayList<>();
        int notEvaluated = rho.notEvaluated();
        for (double fraction : RobustnessTable.FRACTIONS) {
            if (decides && fraction == 1) {
                accuracies.add(reference.accuracy());
                continue;
            }
            AttackResult at =
                    summary(
                            String.format(
                                    Locale.ROOT, "%s at %.1f ε_ref", subject.name(), fraction),
                            subject,
                            fgsAt(fraction * reference.epsilon()),
                            measurement);
            accuracies.add(at.robustAccuracy());
            notEvaluated = Math.max(notEvaluated, at.notEvaluated());
        }
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        plugins.put("rhoAttack", rhoAttack.provenance());
        plugins.put("fgsAttack", fgsAt(reference.epsilon()).provenance());
        int batchSize = measurement.batchSize(subject.dataset());
        return new TableRecord.Row(
                subject.name(),
                Summary.accuracy(rho.images()),
                rho.rho2(),
                rho.successRate(),
                accuracies,
                notEvaluated,
                workshop.subjects()
                        .provenance(
                                source,
                                subject,
                                plugins,
                                Map.of("batchSize", Integer.toString(batchSize)),
                                request.seed()));
    }

    /** Measures all images under an attack and sums them up. */
    static AttackResult summary(
            String phase, Subject subject, AttackUse attack, Measurement measurement) {
        BatchWork work = measurement.attack(subject, attack);
        Outcomes outcomes = measurement.measure(phase, work, work.all());
        return Summary.of(
                attack.label(),
                attack.norm(),
                attack.budget(),
                outcomes.images(),
                outcomes.seconds(),
                outcomes.cached());
    }
}
