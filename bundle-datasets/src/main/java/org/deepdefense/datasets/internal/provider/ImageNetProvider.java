// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetPlugin;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.format.InputFiles;
import org.deepdefense.datasets.internal.image.CentreCrop;
import org.deepdefense.datasets.internal.image.ImageFiles;
import org.deepdefense.datasets.internal.image.RgbImage;
import org.osgi.service.component.annotations.Component;

/**
 * ImageNet, the images of the Large Scale Visual Recognition Challenge 2012 (O. Russakovsky et al.,
 * "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015): photographs of any size in 1000
 * classes, brought to 3×224×224 (red, green, blue; the shorter side resized to 256, the centre
 * cropped), pixels in [0, 1].
 *
 * <p>The photographs are in folders named by the WordNet id of their class, below {@code val} or
 * {@code train}; line k of {@code synset_words.txt} has the id and the name of class k. They are
 * read as they are needed. Their order is the first of each class, then the second of each, so that
 * a limit takes as many classes as it can. Nothing is fetched: ImageNet is given to those who
 * accept its terms.
 */
@Component(service = DatasetProvider.class, configurationPid = "deepdefense.dataset.imagenet")
@DatasetPlugin(
        name = "imagenet",
        description = "ImageNet (ILSVRC 2012) photographs, 3x224x224 in 1000 classes; not fetched")
public final class ImageNetProvider implements DatasetProvider {

    private static final int CLASSES = 1000;
    private static final String NAMES = "synset_words.txt";

    /** How large the file of names may be in bytes; as it is known, it has 32 thousand. */
    private static final int MAX_NAMES_BYTES = 1 << 20;

    private static final CentreCrop CROP = new CentreCrop(256, 224);
    private static final Set<String> EXTENSIONS = Set.of("jpeg", "jpg", "png");

    private static final String REMEDY =
            "get ILSVRC 2012 from https://image-net.org/download, put its images into"
                    + " DIR/imagenet/val/WNID/ (and train/WNID/) with one folder for each class and"
                    + " the 1000 lines \"WNID name\" into DIR/imagenet/"
                    + NAMES
                    + ", and give --data DIR";

    @Override
    public Shape imageShape() {
        return new Shape(RgbImage.CHANNELS, CROP.size(), CROP.size());
    }

    /** Returns numbers: the names are in the files of the data set. */
    @Override
    public List<String> classNames() {
        return IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    }

    @Override
    public Dataset open(Split split, DatasetSource source) throws IOException {
        Path directory =
                source.directory()
                        .orElseThrow(
                                () ->
                                        new DeepDefenseException(
                                                "ImageNet can't be fetched, as its terms must be"
                                                        + " accepted",
                                                REMEDY));
        String part = split == Split.TRAIN ? "train" : "val";
        Path home =
                Stream.of(directory.resolve("imagenet"), directory)
                        .filter(folder -> Files.isDirectory(folder.resolve(part)))
                        .findFirst()
                        .orElseThrow(() -> missing(directory, part));
        Map<String, String> classes = classes(home.resolve(NAMES));
        List<ImageFiles.Labelled> images = images(home.resolve(part), classes.keySet());
        return new ImageFiles(images, List.copyOf(classes.values()), CROP);
    }

    private static DeepDefenseException missing(Path directory, String part) {
        return new DeepDefenseException(
                "There is no folder "
                        + directory.resolve("imagenet").resolve(part)
                        + ", nor "
                        + directory.resolve(part),
                REMEDY);
    }

    /** Reads the classes: their names by their ids, in the order of their labels. */
    private static Map<String, String> classes(Path file) throws IOException {
        if (!InputFiles.exists(file)) {
            throw new DeepDefenseException(file + " is missing", REMEDY);
        }
        Map<String, String> names = new LinkedHashMap<>();
        byte[] content;
        try {
            content = InputFiles.read(file, MAX_NAMES_BYTES);
        } catch (IOException e) {
            throw new DeepDefenseException(
                    file + " can't be read (" + InputFiles.reason(e) + ")", REMEDY, e);
        }
        for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
            String[] parts = line.strip().split("\\s+", 2);
            if (parts.length == 2 && names.putIfAbsent(parts[0], parts[1]) == null) {
                continue;
            }
            throw new DeepDefenseException(
                    "Line "
                            + (names.size() + 1)
                            + " of "
                            + file
                            + ", \""
                            + line
                            + "\", is not a new id and its name",
                    "write lines like \"n01440764 tench, Tinca tinca\", one for each class in the"
                            + " order of the network's outputs");
        }
        if (names.size() != CLASSES) {
            throw new DeepDefenseException(
                    file + " has " + names.size() + " lines, expected " + CLASSES,
                    "write one for each class in the order of the network's outputs");
        }
        return names;
    }

    private static List<ImageFiles.Labelled> images(Path folder, Collection<String> ids)
            throws IOException {
        Set<String> folders = folders(folder);
        for (String name : folders) {
            if (!ids.contains(name)) {
                throw new DeepDefenseException(
                        "The folder " + folder.resolve(name) + " is not named by an id of " + NAMES,
                        "take it away, or add its class to that file");
            }
        }
        List<List<Path>> byClass = new ArrayList<>();
        for (String id : ids) {
            byClass.add(folders.contains(id) ? files(folder.resolve(id)) : List.of());
        }
        List<ImageFiles.Labelled> images = new ArrayList<>();
        int most = byClass.stream().mapToInt(List::size).max().orElse(0);
        for (int rank = 0; rank < most; rank++) {
            for (int label = 0; label < byClass.size(); label++) {
                if (rank < byClass.get(label).size()) {
                    images.add(new ImageFiles.Labelled(byClass.get(label).get(rank), label));
                }
            }
        }
        if (images.isEmpty()) {
            throw new DeepDefenseException(
                    "There are no images of the types "
                            + String.join(", ", EXTENSIONS.stream().sorted().toList())
                            + " in folders of "
                            + folder,
                    REMEDY);
        }
        return images;
    }

    private static Set<String> folders(Path folder) throws IOException {
        return list(folder).stream()
                .filter(Files::isDirectory)
                .map(entry -> entry.getFileName().toString())
                .filter(name -> !name.startsWith("."))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Lists a class's files by name, which does not depend on the file system. */
    private static List<Path> files(Path folder) throws IOException {
        return list(folder).stream()
                .filter(file -> isImage(file.getFileName().toString()))
                .sorted()
                .toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (FileSystemException e) {
            throw new DeepDefenseException(
                    "The folder " + folder + " can't be read (" + InputFiles.reason(e) + ")",
                    "check who may read it",
                    e);
        }
    }

    private static boolean isImage(String name) {
        // Copies between systems leave hidden files of the same name.
        return !name.startsWith(".")
                && EXTENSIONS.contains(
                        name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
