// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.job.JobTask;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.job.Provenance;

/** Evaluates one network under the attacks of a request. */
final class EvaluationJob implements JobTask<EvaluationResult> {

    private final EvaluationRequest request;
    private final Workshop workshop;
    private final Plan plan;
    private final PluginUse<DatasetProvider> provider;

    /**
     * Checks a request.
     *
     * @throws DeepDefenseException if it asks for what is not there or makes no sense
     */
    EvaluationJob(EvaluationRequest request, Workshop workshop) {
        this.request = request;
        this.workshop = workshop;
        this.plan = Plan.of(request, workshop.catalog());
        this.provider = provider(request, plan, workshop);
    }

    /**
     * Checks the images and the network of a request, and returns where the images come from.
     *
     * @throws DeepDefenseException if they are not there, or a budget is beyond all images
     */
    static PluginUse<DatasetProvider> provider(
            EvaluationRequest request, Plan plan, Workshop workshop) {
        workshop.subjects().check(request.network());
        if (request.batchSize().orElse(1) < 1) {
            throw new DeepDefenseException(
                    "A batch of " + request.batchSize().getAsInt() + " images is empty",
                    "give 1 or more");
        }
        PluginUse<DatasetProvider> provider = workshop.catalog().dataset(request.dataset().name());
        plan.check(Reach.of(provider));
        return provider;
    }

    String description() {
        return "evaluate "
                + request.network()
                + " on "
                + request.dataset().name()
                + " with "
                + request.attacks().stream()
                        .map(PluginSpec::toString)
                        .collect(Collectors.joining(", "));
    }

    @Override
    public EvaluationResult run(JobControl control) {
        long start = System.nanoTime();
        Subjects subjects = workshop.subjects();
        OpenDataset dataset = subjects.open(provider, request.dataset(), control);
        Goal goal = new Goal(request.target(), request.seed());
        goal.check(dataset.classes());
        Measurement measurement =
                workshop.measurement(
                        control,
                        request.batchSize(),
                        Terms.of(goal, request.options()),
                        !request.options().contains(Option.NO_CACHE));
        try (Autograd autograd = new Autograd();
                Subject subject = subjects.load(request.network(), dataset, autograd, control)) {
            plan.attacks().forEach(subject::check);
            measurement.examine(subject);
            Series series = new Series(plan, subject, measurement);
            series.run(control);
            EvaluationRecord result =
                    result(series, subject, measurement, control, System.nanoTime() - start);
            // Jobs keep their results, and a shell or an application may run many.
            return request.options().contains(Option.IMAGES) ? result : result.trimmed();
        } finally {
            workshop.trim();
        }
    }

    private EvaluationRecord result(
            Series series,
            Subject subject,
            Measurement measurement,
            JobControl control,
            long nanoseconds) {
        AttackResult overall = series.overall();
        return new EvaluationRecord(
                subject.dataset().size(),
                Summary.accuracy(overall.images()),
                overall,
                series.rows(),
                series.worstCases(),
                nanoseconds / 1e9,
                control.warnings(),
                workshop.subjects()
                        .provenance(
                                request.network(),
                                subject,
                                plugins(),
                                settings(measurement.batchSize(subject.dataset())),
                                request.seed()));
    }

    /** A single attack is called so; several are numbered in the order in which they were run. */
    private Map<String, Provenance.Plugin> plugins() {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        List<AttackUse> attacks = plan.attacks();
        for (int i = 0; i < attacks.size(); i++) {
            plugins.put(
                    attacks.size() == 1 ? "attack" : "attack" + (i + 1),
                    attacks.get(i).provenance());
        }
        return plugins;
    }

    private Map<String, String> settings(int batchSize) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("batchSize", Integer.toString(batchSize));
        if (!request.epsilons().isEmpty()) {
            values.put(
                    "epsilons",
                    request.epsilons().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
        }
        request.target().ifPresent(target -> values.put("target", target.toString()));
        values.put("ensemble", is(Option.ENSEMBLE));
        values.put("tighten", is(Option.TIGHTEN));
        values.put("eightBit", is(Option.EIGHT_BIT));
        return values;
    }

    private String is(Option option) {
        return Boolean.toString(request.options().contains(option));
    }
}
