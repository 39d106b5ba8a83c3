// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
    private final DatasetCheck check;
    private final int[] labels;

    /**
     * Describes an open data set, and makes sure that it is what it says.
     *
     * @param spec which images of it are used
     * @param provider where it comes from
     * @param dataset the images
     * @throws DeepDefenseException if it has no images, or its labels or images are wrong
     */
    OpenDataset(DatasetSpec spec, PluginUse<DatasetProvider> provider, Dataset dataset) {
        this.spec = spec;
        this.provider = provider;
        this.dataset = dataset;
        this.check = provider.call(this::describe);
        this.labels = call(() -> check.checkOpened(dataset));
    }

    private DatasetCheck describe() {
        DatasetProvider described = provider.service();
        List<String> names = dataset.classNames();
        return new DatasetCheck(
                "Data set \"" + provider.name() + "\"",
                spec.split(),
                described.imageShape(),
                List.copyOf(names.isEmpty() ? described.classNames() : names),
                described.bounds());
    }

    private <T> T call(Supplier<T> reading) {
        return provider.call(
                () -> {
                    try {
                        return reading.get();
                    } catch (UncheckedIOException e) {
                        throw DatasetOpener.unreadable(spec.name(), e.getCause());
                    }
                });
    }

    /**
     * Returns which images of the data set are used.
     *
     * @return what was asked for
     */
    public DatasetSpec spec() {
        return spec;
    }

    /**
     * Returns how many images are used.
     *
     * @return the size of the data set, or its limit if that is smaller
     */
    public int size() {
        return spec.limit() == 0 ? labels.length : Math.min(spec.limit(), labels.length);
    }

    /**
     * Returns how many images there are, whatever the limit.
     *
     * @return the size of the data set
     */
    public int fullSize() {
        return labels.length;
    }

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    public Shape imageShape() {
        return check.imageShape();
    }

    /**
     * Returns the number of classes.
     *
     * @return K
     */
    public int classes() {
        return check.classNames().size();
    }

    /**
     * Returns the name of a class.
     *
     * @param label the class
     * @return its name
     */
    public String className(int label) {
        return check.classNames().get(label);
    }

    /**
     * Returns the interval in which pixels lie.
     *
     * @return the bounds
     */
    public Bounds bounds() {
        return check.bounds();
    }

    /**
     * Returns images.
     *
     * @param manager the owner of the result
     * @param indices the images
     * @return images (N, C, H, W), float32, all inside the bounds
     * @throws DeepDefenseException if an image can't be read, or the data set gives another shape
     *     or pixels that are not inside its bounds; the message says which image
     */
    public NDArray images(NDManager manager, int... indices) {
        return call(
                () -> {
                    NDArray images = dataset.images(manager, indices);
                    check.checkImages(images, indices);
                    return images;
                });
    }

    /**
     * Returns the classes of images.
     *
     * @param indices the images
     * @return classes (N), each at least 0 and below the number of classes
     */
    public long[] labels(int... indices) {
        return IntStream.of(indices).mapToLong(index -> labels[index]).toArray();
    }

    /**
     * Returns what the record of a run says of the images.
     *
     * @return the name and checksum of the data set
     */
    public Provenance.Source source() {
        return new Provenance.Source(spec.name(), call(dataset::checksum));
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
