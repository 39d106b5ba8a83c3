package org.deepdefense.engine.internal.network;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
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
     * @return the network, to be closed by the caller
     * @throws DeepDefenseException if there is no such network, its file is damaged, or it does not
     *     fit the data set
     */
    public LoadedNetwork load(NetworkSource source, Shape imageShape, int classes) {
        NDManager manager = NDManager.newBaseManager();
        boolean done = false;
        try {
            LoadedNetwork network = load(source, imageShape, classes, manager);
            checkFit(network, source.toString(), imageShape, classes);
            done = true;
            return network;
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    private LoadedNetwork load(
            NetworkSource source, Shape imageShape, int classes, NDManager manager) {
        if (source instanceof NetworkSource.Saved saved) {
            return saved(store.get(saved.name()), manager);
        }
        if (source instanceof NetworkSource.Weights weights) {
            return withWeights(
                    newNetwork(weights.model(), 0, Normalization.IDENTITY, manager),
                    weights.file());
        }
        if (source instanceof NetworkSource.ModelFile imported) {
            return imported(imported.file(), imageShape, classes, manager);
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

    private LoadedNetwork newNetwork(
            String model, long seed, Normalization normalization, NDManager manager) {
        PluginUse<ModelProvider> use = catalog.model(model);
        return use.call(
                () -> {
                    ModelProvider provider = use.service();
                    Block block = provider.newBlock();
                    Initialization.initialize(
                            block, manager, provider.inputShape(), normalization.scale(), seed);
                    return new LoadedNetwork(
                            manager,
                            model,
                            Optional.empty(),
                            block,
                            provider.inputShape(),
                            provider.classes(),
                            normalization.copy(manager));
                });
    }

    private LoadedNetwork saved(NetworkRecord record, NDManager manager) {
        Optional<Path> modelFile = store.modelFile(record.name());
        Shape shape = new Shape(record.inputShape().stream().mapToLong(Long::longValue).toArray());
        LoadedNetwork network =
                modelFile.isPresent()
                        ? imported(modelFile.get(), shape, record.classes(), manager)
                        : newNetwork(record.model(), 0, Normalization.IDENTITY, manager);
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
            throw unreadable(file, e);
        }
    }

    private LoadedNetwork imported(Path file, Shape imageShape, int classes, NDManager manager) {
        if (!Files.isRegularFile(file)) {
            throw new DeepDefenseException("There is no file " + file, "name an existing file");
        }
        PluginUse<ModelFormat> format = format(file);
        Block block = format.call(() -> load(format.service(), file, manager));
        LoadedNetwork network =
                new LoadedNetwork(
                        manager,
                        file.getFileName().toString(),
                        Optional.of(file),
                        block,
                        imageShape,
                        classes,
                        Normalization.IDENTITY);
        checkOutput(network, file);
        return network;
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

    private static Block load(ModelFormat format, Path file, NDManager manager) {
        try {
            return format.load(file, manager);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Only a trial tells what an imported network takes and gives. */
    private static void checkOutput(LoadedNetwork network, Path file) {
        Shape batch = new Shape(2).addAll(network.inputShape());
        Shape expected = new Shape(2, network.classes());
        try (NDManager scratch = network.manager().newSubManager()) {
            NDList input = new NDList(scratch.zeros(batch));
            NDList output =
                    Autograd.recording(
                            false,
                            () ->
                                    network.block()
                                            .forward(
                                                    new ParameterStore(scratch, false),
                                                    input,
                                                    false));
            if (output.size() != 1 || !output.head().getShape().equals(expected)) {
                throw new DeepDefenseException(
                        "For two images of shape %s %s gives %s instead of logits of shape %s"
                                .formatted(
                                        network.inputShape(),
                                        file,
                                        Arrays.toString(output.getShapes()),
                                        expected),
                        "use a data set with the images and classes that the network was made for");
            }
        } catch (EngineException e) {
            throw new DeepDefenseException(
                    file + " does not take images of shape " + network.inputShape(),
                    "use a data set with the images that the network was made for",
                    e);
        }
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

    private static DeepDefenseException unreadable(Path file, IOException error) {
        return new DeepDefenseException(
                file + " can't be read (" + error.getMessage() + ")",
                "check the file and its permissions",
                error);
    }
}
