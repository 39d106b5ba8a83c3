// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Autograd;
import org.deepdefense.djl.EngineErrors;

/**
 * Finds out what a network is by some small batches of images: only a trial tells what it takes and
 * gives.
 */
final class NetworkProbe implements AutoCloseable {

    /** How far an answer may move with the batch in float arithmetic, of the largest logit. */
    private static final float TOLERANCE = 1e-3f;

    private static final int MOST = 3;

    /** Spreads pixels evenly over the interval from 0 to 1, which any bounds contain. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** PyTorch's words for a shape that is fixed: {@code shape '[8, 784]' is invalid}. */
    private static final Pattern FIXED = Pattern.compile("shape '\\[(\\d+)[,\\]]");

    private static final int LARGEST_BATCH = 1024;

    private final String name;
    private final Block block;
    private final Shape imageShape;
    private final int classes;
    private final NDManager manager;
    private final Autograd autograd = new Autograd();

    private NetworkProbe(
            String name, Block block, Shape imageShape, int classes, NDManager manager) {
        this.name = name;
        this.block = block;
        this.imageShape = imageShape;
        this.classes = classes;
        this.manager = manager;
    }

    /**
     * What came of an examination.
     *
     * @param adapted the network as it can be used
     * @param traits what was found
     */
    record Finding(AdaptedBlock adapted, NetworkTraits traits) {}

    /** What came of a batch: logits, or why there are none. */
    private record Answer(Optional<NDArray> logits, DataType type, String reason) {

        boolean given() {
            return logits.isPresent();
        }
    }

    /**
     * Examines a network.
     *
     * @param name what users call it
     * @param block takes images (N, C, H, W) and gives logits (N, K)
     * @param imageShape the shape (C, H, W) of one image
     * @param classes K
     * @param owner the owner of the network
     * @return the network as it can be used, and what was found
     * @throws DeepDefenseException if it does not take such images or does not give such logits
     */
    static Finding examine(
            String name, Block block, Shape imageShape, int classes, NDManager owner) {
        try (NDManager scratch = owner.newSubManager();
                NetworkProbe probe = new NetworkProbe(name, block, imageShape, classes, scratch)) {
            return Autograd.recording(false, () -> probe.examine(owner));
        }
    }

    private Finding examine(NDManager owner) {
        checkTypes();
        Answer two = first(2);
        Answer one = two.given() ? ask(upTo(1), two.type()) : first(1);
        Answer found = one.given() ? one : two;
        if (!found.given()) {
            int size = fixedBatch(List.of(two, one)).orElseThrow(() -> misfit(two));
            return finding(first(size), OptionalInt.of(size), two.reason(), false, owner);
        }
        Answer three = ask(upTo(MOST), found.type());
        Optional<Answer> refused =
                Stream.of(one, two, three).filter(answer -> !answer.given()).findFirst();
        if (refused.isPresent()) {
            OptionalInt size = OptionalInt.of(one.given() ? 1 : 2);
            return finding(found, size, refused.get().reason(), false, owner);
        }
        return finding(found, OptionalInt.empty(), "", isMixing(one, three), owner);
    }

    private Finding finding(
            Answer found, OptionalInt batch, String reason, boolean mixing, NDManager owner) {
        AdaptedBlock adapted = new AdaptedBlock(block, classes, found.type(), batch, owner);
        NDArray logits = found.logits().orElseThrow();
        boolean random = isRandom(found);
        return new Finding(
                adapted,
                new NetworkTraits(
                        name,
                        found.type(),
                        batch,
                        reason,
                        logits.getShape().dimension() == 1,
                        random,
                        mixing && !random,
                        isBroadcasting(found.type(), batch.orElse(1)),
                        hasGradient(adapted)));
    }

    private void checkTypes() {
        ParameterPaths.of(block)
                .forEach(
                        (path, parameter) -> {
                            if (parameter.getArray().getDataType() == DataType.BFLOAT16) {
                                throw new DeepDefenseException(
                                        name + " has weights in bfloat16, such as " + path,
                                        "export it in float32, with model.float()");
                            }
                        });
    }

    /** Asks in the types in which a network may compute, and returns the first answer. */
    private Answer first(int count) {
        Set<DataType> types = new LinkedHashSet<>();
        types.add(DataType.FLOAT32);
        for (Parameter parameter : ParameterPaths.of(block).values()) {
            if (parameter.getArray().getDataType().isFloating()) {
                types.add(parameter.getArray().getDataType());
            }
        }
        types.add(DataType.FLOAT64);
        types.add(DataType.FLOAT16);
        List<Answer> answers = new ArrayList<>();
        for (DataType type : types) {
            Answer answer = ask(upTo(count), type);
            if (answer.given()) {
                return answer;
            }
            answers.add(answer);
        }
        return answers.get(0);
    }

