// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetPlugin;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.format.InputFiles;
import org.deepdefense.datasets.internal.format.Published;
import org.deepdefense.datasets.internal.format.Tar;
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
 * CIFAR-10 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009): 50,000
 * and 10,000 images 3×32×32 (red, green, blue) in ten classes, pixels in [0, 1].
 *
 * <p>The files are those of the official binary version.
 */
@Component(service = DatasetProvider.class, configurationPid = "deepdefense.dataset.cifar10")
@DatasetPlugin(
        name = Cifar10Provider.NAME,
        description = "CIFAR-10 photographs, 3x32x32 in 10 classes; 162 MB to fetch")
@Designate(ocd = Cifar10Provider.Config.class)
public final class Cifar10Provider implements DatasetProvider {

    static final String NAME = "cifar10";

    private static final String FOLDER = "cifar-10-batches-bin";
    private static final Shape IMAGE = new Shape(3, 32, 32);
    private static final int PIXELS = (int) IMAGE.size();

    private static final int BUFFER = 1 << 16;

    /** One byte of label before the pixels. */
    private static final int RECORD = 1 + PIXELS;

    /** The archive as its home publishes it. */
    static final Archive OFFICIAL =
            new Archive(
                    new PublishedFile(
                            "cifar-10-binary.tar.gz",
                            170_052_171,
                            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
                    Map.of(
                            Split.TRAIN,
                            List.of(
                                    batch(
                                            "data_batch_1.bin",
                                            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                                    batch(
                                            "data_batch_2.bin",
                                            "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                                    batch(
                                            "data_batch_3.bin",
                                            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                                    batch(
                                            "data_batch_4.bin",
                                            "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                                    batch(
                                            "data_batch_5.bin",
                                            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add")),
                            Split.TEST,
                            List.of(
                                    batch(
                                            "test_batch.bin",
                                            "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"))));

    /** Where CIFAR-10 is fetched from. */
    @ObjectClassDefinition(name = "CIFAR-10")
    public @interface Config {

        /**
         * Returns the addresses of folders that have the archive.
         *
         * @return the addresses, tried in turn
         */
        @AttributeDefinition(
                description = "addresses of folders that have the archive, tried in turn")
        String[] mirrors() default {
            "https://www.cs.toronto.edu/~kriz/",
            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
            "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/"
        };
    }

    /** The archive and the files in it. */
    record Archive(PublishedFile file, Map<Split, List<PublishedFile>> batches) {}

    private final Archive archive;
    private final Mirrors mirrors;
    private final Downloads downloads;

    /**
     * Creates the provider.
     *
     * @param downloads fetches the archive
     * @param config where it is fetched from
     */
    @Activate
    public Cifar10Provider(@Reference Downloads downloads, Config config) {
        this(downloads, List.of(config.mirrors()), OFFICIAL);
    }

    Cifar10Provider(Downloads downloads, List<String> mirrors, Archive archive) {
        this.archive = archive;
        this.mirrors = new Mirrors(mirrors);
        this.downloads = downloads;
    }

    private static PublishedFile batch(String name, String sha256) {
        return new PublishedFile(name, 10_000L * RECORD, sha256);
    }

    @Override
    public Shape imageShape() {
        return IMAGE;
    }

    @Override
    public List<String> classNames() {
        return List.of(
                "airplane",
                "automobile",
                "bird",
                "cat",
                "deer",
                "dog",
                "frog",
                "horse",
                "ship",
                "truck");
    }

    @Override
    public Dataset open(Split split, DatasetSource source) throws IOException {
        List<PublishedFile> batches = archive.batches().get(split);
        return source.directory().isPresent()
                ? openDirectory(batches, source.directory().get())
                : openCache(batches, source.progress());
    }

    private Dataset openDirectory(List<PublishedFile> batches, Path directory) throws IOException {
        String remedy =
                "unpack the original "
                        + archive.file().name()
                        + " from "
                        + mirrors.home()
                        + " there, or give no --data to have it fetched";
        Path folder =
                UserFolder.find(
                        directory,
                        List.of(FOLDER, NAME + "/" + FOLDER, "", NAME),
                        batches.stream().map(PublishedFile::name).toList(),
                        remedy);
        String missing =
                batches.stream()
                        .filter(batch -> !InputFiles.exists(folder.resolve(batch.name())))
                        .map(PublishedFile::toString)
                        .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new DeepDefenseException("Missing in " + folder + ": " + missing, remedy);
        }
        return read(batches, folder, remedy);
    }

    private Dataset openCache(List<PublishedFile> batches, Progress progress) throws IOException {
        Path folder = downloads.folder(NAME).resolve(FOLDER);
        if (!areIn(folder, batches)) {
            downloads.exclusively(NAME, progress, () -> fetch(folder, progress));
        }
        return read(batches, folder, "delete it, and it is fetched again");
    }

    private void fetch(Path folder, Progress progress) throws IOException {
        List<PublishedFile> all =
                archive.batches().values().stream().flatMap(List::stream).toList();
        // Another process may have done all of it meanwhile.
        if (areIn(folder, all)) {
            return;
        }
        PublishedFile file = archive.file();
        Path cache = downloads.folder(NAME);
        Path packed = cache.resolve(file.name());
        // What another one of the same size unpacks to is anybody's guess.
        if (!Published.isIn(file, cache) || !Published.isContentOf(file, packed)) {
            Files.deleteIfExists(packed);
        }
        downloads.fetch(NAME, file, mirrors.addresses(), progress);
        unpack(packed, all, Files.createDirectories(folder), progress);
        Files.delete(packed);
    }

    private static void unpack(
            Path packed, List<PublishedFile> wanted, Path folder, Progress progress)
            throws IOException {
        Map<String, Long> sizes =
                wanted.stream().collect(Collectors.toMap(PublishedFile::name, PublishedFile::size));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed), BUFFER)) {
            new Tar(in)
                    .forEach(
                            (name, size, content) -> {
                                if (sizes.getOrDefault(name, -1L) == size) {
                                    progress.checkCancelled();
                                    progress.update(
                                            "unpacking " + packed.getFileName(), 0, 0, name);
                                    Path part = folder.resolve(name + ".part");
                                    Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
                                    Published.complete(part, folder.resolve(name));
                                }
                            });
        }
    }

    private static boolean areIn(Path folder, List<PublishedFile> batches) throws IOException {
        for (PublishedFile batch : batches) {
            if (!Published.isIn(batch, folder)) {
                return false;
            }
        }
        return true;
    }

    private static Dataset read(List<PublishedFile> batches, Path folder, String remedy)
            throws IOException {
        int size = Math.toIntExact(batches.stream().mapToLong(PublishedFile::size).sum() / RECORD);
        byte[] pixels = new byte[size * PIXELS];
        byte[] labels = new byte[size];
        int image = 0;
        for (PublishedFile batch : batches) {
            Path file = InputFiles.requireReadable(folder.resolve(batch.name()));
            byte[] content = Published.read(batch, file, remedy);
            for (int start = 0; start < content.length; start += RECORD) {
                labels[image] = content[start];
                System.arraycopy(content, start + 1, pixels, image * PIXELS, PIXELS);
                image++;
            }
        }
        return new PixelDataset(IMAGE, pixels, labels);
    }
}
