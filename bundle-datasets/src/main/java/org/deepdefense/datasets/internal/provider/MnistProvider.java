// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import ai.djl.ndarray.types.Shape;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetPlugin;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.format.Idx;
import org.deepdefense.datasets.internal.format.InputFiles;
import org.deepdefense.datasets.internal.format.Published;
import org.deepdefense.datasets.internal.image.PixelDataset;
import org.deepdefense.download.Downloads;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.job.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * MNIST (Y. LeCun, C. Cortes, C. J. C. Burges): 60,000 and 10,000 images 1×28×28 of handwritten
 * digits, pixels in [0, 1].
 *
 * <p>The files are the original IDX files, packed (then their checksums must match) or unpacked
 * (then only their structure is checked).
 */
@Component(service = DatasetProvider.class, configurationPid = "deepdefense.dataset.mnist")
@DatasetPlugin(
        name = MnistProvider.NAME,
        description = "MNIST handwritten digits, 1x28x28 in 10 classes; 11 MB to fetch")
@Designate(ocd = MnistProvider.Config.class)
public final class MnistProvider implements DatasetProvider {

    /** The names of the classes of digits. */
    static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    static final String NAME = "mnist";

    private static final int SIDE = 28;

    /** The files as their home publishes them. */
    static final Map<Split, Parts> FILES =
            Map.of(
                    Split.TRAIN,
                    new Parts(
                            new PublishedFile(
                                    "train-images-idx3-ubyte.gz",
                                    9_912_422,
                                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                            new PublishedFile(
                                    "train-labels-idx1-ubyte.gz",
                                    28_881,
                                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c")),
                    Split.TEST,
                    new Parts(
                            new PublishedFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    1_648_877,
                                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                            new PublishedFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    4_542,
                                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")));

    /** Where MNIST is fetched from. */
    @ObjectClassDefinition(name = "MNIST")
    public @interface Config {

        /**
         * Returns the addresses of folders that have the four files.
         *
         * @return the addresses, tried in turn
         */
        @AttributeDefinition(
                description = "addresses of folders that have the four files, tried in turn")
        String[] mirrors() default {
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://raw.githubusercontent.com/fgnt/mnist/master/"
        };
    }

    /** The two files of a split. */
    record Parts(PublishedFile images, PublishedFile labels) {

        Stream<PublishedFile> both() {
            return Stream.of(images, labels);
        }
    }

    private final Map<Split, Parts> files;
    private final Mirrors mirrors;
    private final Downloads downloads;

    /**
     * Creates the provider.
     *
     * @param downloads fetches the files
     * @param config where they are fetched from
     */
    @Activate
    public MnistProvider(@Reference Downloads downloads, Config config) {
        this(downloads, List.of(config.mirrors()), FILES);
    }

    MnistProvider(Downloads downloads, List<String> mirrors, Map<Split, Parts> files) {
        this.files = files;
        this.mirrors = new Mirrors(mirrors);
        this.downloads = downloads;
    }

    @Override
    public Shape imageShape() {
        return new Shape(1, SIDE, SIDE);
    }

    @Override
    public List<String> classNames() {
        return DIGITS;
    }

    @Override
    public Dataset open(Split split, DatasetSource source) throws IOException {
        Parts parts = files.get(split);
        Location location =
                source.directory().isPresent()
                        ? inDirectory(parts, source.directory().get())
                        : inCache(parts, source.progress());
        byte[] pixels = location.read(parts.images(), SIDE, SIDE);
        byte[] labels = location.read(parts.labels());
        int images = pixels.length / (SIDE * SIDE);
        if (images != labels.length) {
            throw new DeepDefenseException(
                    String.format(
                            "%s has %d images in %s but %d labels in %s",
                            location.folder(),
                            images,
                            parts.images().name(),
                            labels.length,
                            parts.labels().name()),
                    location.remedy());
        }
        for (int i = 0; i < labels.length; i++) {
            int label = Byte.toUnsignedInt(labels[i]);
            if (label >= DIGITS.size()) {
                throw new DeepDefenseException(
                        String.format(
                                "%s has label %d for image %d in %s, expected 0 to 9",
                                location.folder(), label, i, parts.labels().name()),
                        location.remedy());
            }
        }
        return new PixelDataset(imageShape(), pixels, labels);
    }

    private Location inDirectory(Parts parts, Path directory) {
        String remedy =
                "get the original from "
                        + mirrors.home()
                        + ", or give no --data to have it fetched";
        List<String> names = parts.both().flatMap(file -> names(file).stream()).distinct().toList();
        Path folder = UserFolder.find(directory, List.of("", NAME), names, remedy);
        return new Location(folder, remedy);
    }

    private Location inCache(Parts parts, Progress progress) throws IOException {
        for (PublishedFile file : parts.both().toList()) {
            downloads.fetch(NAME, file, mirrors.addresses(), progress);
        }
        return new Location(downloads.folder(NAME), "delete it, and it is fetched again");
    }

    /** The names that a file has, packed and unpacked by one tool or another. */
    private static List<String> names(PublishedFile file) {
        String unpacked = file.name().replace(".gz", "");
        return List.of(file.name(), unpacked, unpacked.replace("-idx", ".idx"));
    }

    /**
     * A folder that has files of MNIST.
     *
     * @param folder the folder
     * @param remedy what to do about a wrong file
     */
    private record Location(Path folder, String remedy) {

        byte[] read(PublishedFile published, int... item) throws IOException {
            Path file =
                    names(published).stream()
                            .map(folder::resolve)
                            .filter(InputFiles::exists)
                            .map(InputFiles::requireReadable)
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new DeepDefenseException(
                                                    published + " is missing in " + folder,
                                                    remedy));
            boolean packed = file.endsWith(published.name());
            try (InputStream in =
                    packed
                            ? new GZIPInputStream(
                                    new ByteArrayInputStream(
                                            Published.read(published, file, remedy)))
                            : new BufferedInputStream(Files.newInputStream(file))) {
                return Idx.read(in, file, remedy, item);
            }
        }
    }
}
