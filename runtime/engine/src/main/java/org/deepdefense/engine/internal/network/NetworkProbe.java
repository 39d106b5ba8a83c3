package org.deepdefense.engine.internal.network;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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
        Answer two = first(2);
        Answer one = two.given() ? ask(upTo(1), two.type()) : first(1);
        Answer found = two.given() ? two : one;
        OptionalInt batch = OptionalInt.empty();
        String reason = "";
        if (!found.given()) {
            batch = fixedBatch(List.of(two, one));
            if (batch.isEmpty()) {
                throw misfit(two);
            }
            found = first(batch.getAsInt());
            reason = two.reason();
        } else {
            Answer three = ask(upTo(MOST), found.type());
            for (Answer answer : List.of(one, two, three)) {
                if (!answer.given()) {
                    batch = OptionalInt.of(one.given() ? 1 : 2);
                    reason = answer.reason();
                }
            }
        }
        AdaptedBlock adapted = new AdaptedBlock(block, classes, found.type(), batch, owner);
        boolean squeezed = one.given() && one.logits().orElseThrow().getShape().dimension() == 1;
        boolean random = isRandom(adapted);
        return new Finding(
                adapted,
                new NetworkTraits(
                        name,
                        found.type(),
                        batch,
                        reason,
                        squeezed,
                        random,
                        !random && isMixing(adapted, batch),
                        isBroadcasting(found.type(), batch.orElse(1)),
                        noGradient(adapted)));
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

    private boolean isRandom(Block adapted) {
        return !logits(adapted, 0, 1).equals(logits(adapted, 0, 1));
    }

    private boolean isMixing(Block adapted, OptionalInt batch) {
        if (batch.orElse(0) == 1) {
            return false;
        }
        // Padding repeats the last image, so that batches of a fixed size differ too.
        try (NDArray alone = logits(adapted, 0).get(new NDIndex("0"));
                NDArray among = logits(adapted, 0, 1, 2).get(new NDIndex("0"));
                NDArray difference = alone.sub(among)) {
            float largest = alone.abs().max().getFloat();
            return difference.abs().max().getFloat() > TOLERANCE * largest;
        }
    }

    private NDArray logits(Block adapted, int... numbers) {
        return adapted.forward(
                        new ParameterStore(manager, false), new NDList(images(numbers)), false)
                .singletonOrThrow();
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

    private Optional<String> noGradient(Block adapted) {
        return Autograd.recording(
                true,
                () -> {
                    NDArray images = images(0, 1);
                    images.setRequiresGradient(true);
                    try {
                        NDArray logits =
                                adapted.forward(
                                                new ParameterStore(manager, false),
                                                new NDList(images),
                                                false)
                                        .singletonOrThrow();
                        autograd.product(logits, images, logits.onesLike(), false).close();
                        return Optional.empty();
                    } catch (EngineException e) {
                        return Optional.of(EngineErrors.reason(e));
                    }
                });
    }

    @Override
    public void close() {
        autograd.close();
    }
}
