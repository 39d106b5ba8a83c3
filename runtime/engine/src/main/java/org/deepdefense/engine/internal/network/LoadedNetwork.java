// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.work.Checksums;

/** A network in memory, and the owner of its arrays. */
public final class LoadedNetwork implements AutoCloseable {

    /** Names of the normalisation's arrays in a file of weights. */
    static final String SCALE = "scale";

    static final String MEAN = "mean";

    private static final NDIndex EVERYTHING = new NDIndex("...");

    private final NDManager manager;
    private final String model;
    private final Optional<ImportedModel> imported;
    private final Block block;
    private final Shape inputShape;
    private final int classes;
    private final Normalization normalization;
    private final Map<String, Parameter> parameters;
    private final NetworkProbe.Finding finding;

    /**
     * Takes charge of a network.
     *
     * @param manager the owner of the arrays of the block and the normalisation; it is closed with
     *     this network
     * @param model the name of the architecture or of the file that it was imported from
     * @param imported where it was imported from, if it was
     * @param block takes normalised images (N, C, H, W), gives logits (N, K); it is initialized
     * @param inputShape the shape (C, H, W) of one image
     * @param classes K
     * @param normalization what happens to pixels first
     * @param finding what the block was found to be
     */
    LoadedNetwork(
            NDManager manager,
            String model,
            Optional<ImportedModel> imported,
            Block block,
            Shape inputShape,
            int classes,
            Normalization normalization,
            NetworkProbe.Finding finding) {
        this.manager = manager;
        this.model = model;
        this.imported = imported;
        this.block = block;
        this.inputShape = inputShape;
        this.classes = classes;
        this.normalization = normalization;
        this.parameters = ParameterPaths.of(block);
        this.finding = finding;
    }

    /**
     * Returns the manager that owns the arrays of the network and is closed with it.
     *
     * @return the manager
     */
    public NDManager manager() {
        return manager;
    }

    /**
     * Returns what the network is.
     *
     * @return the name of the architecture, or of the file that it was imported from
     */
    public String model() {
        return model;
    }

    /**
     * Returns the file that holds the architecture of an imported network.
     *
     * @return the file, or nothing for a registered architecture
     */
    public Optional<Path> modelFile() {
        return imported.map(ImportedModel::file);
    }

    /**
     * Returns where the network was imported from.
     *
     * @return the file and its format, or nothing for a registered architecture
     */
    Optional<ImportedModel> imported() {
        return imported;
    }

    /**
     * Returns the block that holds the parameters.
     *
     * @return the block as it was made; {@link #adapted} computes with it
     */
    public Block block() {
        return block;
    }

    /**
     * Returns the network as something that can be relied on, without its normalisation.
     *
     * @return a block that takes any number of normalised images (N, C, H, W) in float32, which it
     *     leaves as they are, and gives logits (N, K) in float32
     */
    public Block adapted() {
        return finding.adapted();
    }

    /**
     * Returns what was found when the network was loaded and makes numbers doubtful.
     *
     * @return sentences
     */
    public List<String> warnings() {
        return finding.traits().warnings();
    }

    /**
     * Tells whether attacks that use gradients can work.
     *
     * @return whether the logits have a gradient to the images
     */
    public boolean hasGradient() {
        return finding.traits().differentiable();
    }

    /**
     * Checks that the logits have a gradient to the images.
     *
     * @param who what needs it, such as {@code attack "pgd"}
     * @throws DeepDefenseException if they have none, with the reason
     */
    public void requireGradient(String who) {
        finding.traits().requireGradient(who);
    }

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    public Shape inputShape() {
        return inputShape;
    }

    /**
     * Returns the number of classes.
     *
     * @return K
     */
    public int classes() {
        return classes;
    }

    /**
     * Returns what happens to pixels first.
     *
     * @return the normalisation; its mean belongs to this network
     */
    public Normalization normalization() {
        return normalization;
    }

