// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.Classifier;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.work.Task;

/**
 * A network that is evaluated on images.
 *
 * @param from where the network was found
 * @param network the network
 * @param dataset the images
 * @param autograd differentiates
 * @param known images of the data set from which attacks may start
 */
record Subject(
        NetworkSource from,
        LoadedNetwork network,
        OpenDataset dataset,
        Autograd autograd,
        KnownImages known)
        implements AutoCloseable {

    /** Puts a network before images. */
    static Subject of(
            NetworkSource from, LoadedNetwork network, OpenDataset dataset, Autograd autograd) {
        return new Subject(
                from,
                network,
                dataset,
                autograd,
                new KnownImages(dataset, () -> classifier(network, dataset, autograd)));
    }

    /** Returns what users call the network. */
    String name() {
        return from.toString();
    }

    /** Returns the network and the images by their content. */
    Task.Subject content() {
        return new Task.Subject(
                from, network.checksum(), dataset.spec(), dataset.source().checksum());
    }

    /** Puts the same network, which stays this subject's, before other images. */
    Subject on(OpenDataset others) {
        return of(from, network, others, autograd);
    }

    /** Returns a classifier whose calls are counted from now. */
    Classifier classifier() {
        return classifier(network, dataset, autograd);
    }

    /**
     * Checks that an attack can work on the network, before it is begun.
     *
     * @throws DeepDefenseException if it needs gradients, and there are none
     */
    void check(AttackUse attack) {
        if (attack.usesGradients()) {
            network.requireGradient("Attack \"" + attack.name() + "\"");
        }
    }

    private static Classifier classifier(
            LoadedNetwork network, OpenDataset dataset, Autograd autograd) {
        return new BlockClassifier(
                autograd,
                network.adapted(),
                network.inputShape(),
                network.classes(),
                dataset.bounds(),
                network.normalization().scale(),
                network.normalization().mean());
    }

    Provenance.Source source() {
        return new Provenance.Source(name(), network.checksum());
    }

    @Override
    public void close() {
        known.close();
        network.close();
    }
}
