package org.deepdefense.engine.internal.evaluation;

import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.Classifier;

/**
 * A network that is evaluated on images.
 *
 * @param name what users call the network
 * @param network the network
 * @param dataset the images
 * @param autograd differentiates
 */
record Subject(String name, LoadedNetwork network, OpenDataset dataset, Autograd autograd)
        implements AutoCloseable {

    /** Returns a classifier whose calls are counted from now. */
    Classifier classifier() {
        return new BlockClassifier(
                autograd,
                network.block(),
                network.inputShape(),
                network.classes(),
                dataset.bounds(),
                network.normalization().scale(),
                network.normalization().mean());
    }

    Provenance.Source source() {
        return new Provenance.Source(name, network.checksum());
    }

    @Override
    public void close() {
        network.close();
    }
}
