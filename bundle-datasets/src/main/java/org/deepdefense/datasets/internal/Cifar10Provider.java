// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
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
import org.deepdefense.job.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
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
        name = "cifar10",
        description = "CIFAR-10 photographs, 3x32x32 in 10 classes; 162 MB to fetch")
@Designate(ocd = Cifar10Provider.Config.class)
public final class Cifar10Provider implements DatasetProvider {

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
                            "c32a1d4ab5d03f1284b67883e8d87530"),
                    Map.of(
                            Split.TRAIN,
                            List.of(
                                    batch("data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
                                    batch("data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
                                    batch("data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
                                    batch("data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
                                    batch("data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d")),
                            Split.TEST,
                            List.of(batch("test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"))));

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
    private final CacheLock lock = new CacheLock();
    private final Downloader downloader;

    /**
     * Creates the provider.
     *
     * @param config where the archive is fetched from
     */
    @Activate
    public Cifar10Provider(Config config) {
        this(List.of(config.mirrors()), OFFICIAL, Duration.ofSeconds(30));
    }

    Cifar10Provider(List<String> mirrors, Archive archive, Duration patience) {
        this.archive = archive;
        this.downloader = new Downloader(mirrors, lock, patience);
    }

    private static PublishedFile batch(String name, String md5) {
        return new PublishedFile(name, 10_000L * RECORD, md5);
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
                : openCache(batches, source);
    }

    private Dataset openDirectory(List<PublishedFile> batches, Path directory) throws IOException {
        String remedy =
                "unpack the original "
                        + archive.file().name()
                        + " from "
                        + downloader.home()
                        + " there, or give no --data to have it fetched";
        Path folder =
                UserFolder.find(
                        directory,
                        List.of(FOLDER, "cifar10/" + FOLDER, "", "cifar10"),
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

    private Dataset openCache(List<PublishedFile> batches, DatasetSource source)
            throws IOException {
        Path cache = source.cache().resolve("cifar10");
        Path folder = cache.resolve(FOLDER);
        if (!areIn(folder, batches)) {
            fetch(cache, source);
        }
        return read(batches, folder, "delete it, and it is fetched again");
    }

    private void fetch(Path cache, DatasetSource source) throws IOException {
        List<PublishedFile> all =
                archive.batches().values().stream().flatMap(List::stream).toList();
        Path folder = cache.resolve(FOLDER);
        lock.hold(
                cache,
                "cifar10",
                source.progress(),
                () -> {
                    // Another process may have done all of it meanwhile.
                    if (!areIn(folder, all)) {
                        Path packed = cache.resolve(archive.file().name());
                        // What another one of the same size unpacks to is anybody's guess.
                        if (!archive.file().isIn(cache) || !archive.file().isContentOf(packed)) {
                            Files.deleteIfExists(packed);
                            downloader.fetch(archive.file(), cache, source);
                        }
                        unpack(packed, all, Files.createDirectories(folder), source.progress());
                        Files.delete(packed);
                    }
                });
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
                                    PublishedFile.complete(part, folder.resolve(name));
                                }
                            });
        }
    }

    private static boolean areIn(Path folder, List<PublishedFile> batches) throws IOException {
        for (PublishedFile batch : batches) {
            if (!batch.isIn(folder)) {
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
            byte[] content = batch.read(file, remedy);
            for (int start = 0; start < content.length; start += RECORD) {
                labels[image] = content[start];
                System.arraycopy(content, start + 1, pixels, image * PIXELS, PIXELS);
                image++;
            }
        }
        return new PixelDataset(IMAGE, pixels, labels);
    }
}