    private Answer ask(NDArray images, DataType type) {
        long count = images.getShape().get(0);
        NDList output;
        try (NDArray own = images.duplicate().toType(type, false)) {
            output = block.forward(new ParameterStore(manager, false), new NDList(own), false);
        } catch (EngineException | IllegalArgumentException | IllegalStateException e) {
            return new Answer(Optional.empty(), type, EngineErrors.reason(e));
        }
        Shape expected = new Shape(count, classes);
        if (output.size() != 1
                || !withoutOnes(output.head().getShape()).equals(withoutOnes(expected))) {
            return new Answer(
                    Optional.empty(),
                    type,
                    "for %d images it gives %s instead of logits of shape %s"
                            .formatted(count, Arrays.toString(output.getShapes()), expected));
        }
        return new Answer(Optional.of(output.head()), type, "");
    }

    private static List<Long> withoutOnes(Shape shape) {
        return Arrays.stream(shape.getShape()).filter(size -> size != 1).boxed().toList();
    }

    private NDArray images(int... numbers) {
        int count = numbers.length;
        int pixels = Math.toIntExact(imageShape.size());
        float[] values = new float[count * pixels];
        for (int i = 0; i < values.length; i++) {
            double place = GOLDEN * (1 + i % pixels) + numbers[i / pixels] / (double) LARGEST_BATCH;
            values[i] = (float) (place - Math.floor(place));
        }
        return manager.create(values, new Shape(count).addAll(imageShape));
    }

    private NDArray upTo(int count) {
        return images(IntStream.range(0, count).toArray());
    }

    /** Finds a number that is built into the network, in PyTorch's words or in what it gives. */
    private OptionalInt fixedBatch(List<Answer> refused) {
        for (Answer answer : refused) {
            Matcher matcher = FIXED.matcher(answer.reason());
            while (matcher.find()) {
                int size = Integer.parseInt(matcher.group(1));
                if (size > 2 && size <= LARGEST_BATCH && first(size).given()) {
                    return OptionalInt.of(size);
                }
            }
        }
        return OptionalInt.empty();
    }

    private DeepDefenseException misfit(Answer answer) {
        return new DeepDefenseException(
                "%s does not take images of shape %s in %d classes (%s)"
                        .formatted(name, imageShape, classes, answer.reason()),
                "use a data set with the images and classes that the network was made for");
    }

    private boolean isRandom(Answer answer) {
        NDArray logits = answer.logits().orElseThrow();
        int count = Math.toIntExact(logits.size() / classes);
        return !ask(upTo(count), answer.type()).logits().equals(answer.logits());
    }

    private boolean isMixing(Answer one, Answer three) {
        try (NDArray alone = firstLogits(one);
                NDArray among = firstLogits(three);
                NDArray difference = alone.sub(among)) {
            return largest(difference) > TOLERANCE * largest(alone);
        }
    }

    private NDArray firstLogits(Answer answer) {
        return answer.logits()
                .orElseThrow()
                .toType(DataType.FLOAT32, true)
                .reshape(-1, classes)
                .get(0);
    }

    private static float largest(NDArray array) {
        return array.abs().max().getFloat();
    }

    /**
     * Tells whether one channel is stretched over three by broadcasting.
     *
     * @throws DeepDefenseException if the network's first filters are made for three
     */
    private boolean isBroadcasting(DataType type, int count) {
        if (imageShape.get(0) != 1) {
            return false;
        }
        NDArray grey = upTo(count);
        NDArray colours = grey.concat(grey, 1).concat(grey, 1);
        if (!ask(colours, type).given()) {
            return false;
        }
        Optional<Shape> filters =
                ParameterPaths.of(block).values().stream()
                        .map(parameter -> parameter.getArray().getShape())
                        .filter(shape -> shape.dimension() == 4)
                        .findFirst();
        if (filters.isPresent() && filters.get().get(1) == 3) {
            throw misfit(
                    new Answer(
                            Optional.empty(),
                            type,
                            "it is made for 3 channels, over which PyTorch would stretch one"));
        }
        return true;
    }

    private boolean hasGradient(Block adapted) {
        return Autograd.recording(
                true,
                () -> {
                    NDArray images = upTo(1);
                    images.setRequiresGradient(true);
                    try {
                        NDArray logits =
                                adapted.forward(
                                                new ParameterStore(manager, false),
                                                new NDList(images),
                                                false)
                                        .singletonOrThrow();
                        autograd.product(logits, images, logits.onesLike(), false).close();
                        return true;
                    } catch (EngineException e) {
                        return false;
                    }
                });
    }

    @Override
    public void close() {
        autograd.close();
    }
}
