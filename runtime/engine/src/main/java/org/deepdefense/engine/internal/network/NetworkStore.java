// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.home.Names;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.Networks;
import org.deepdefense.report.internal.json.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Networks in directories of their own: {@code weights.npz}, {@code network.json} and, of an
 * imported network, its file.
 *
 * <p>A network is written beside its place and then moved there. One that it replaces is moved
 * aside for that moment; where a crash left nothing in the place, the one aside counts.
 */
@Component(service = {Networks.class, NetworkStore.class})
public final class NetworkStore implements Networks {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkStore.class);
    private static final String RECORD = "network.json";
    private static final String WEIGHTS = "weights.npz";
    private static final String MODEL = "model";
    private static final String ASIDE = ".old";
    private static final String NEXT = ".next";
    private static final String TRASH = ".trash";

    private final Path directory;
    private final Home home;

    /**
     * Opens the store, and puts right what a process that was killed has left.
     *
     * @param home where networks are kept
     */
    @Activate
    public NetworkStore(@Reference Home home) {
        directory = home.networks();
        this.home = home;
        AtomicFiles.tidying(home, directory, this::tidy);
    }

    @Override
    public List<NetworkRecord> list() {
        List<NetworkRecord> records = new ArrayList<>();
        for (String name : names()) {
            try {
                records.add(read(name));
            } catch (DeepDefenseException e) {
                LOG.warn("A saved network is left out: {}", e.getMessage(), e);
            }
        }
        return List.copyOf(records);
    }

    @Override
    public NetworkRecord get(String name) {
        if (!exists(name)) {
            Set<String> names = names();
            throw new DeepDefenseException(
                    "There is no saved network " + name + " in " + directory,
                    names.isEmpty()
                            ? "train one first, or give a model and a file of weights"
                            : NearestNames.question(name, names)
                                    + "choose one of "
                                    + String.join(", ", names));
        }
        return read(name);
    }

    @Override
    public void delete(String name) {
        get(name);
        AtomicFiles.changing(
                home,
                place(name),
                () -> {
                    // Once more, as another process may have been faster.
                    get(name);
                    Path trash = Files.createTempDirectory(directory, TRASH);
                    for (Path path : List.of(place(name), aside(place(name)))) {
                        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                            Files.move(path, trash.resolve(path.getFileName()));
                        }
                    }
                    AtomicFiles.deleteTree(trash);
                });
    }

    /**
     * Tells whether a network is saved.
     *
     * @param name a name
     * @return whether there is a network of that name
     * @throws DeepDefenseException if the name is not valid
     */
    public boolean exists(String name) {
        return Files.isRegularFile(current(name).resolve(RECORD));
    }

    /**
     * Returns the weights of a network.
     *
     * @param name the name of a saved network
     * @return an {@code .npz} file
     */
    public Path weightsFile(String name) {
        return current(name).resolve(WEIGHTS);
    }

    /**
     * Returns the file of a network that was imported, with the weights that it was saved with.
     *
     * @param name the name of a saved network
     * @return the file, or nothing for a registered architecture
     */
    public Optional<Path> modelFile(String name) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(current(name), MODEL + ".*")) {
            for (Path file : files) {
                return Optional.of(file);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new DeepDefenseException(
                    current(name) + " can't be read (" + e.getMessage() + ")",
                    "check its permissions",
                    e);
        }
    }

    /**
     * Saves a network.
     *
     * @param network the network
     * @param name the name to save it by
     * @param overwrite whether a network of that name may be replaced
     * @param training how it was trained
     * @param parent the network that training started from, if it was not untrained
     * @param metrics what the training reported, an entry an epoch
     * @return the record of the saved network
     * @throws DeepDefenseException if the name is taken or not valid, the weights are not finite,
     *     or the home can't be written; what was saved before is unchanged then
     */
    public NetworkRecord save(
            LoadedNetwork network,
            String name,
            boolean overwrite,
            Provenance training,
            Optional<String> parent,
            List<String> metrics) {
        requireFree(name, overwrite);
        Weights.check(network.weights(), network.parameters(), "the network " + name);
        NetworkRecord record =
                new NetworkRecord(
                        name,
                        network.model(),
                        Arrays.stream(network.inputShape().getShape()).boxed().toList(),
                        network.classes(),
                        network.checksum(),
                        training,
                        parent,
                        metrics);
        AtomicFiles.changing(
                home,
                place(name),
                () -> {
                    // Once more, as another process may have been faster.
                    requireFree(name, overwrite);
                    Path target = AtomicFiles.linked(place(name));
                    Path next =
                            Files.createTempDirectory(
                                    Files.createDirectories(target.getParent()), NEXT);
                    try {
                        fill(next, network, record);
                        moveIntoPlace(next, target);
                    } finally {
                        AtomicFiles.deleteTree(next);
                    }
                });
        return record;
    }

    /**
     * Checks that a network can be saved by a name.
     *
     * @param name the name
     * @param overwrite whether a network of that name may be replaced
     * @throws DeepDefenseException if the name is taken or not valid
     */
    public void requireFree(String name, boolean overwrite) {
        if (exists(name) && !overwrite) {
            throw new DeepDefenseException(
                    "There is a saved network " + name + " already",
                    "choose another name, delete it, or have it replaced (--overwrite)");
        }
    }

    /**
     * Checks that networks can be saved, so that it is known before hours of work.
     *
     * @throws DeepDefenseException if the home can't be written
     */
    public void requireWritable() {
        AtomicFiles.changing(home, directory, () -> AtomicFiles.requireWritable(directory));
    }

    private static void fill(Path target, LoadedNetwork network, NetworkRecord record)
            throws IOException {
        if (network.imported().isPresent()) {
            ImportedModel model = network.imported().get();
            model.write(network.block(), target.resolve(MODEL + "." + model.extension()));
        }
        try (NDManager scratch = network.manager().newSubManager()) {
            AtomicFiles.writeDurably(
                    target.resolve(WEIGHTS),
                    stream -> Npz.write(network.contents(scratch), stream));
        }
        AtomicFiles.writeDurably(
                target.resolve(RECORD),
                stream -> stream.write(Json.write(record).getBytes(StandardCharsets.UTF_8)));
    }

    private static void moveIntoPlace(Path next, Path place) throws IOException {
        Path aside = aside(place);
        if (Files.exists(place)) {
            AtomicFiles.deleteTree(aside);
            Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
        AtomicFiles.deleteTree(aside);
    }

    /**
     * Removes what was being written or deleted, and brings back what was being replaced. Who
     * writes or deletes has the home's lock, so that whoever has it finds only what was left.
     */
    private void tidy() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*")) {
            for (Path file : files) {
                tidy(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void tidy(Path hidden) throws IOException {
        String file = hidden.getFileName().toString();
        Optional<Path> place = asideOf(file).map(hidden::resolveSibling);
        if (place.isPresent() && !Files.exists(place.get())) {
            Files.move(hidden, place.get(), StandardCopyOption.ATOMIC_MOVE);
        } else if (place.isPresent() || file.startsWith(NEXT) || file.startsWith(TRASH)) {
            AtomicFiles.deleteTree(hidden);
        }
    }

    private NetworkRecord read(String name) {
        return RecordFile.read(current(name).resolve(RECORD), name);
    }

    private Set<String> names() {
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString())
                    .map(name -> asideOf(name).orElse(name))
                    .filter(name -> Names.isValid(name) && exists(name))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new DeepDefenseException(
                    directory + " can't be read (" + e.getMessage() + ")",
                    "check its permissions",
                    e);
        }
    }

    private Path place(String name) {
        return directory.resolve(Names.check(name));
    }

    private Path current(String name) {
        Path place = AtomicFiles.linked(place(name));
        Path aside = aside(place);
        return !Files.exists(place) && Files.exists(aside) ? aside : place;
    }

    /** Returns where a network is while it is being replaced. */
    private static Path aside(Path place) {
        return place.resolveSibling("." + place.getFileName() + ASIDE);
    }

    /** Returns the name of the network whose place while being replaced this is. */
    private static Optional<String> asideOf(String file) {
        return file.startsWith(".") && file.endsWith(ASIDE) && file.length() > ASIDE.length()
                ? Optional.of(file.substring(1, file.length() - ASIDE.length()))
                : Optional.empty();
    }
}
