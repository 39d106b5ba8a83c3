// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.NetworkSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Brings networks into memory, wherever they come from. */
@Component(service = NetworkLoader.class)
public final class NetworkLoader {

    private final PluginCatalog catalog;
    private final NetworkStore store;

    /**
     * Creates a loader.
     *
     * @param catalog the registered architectures and file formats
     * @param store the saved networks
     */
    @Activate
    public NetworkLoader(@Reference PluginCatalog catalog, @Reference NetworkStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /**
     * Loads a network for a data set. One that is untrained gets the weights of seed 0 and takes
     * pixels as they are; {@link #create} gives the choice.
     *
     * @param source where it comes from
     * @param imageShape the shape (C, H, W) of the data set's images
     * @param classes the number of the data set's classes
     * @param warnings takes what makes numbers of this network doubtful
     * @return the network, to be closed by the caller
     * @throws DeepDefenseException if there is no such network, its file is damaged, or it does not
     *     fit the data set
     */
    public LoadedNetwork load(
            NetworkSource source, Shape imageShape, int classes, Consumer<String> warnings) {
        NDManager manager = NDManager.newBaseManager();
        boolean done = false;
        try {
            LoadedNetwork network = load(source, imageShape, classes, manager, warnings);
            checkFit(network, source.toString(), imageShape, classes);
            network.warnings().forEach(warnings);
            done = true;
            return network;
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    private LoadedNetwork load(
            NetworkSource source,
            Shape imageShape,
            int classes,
            NDManager manager,
            Consumer<String> warnings) {
        if (source instanceof NetworkSource.Saved saved) {
            return saved(store.get(saved.name()), manager, warnings);
        }
        if (source instanceof NetworkSource.Weights weights) {
            return withWeights(
                    newNetwork(weights.model(), 0, Normalization.IDENTITY, manager),
                    weights.file());
        }
        if (source instanceof NetworkSource.ModelFile imported) {
            return imported(source.toString(), imported.file(), imageShape, classes, manager);
        }
        return newNetwork(
                ((NetworkSource.Untrained) source).model(), 0, Normalization.IDENTITY, manager);
    }

    /**
     * Creates a network with random weights.
     *
     * @param model the name of the architecture
     * @param seed what the weights depend on, and nothing else
     * @param normalization what happens to pixels first; its mean is copied
     * @return the network, to be closed by the caller
     * @throws DeepDefenseException if there is no such architecture
     */
    public LoadedNetwork create(String model, long seed, Normalization normalization) {
        NDManager manager = NDManager.newBaseManager();
        boolean done = false;
        try {
            LoadedNetwork network = newNetwork(model, seed, normalization, manager);
            done = true;
            return network;
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    /**
     * Makes another network with the same architecture, normalisation and weights.
     *
     * @param network the network, which is left as it is
     * @return the copy, to be closed by the caller
     * @throws DeepDefenseException if its architecture or its file is gone
     */
    public LoadedNetwork copyOf(LoadedNetwork network) {
        NDManager manager = NDManager.newBaseManager();
        boolean done = false;
        try {
            LoadedNetwork copy =
                    network.modelFile().isPresent()
                            ? imported(
                                            network.model(),
                                            network.modelFile().get(),
                                            network.inputShape(),
                                            network.classes(),
                                            manager)
                                    .normalizedBy(network.normalization())
                            : newNetwork(network.model(), 0, network.normalization(), manager);
            copy.setWeights(network.weights(), network.model());
            done = true;
            return copy;
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    private LoadedNetwork newNetwork(
            String model, long seed, Normalization normalization, NDManager manager) {
        PluginUse<ModelProvider> use = catalog.model(model);
        return use.call(
                () -> {
                    ModelProvider provider = use.service();
                    Block block = provider.newBlock();
                    Shape shape = provider.inputShape();
                    Initialization.initialize(block, manager, shape, normalization.scale(), seed);
                    return new LoadedNetwork(
                            manager,
                            model,
                            Optional.empty(),
                            block,
                            shape,
                            provider.classes(),
                            normalization.copy(manager),
                            NetworkProbe.examine(model, block, shape, provider.classes(), manager));
                });
    }

    private LoadedNetwork saved(
            NetworkRecord record, NDManager manager, Consumer<String> warnings) {
        Optional<Path> modelFile = store.modelFile(record.name());
        Shape shape = new Shape(record.inputShape().stream().mapToLong(Long::longValue).toArray());
        LoadedNetwork network =
                modelFile.isPresent()
                        ? imported(record.name(), modelFile.get(), shape, record.classes(), manager)
                        : newNetwork(record.model(), 0, Normalization.IDENTITY, manager);
        if (modelFile.isPresent() && !network.checksum().equals(record.checksum())) {
            warnings.accept(
                    modelFile.get()
                            + " has other weights than "
                            + record.name()
                            + " was saved with, so that it is not the network that is measured:"
                            + " defend and save it again before it is used elsewhere");
        }
        Path file = store.weightsFile(record.name());
        LoadedNetwork loaded = withWeights(network.called(record.model()), file);
        if (!loaded.checksum().equals(record.checksum())) {
            throw new DeepDefenseException(
                    file + " has another checksum than its record",
                    "restore the file, or delete the network and train it again");
        }
        return loaded;
    }

    private LoadedNetwork withWeights(LoadedNetwork network, Path file) {
        try (NDManager scratch = network.manager().newSubManager()) {
            Map<String, NDArray> arrays =
                    Npz.read(
                            file,
                            scratch,
                            shapes ->
                                    Weights.checkShapes(
                                            shapes, network.parameters(), file.toString()));
            Normalization normalization =
                    Weights.takeNormalization(
                            arrays, network.parameters(), network.inputShape(), file.toString());
            network.setWeights(arrays, file.toString());
            return network.normalizedBy(normalization);
        } catch (IOException e) {
            throw ImportedModel.unreadable(file, e);
        }
    }

    private LoadedNetwork imported(
            String name, Path file, Shape imageShape, int classes, NDManager manager) {
        if (!Files.isRegularFile(file)) {
            throw new DeepDefenseException("There is no file " + file, "name an existing file");
        }
        ImportedModel model = new ImportedModel(file, format(file));
        Block block = model.load(manager);
        return new LoadedNetwork(
                manager,
                file.getFileName().toString(),
                Optional.of(model),
                block,
                imageShape,
                classes,
                Normalization.IDENTITY,
                NetworkProbe.examine(name, block, imageShape, classes, manager));
    }

    private PluginUse<ModelFormat> format(Path file) {
        List<PluginUse<ModelFormat>> formats = catalog.formats();
        return formats.stream()
                .filter(format -> format.call(() -> format.service().accepts(file)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new DeepDefenseException(
                                        file + " has the name of no known format of networks",
                                        "name a file of "
                                                + formats.stream()
                                                        .map(format -> format.service().name())
                                                        .collect(Collectors.joining(" or "))
                                                + ", or a model and a file of weights"));
    }

    private static void checkFit(
            LoadedNetwork network, String name, Shape imageShape, int classes) {
        if (!network.inputShape().equals(imageShape) || network.classes() != classes) {
            throw new DeepDefenseException(
                    "%s takes images of shape %s in %d classes, the data set has %s in %d"
                            .formatted(
                                    name,
                                    network.inputShape(),
                                    network.classes(),
                                    imageShape,
                                    classes),
                    "choose a model and a data set that fit");
        }
    }
}
