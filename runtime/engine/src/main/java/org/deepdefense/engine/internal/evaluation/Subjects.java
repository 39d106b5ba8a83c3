// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.network.NetworkLoader;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.work.DatasetOpener;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Sources;
import org.deepdefense.engine.internal.work.Versions;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.work.Task;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts networks before images, and tells the records of evaluations where both came from. */
@Component(service = Subjects.class)
public final class Subjects {

    private final PluginCatalog catalog;
    private final NetworkStore networks;
    private final NetworkLoader loader;
    private final DatasetOpener opener;

    /**
     * Creates a source of subjects.
     *
     * @param catalog the plug-ins
     * @param networks the saved networks
     * @param loader loads networks
     * @param opener opens data sets
     */
    @Activate
    public Subjects(
            @Reference PluginCatalog catalog,
            @Reference NetworkStore networks,
            @Reference NetworkLoader loader,
            @Reference DatasetOpener opener) {
        this.catalog = catalog;
        this.networks = networks;
        this.loader = loader;
        this.opener = opener;
    }

    /**
     * Checks that a network is there; reading it is left to the job.
     *
     * @throws org.deepdefense.DeepDefenseException if there is no such name or file
     */
    void check(NetworkSource source) {
        Sources.check(source, catalog, networks);
    }

    /** Opens a data set, which may take a download. */
    OpenDataset open(PluginUse<DatasetProvider> provider, DatasetSpec spec, JobControl control) {
        control.update("open " + spec.name(), 0, 0, "");
        return opener.open(provider, spec, control, control::warn);
    }

    /** Loads a network for images; the caller closes it. */
    Subject load(NetworkSource source, OpenDataset dataset, Autograd autograd, JobControl control) {
        return Subject.of(
                source,
                loader.load(source, dataset.imageShape(), dataset.classes(), control::warn),
                dataset,
                autograd);
    }

    /**
     * Returns where a network of this content is found: among the saved ones, or where it was.
     *
     * @param wanted a network by its content
     */
    NetworkSource find(Task.Subject wanted) {
        return networks.list().stream()
                .filter(saved -> saved.checksum().equals(wanted.networkChecksum()))
                .<NetworkSource>map(saved -> new NetworkSource.Saved(saved.name()))
                .findFirst()
                .orElse(wanted.network());
    }

    /**
     * Tells how numbers came about.
     *
     * @param source where the network came from
     * @param subject the network and the images
     * @param attacks the attacks by role
     * @param settings what else they depend on, besides the images
     * @param seed the seed of all random numbers
     */
    Provenance provenance(
            NetworkSource source,
            Subject subject,
            Map<String, Provenance.Plugin> attacks,
            Map<String, String> settings,
            long seed) {
        Map<String, Provenance.Plugin> plugins = new LinkedHashMap<>(attacks);
        Sources.addModel(source, catalog, networks, plugins);
        OpenDataset dataset = subject.dataset();
        plugins.put("dataset", dataset.plugin());
        Map<String, String> runSettings = new LinkedHashMap<>();
        runSettings.put("split", dataset.split().name().toLowerCase(Locale.ROOT));
        runSettings.put("images", Integer.toString(dataset.size()));
        runSettings.putAll(settings);
        return new Provenance(
                Instant.now(),
                plugins,
                subject.source(),
                dataset.source(),
                runSettings,
                seed,
                Versions.all());
    }
}
