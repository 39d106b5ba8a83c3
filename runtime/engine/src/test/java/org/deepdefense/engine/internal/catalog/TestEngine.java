// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deepdefense.attack.Attack;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.engine.internal.evaluation.ChosenWorkers;
import org.deepdefense.engine.internal.evaluation.EngineTaskRunner;
import org.deepdefense.engine.internal.evaluation.ResultCache;
import org.deepdefense.engine.internal.evaluation.RobustnessEvaluator;
import org.deepdefense.engine.internal.evaluation.Subjects;
import org.deepdefense.engine.internal.evaluation.UniversalEvaluator;
import org.deepdefense.engine.internal.fixture.Registration;
import org.deepdefense.engine.internal.fixture.TestBundle;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.job.JobListeners;
import org.deepdefense.engine.internal.job.JobManager;
import org.deepdefense.engine.internal.network.CheckpointStore;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.training.SgdTrainer;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.LocalWorkers;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.training.Trainer;
import org.deepdefense.work.TaskRunner;
import org.deepdefense.work.Workers;

/** The engine's components put together by hand, with plug-ins of the test's choice. */
public final class TestEngine {

    private static final String NOTHING = "<nothing/>";

    private final PluginCatalog catalog = new PluginCatalog();
    private final JobManager jobs;
    private final NetworkStore networks;
    private final Evaluator evaluator;
    private final UniversalPerturbations universal;
    private final Trainer trainer;
    private final TaskRunner tasks;

    /** Starts an engine whose home is a directory. */
    public TestEngine(Path directory) {
        this(directory, Map.of("deepdefense.threads", "2"));
    }

    /** Starts an engine with settings. */
    public TestEngine(Path directory, Map<String, String> properties) {
        this(directory, properties, workers -> workers);
    }

    /** Starts an engine with workers that are made of its own. */
    public TestEngine(
            Path directory, Map<String, String> properties, UnaryOperator<Workers> workersOf) {
        Home home = new Home(directory);
        Settings settings = new Settings(properties::get, name -> null);
        jobs =
                new JobManager(
                        home,
                        new JobListeners(),
                        Annotations.instance(JobManager.Config.class, Map.of("concurrent", 2)));
        networks = new NetworkStore(home);
        NetworkLoader loader = new NetworkLoader(catalog, networks);
        DatasetOpener opener = new DatasetOpener(settings);
        ChosenWorkers workers = new ChosenWorkers(workersOf.apply(new LocalWorkers(settings)));
        Subjects subjects = new Subjects(catalog, networks, loader, opener);
        universal = new UniversalEvaluator(catalog, subjects, jobs, settings);
        ResultCache cache = new ResultCache(home);
        evaluator = new RobustnessEvaluator(catalog, subjects, jobs, cache, workers);
        tasks = new EngineTaskRunner(catalog, subjects);
        trainer =
                new SgdTrainer(catalog, networks, loader, new CheckpointStore(home), opener, jobs);
    }

    public PluginCatalog catalog() {
        return catalog;
    }

    public JobManager jobs() {
        return jobs;
    }

    public NetworkStore networks() {
        return networks;
    }

    public Evaluator evaluator() {
        return evaluator;
    }

    public TaskRunner tasks() {
        return tasks;
    }

    public UniversalPerturbations universal() {
        return universal;
    }

    public Trainer trainer() {
        return trainer;
    }

    /** Registers an attack, and returns how to unregister it. */
    public Runnable attack(String name, Attack<?> attack, Map<String, ?> properties, String ocd) {
        return attack(new Registration<>(named(name, properties), ocd), attack);
    }

    /** Registers an attack of a bundle, and returns how to unregister it. */
    public Runnable attack(
            String name, Attack<?> attack, Map<String, ?> properties, TestBundle bundle) {
        return attack(new Registration<>(named(name, properties), bundle), attack);
    }

    private Runnable attack(Registration<Attack<?>> reference, Attack<?> attack) {
        catalog.bindAttack(reference, attack);
        return () -> catalog.unbindAttack(reference);
    }

    public Runnable attack(String name, Attack<?> attack) {
        return attack(name, attack, Map.of(), NOTHING);
    }

    public Runnable defense(String name, Defense<?> defense, Map<String, ?> properties) {
        Registration<Defense<?>> reference = new Registration<>(named(name, properties), NOTHING);
        catalog.bindDefense(reference, defense);
        return () -> catalog.unbindDefense(reference);
    }

    public void modifier(String name, ObjectiveModifier<?> modifier) {
        catalog.bindModifier(new Registration<>(named(name, Map.of()), NOTHING), modifier);
    }

    public void model(String name, ModelProvider model) {
        catalog.bindModel(new Registration<>(named(name, Map.of()), NOTHING), model);
    }

    public void dataset(String name, DatasetProvider dataset) {
        catalog.bindDataset(new Registration<>(named(name, Map.of()), NOTHING), dataset);
    }

    /** Ends all jobs. */
    public void stop() {
        jobs.close();
    }

    private static Map<String, Object> named(String name, Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("deepdefense.name", name);
        return all;
    }
}
