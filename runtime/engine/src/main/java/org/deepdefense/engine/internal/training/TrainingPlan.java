// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.BoundDefense;
import org.deepdefense.engine.internal.catalog.BoundModifier;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;

/**
 * A request with its names resolved.
 *
 * @param request the request
 * @param dataset the images
 * @param defense the objective
 * @param modifiers what changes the objective, the innermost first
 * @param attack the attack that the defense trains against, if it needs one
 * @param validationAttack the attack that images which are held out have to withstand, if any are
 */
record TrainingPlan(
        TrainingRequest request,
        PluginUse<DatasetProvider> dataset,
        PluginUse<BoundDefense<?>> defense,
        List<PluginUse<BoundModifier<?>>> modifiers,
        Optional<AttackUse> attack,
        Optional<AttackUse> validationAttack) {

    /**
     * Returns the learning rate of the first epoch: that of the request or else the one that suits
     * the defense, which is meant for inputs in 0..1. The gradient of the first layer grows with
     * the scale of its inputs, so the larger they are the smaller it is.
     *
     * @param scale what the network multiplies pixels by
     */
    double learningRate(double scale) {
        return request.learningRate()
                .orElseGet(() -> defense.service().learningRate() / Math.sqrt(scale));
    }

    /**
     * Returns the learning rate of an epoch.
     *
     * @param scale what the network multiplies pixels by
     * @param epoch the epoch, counted from 1
     */
    double learningRate(double scale, int epoch) {
        double rate = learningRate(scale);
        for (int start : request.decayEpochs()) {
            rate *= start <= epoch ? request.decayFactor() : 1;
        }
        return rate;
    }

    /** Returns the plug-ins in use, by role. */
    Map<String, Provenance.Plugin> plugins() {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>();
        plugins.put("defense", defense.provenance());
        for (int i = 0; i < modifiers.size(); i++) {
            plugins.put(role(i), modifiers.get(i).provenance());
        }
        attack.ifPresent(use -> plugins.put("attack", use.provenance()));
        validationAttack.ifPresent(use -> plugins.put("validation attack", use.provenance()));
        plugins.put("dataset", dataset.provenance());
        return plugins;
    }

    /** Returns what a modifier is called in a record: several are numbered. */
    String role(int modifier) {
        return modifiers.size() == 1 ? "modifier" : "modifier " + (modifier + 1);
    }

    /**
     * Returns the numbers that the result depends on, with the learning rate that was used.
     *
     * @param scale what the network multiplies pixels by
     */
    Map<String, String> settings(double scale) {
        Map<String, String> settings = settings();
        settings.put("learningRate", Double.toString(learningRate(scale)));
        return settings;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("split", request.dataset().split().name().toLowerCase(Locale.ROOT));
        settings.put("limit", Integer.toString(request.dataset().limit()));
        settings.put("epochs", Integer.toString(request.epochs()));
        settings.put("batchSize", Integer.toString(request.batchSize()));
        settings.put(
                "learningRate",
                request.learningRate().isPresent()
                        ? Double.toString(request.learningRate().getAsDouble())
                        : "recommended " + defense.service().learningRate());
        settings.put("decayEpochs", decayEpochs(request.decayEpochs()));
        settings.put("decayFactor", Double.toString(request.decayFactor()));
        settings.put("averagedEpochs", Integer.toString(request.averagedEpochs()));
        request.emaDecay().ifPresent(decay -> settings.put("emaDecay", Double.toString(decay)));
        if (request.validation() > 0) {
            settings.put("validation", Integer.toString(request.validation()));
        }
        settings.put("momentum", Double.toString(request.momentum()));
        settings.put("weightDecay", Double.toString(request.weightDecay()));
        settings.put("scale", Double.toString(request.scale()));
        return settings;
    }

    private static String decayEpochs(List<Integer> epochs) {
        return String.join(" ", epochs.stream().map(String::valueOf).toList());
    }

    /**
     * Returns everything in the request that the result depends on. What stands in files is not in
     * it.
     */
    Map<String, String> fingerprint() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("network", network(request.network()));
        parts.put("dataset", request.dataset().name());
        plugins().forEach((role, plugin) -> parts.put(role + " plug-in", describe(plugin)));
        parts.putAll(settings());
        parts.put("seed", Long.toString(request.seed()));
        return parts;
    }

    private static String network(NetworkSource source) {
        if (source instanceof NetworkSource.Weights weights) {
            return weights.model() + " " + absolute(weights.file());
        }
        if (source instanceof NetworkSource.ModelFile imported) {
            return absolute(imported.file());
        }
        return source.toString();
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    /** Whether it is still the same code is another question: {@link TrainingCode}. */
    private static String describe(Provenance.Plugin plugin) {
        return plugin.name() + " " + plugin.parameters();
    }
}
