package org.deepdefense.engine.internal.network;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.registry.Registry;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The network architectures and file formats that are registered at this moment. */
@Component(service = Architectures.class)
public final class Architectures {

    private final Registry<ModelProvider> models = new Registry<>("model");
    private final Registry<ModelFormat> formats = new Registry<>("model format");

    /** Starts with none; services are bound afterwards. */
    @Activate
    public Architectures() {}

    /**
     * Adds an architecture.
     *
     * @param model the service
     * @param properties its service properties
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeModel")
    public void addModel(ModelProvider model, Map<String, ?> properties) {
        models.add(model, properties);
    }

    /**
     * Removes an architecture.
     *
     * @param model the service
     */
    public void removeModel(ModelProvider model) {
        models.remove(model);
    }

    /**
     * Adds a file format.
     *
     * @param format the service
     * @param properties its service properties
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeFormat")
    public void addFormat(ModelFormat format, Map<String, ?> properties) {
        formats.add(format, properties);
    }

    /**
     * Removes a file format.
     *
     * @param format the service
     */
    public void removeFormat(ModelFormat format) {
        formats.remove(format);
    }

    /**
     * Returns an architecture.
     *
     * @param name its name
     * @return the architecture
     * @throws DeepDefenseException if there is none; the message has the names that there are
     */
    public ModelProvider model(String name) {
        return models.get(name);
    }

    /**
     * Returns the format of a file.
     *
     * @param file the file
     * @return the format
     * @throws DeepDefenseException if there is none; the message has the formats that there are
     */
    public ModelFormat format(Path file) {
        return formats.all().stream()
                .filter(format -> format.accepts(file))
                .findFirst()
                .orElseThrow(
                        () ->
                                new DeepDefenseException(
                                        file + " has no known format of whole networks",
                                        "name a file of "
                                                + formats.all().stream()
                                                        .map(ModelFormat::name)
                                                        .collect(Collectors.joining(" or "))
                                                + ", or a model and a file of weights"));
    }
}
