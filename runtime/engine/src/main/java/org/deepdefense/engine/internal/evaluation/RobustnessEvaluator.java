// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.job.Job;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Evaluates networks as jobs, each batch of images on a thread of its own. */
@Component(service = Evaluator.class)
public final class RobustnessEvaluator implements Evaluator {

    private final PluginCatalog catalog;
    private final Subjects subjects;
    private final JobManager jobs;
    private final ResultCache cache;
    private final ChosenWorkers workers;

    /**
     * Creates an evaluator.
     *
     * @param catalog the plug-ins
     * @param subjects puts networks before images
     * @param jobs runs the work
     * @param cache keeps results
     * @param workers do the work
     */
    @Activate
    public RobustnessEvaluator(
            @Reference PluginCatalog catalog,
            @Reference Subjects subjects,
            @Reference JobManager jobs,
            @Reference ResultCache cache,
            @Reference ChosenWorkers workers) {
        this.catalog = catalog;
        this.subjects = subjects;
        this.jobs = jobs;
        this.cache = cache;
        this.workers = workers;
    }

    private Workshop workshop() {
        return new Workshop(catalog, subjects, cache, workers.get());
    }

    @Override
    public Job<EvaluationResult> evaluate(EvaluationRequest request) {
        EvaluationJob job = new EvaluationJob(request, workshop());
        return jobs.submit("eval", job.description(), job);
    }

    @Override
    public Job<RobustnessTable> table(TableRequest request) {
        TableJob job = new TableJob(request, workshop());
        return jobs.submit("table", job.description(), job);
    }

    @Override
    public Job<List<AttackedImage>> attack(EvaluationRequest request, List<Integer> indices) {
        PictureJob job = new PictureJob(request, indices, workshop());
        return jobs.submit("attack", job.description(), job);
    }
}