    /**
     * Returns all parameters, those that are not trained too.
     *
     * @return parameters by path, in the order of the block
     */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    /**
     * Returns the parameters that training changes.
     *
     * @return parameters by path, in the order of the block
     */
    public Map<String, Parameter> trainableParameters() {
        Map<String, Parameter> trainable = new LinkedHashMap<>();
        parameters.forEach(
                (path, parameter) -> {
                    if (parameter.requiresGradient()) {
                        trainable.put(path, parameter);
                    }
                });
        return trainable;
    }

    /**
     * Returns the arrays of the parameters themselves.
     *
     * @return arrays by path, in the order of the block; they belong to this network
     */
    public Map<String, NDArray> weights() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((path, parameter) -> arrays.put(path, parameter.getArray()));
        return arrays;
    }

    /**
     * Returns the arrays of which means can be taken: weights, and whatever else changes with them,
     * such as running means.
     *
     * @return arrays of floating point by path, in the order of the block
     */
    public Map<String, NDArray> floatingWeights() {
        Map<String, NDArray> arrays = weights();
        arrays.values().removeIf(array -> !array.getDataType().isFloating());
        return arrays;
    }

    /**
     * Returns all that belongs into a file of weights: parameters and normalisation.
     *
     * @param owner the owner of arrays that have to be made
     * @return arrays by name, in the order of the block
     */
    Map<String, NDArray> contents(NDManager owner) {
        Map<String, NDArray> arrays = weights();
        if (normalization.scale() != 1 || normalization.mean().isPresent()) {
            put(arrays, SCALE, owner.create(normalization.scale()));
        }
        normalization.mean().ifPresent(mean -> put(arrays, MEAN, mean));
        return arrays;
    }

    private void put(Map<String, NDArray> arrays, String name, NDArray array) {
        if (arrays.put(name, array) != null) {
            throw new DeepDefenseException(
                    "A parameter of " + model + " is called " + name + " like the normalisation's",
                    "give it another name in the architecture");
        }
    }

    /**
     * Overwrites the parameters in place.
     *
     * @param arrays an array for each parameter, by path
     * @param origin where they come from, for messages
     * @throws DeepDefenseException if one is missing, too many, of another shape or not finite
     */
    public void setWeights(Map<String, NDArray> arrays, String origin) {
        Weights.check(arrays, parameters, origin);
        Autograd.withoutRecording(
                () ->
                        parameters.forEach(
                                (path, parameter) ->
                                        overwrite(parameter.getArray(), arrays.get(path))));
    }

    /**
     * Overwrites the numbers of an array. (DJL's {@code copyTo} would give the target other storage
     * instead of other values.) No graph may be recorded.
     *
     * @param target what to overwrite
     * @param source an array of its shape
     */
    public static void overwrite(NDArray target, NDArray source) {
        try (NDArray values = source.toType(target.getDataType(), true)) {
            target.set(EVERYTHING, values);
        }
    }

    /**
     * Returns a fingerprint of the weights: names, types, shapes and values of the parameters and
     * the normalisation.
     *
     * @return {@code sha256:} and 64 hexadecimal digits
     */
    public String checksum() {
        MessageDigest digest = Checksums.sha256();
        try (NDManager scratch = manager.newSubManager()) {
            contents(scratch)
                    .forEach(
                            (name, array) -> {
                                String head =
                                        name + array.getDataType().asNumpy() + array.getShape();
                                digest.update(head.getBytes(StandardCharsets.UTF_8));
                                digest.update(ByteBuffer.wrap(array.toByteArray()));
                            });
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Returns the same network with the arrays of another normalisation copied into it. */
    LoadedNetwork normalizedBy(Normalization other) {
        return new LoadedNetwork(
                manager, model, imported, block, inputShape, classes, other.copy(manager), finding);
    }

    /** Returns the same network by the name of its architecture. */
    LoadedNetwork called(String architecture) {
        return new LoadedNetwork(
                manager,
                architecture,
                imported,
                block,
                inputShape,
                classes,
                normalization,
                finding);
    }
}
