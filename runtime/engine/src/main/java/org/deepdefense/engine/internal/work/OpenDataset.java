package org.deepdefense.engine.internal.work;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.job.Provenance;
import org.deepdefense.model.Bounds;

/** The images that a job works on. May be used by several threads at once. */
public final class OpenDataset {

    private final DatasetSpec spec;
    private final PluginUse<DatasetProvider> provider;
    private final Dataset dataset;
    private final Shape imageShape;
    private final List<String> classNames;
    private final Bounds bounds;

    /**
     * Describes an open data set.
     *
     * @param spec which images of it are used
     * @param provider where it comes from
     * @param dataset the images
     */
    OpenDataset(DatasetSpec spec, PluginUse<DatasetProvider> provider, Dataset dataset) {
        this.spec = spec;
        this.provider = provider;
        this.dataset = dataset;
        this.imageShape = provider.call(() -> provider.service().imageShape());
        List<String> names = provider.call(dataset::classNames);
        this.classNames =
                List.copyOf(
                        names.isEmpty()
                                ? provider.call(() -> provider.service().classNames())
                                : names);
        this.bounds = provider.call(() -> provider.service().bounds());
        if (dataset.size() == 0) {
            throw new DeepDefenseException(
                    "Data set \"" + spec.name() + "\" has no images in its split " + spec.split(),
                    "check the files"
                            + spec.directory().map(directory -> " in " + directory).orElse(""));
        }
    }

    /**
     * Returns how many images are used.
     *
     * @return the size of the data set, or its limit if that is smaller
     */
    public int size() {
        return spec.limit() == 0 ? dataset.size() : Math.min(spec.limit(), dataset.size());
    }

    /**
     * Returns how many images there are, whatever the limit.
     *
     * @return the size of the data set
     */
    public int fullSize() {
        return dataset.size();
    }

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    public Shape imageShape() {
        return imageShape;
    }

    /**
     * Returns the number of classes.
     *
     * @return K
     */
    public int classes() {
        return classNames.size();
    }

    /**
     * Returns the name of a class.
     *
     * @param label the class
     * @return its name
     */
    public String className(int label) {
        return classNames.get(label);
    }

    /**
     * Returns the interval in which pixels lie.
     *
     * @return the bounds
     */
    public Bounds bounds() {
        return bounds;
    }

    /**
     * Returns images.
     *
     * @param manager the owner of the result
     * @param indices the images
     * @return images (N, C, H, W)
     */
    public NDArray images(NDManager manager, int... indices) {
        return provider.call(() -> dataset.images(manager, indices));
    }

    /**
     * Returns the classes of images.
     *
     * @param indices the images
     * @return classes (N)
     */
    public long[] labels(int... indices) {
        long[] labels = new long[indices.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = dataset.label(indices[i]);
        }
        return labels;
    }

    /**
     * Returns what the record of a run says of the images.
     *
     * @return the name and checksum of the data set
     */
    public Provenance.Source source() {
        return new Provenance.Source(spec.name(), provider.call(dataset::checksum));
    }

    /**
     * Returns the part of the data set that is used.
     *
     * @return training or test images
     */
    public Split split() {
        return spec.split();
    }

    /**
     * Returns where the data set comes from.
     *
     * @return its provider
     */
    public PluginUse<DatasetProvider> provider() {
        return provider;
    }

    /**
     * Returns what the record of a run says of the provider.
     *
     * @return its name and bundle
     */
    public Provenance.Plugin plugin() {
        return provider.provenance();
    }
}
