// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * SimBA: tries the directions of an orthonormal basis in a random order, one step forwards and, if
 * that does not make the margin of the logits smaller, one backwards, until the image is
 * adversarial (algorithm 1 of the paper). The basis is that of pixels or of the discrete cosine
 * transform (SimBA-DCT). After T steps ‖δ‖₂ ≤ √T · stepSize times the range of pixels, as long as
 * no direction is used twice. When all directions are used up, they are tried in another order, and
 * steps add up. The score is the margin; the probability that the paper uses stands still in
 * float32 where a network is sure.
 *
 * @see <a href="https://arxiv.org/abs/1905.07121">Guo, Gardner, You, Wilson, Weinberger: Simple
 *     Black-box Adversarial Attacks, ICML 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.simba")
@AttackPlugin(
        name = "simba",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.SCORES,
        description = "greedy steps along random pixels or cosines, without gradients (L2)",
        paper =
                "Guo, Gardner, You, Wilson, Weinberger: Simple Black-box Adversarial Attacks, ICML 2019")
@Designate(ocd = Simba.Parameters.class)
public final class Simba implements MinimumNormAttack<Simba.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack simba")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of directions to try, each one or two queries",
                min = "1")
        int steps() default 10000;

        @AttributeDefinition(
                description =
                        "length of a step, as a multiple of the range of pixels (ε in the paper)",
                min = "0")
        double stepSize() default 0.2;

        @AttributeDefinition(
                description = "whether to step along cosines of the image instead of pixels")
        boolean dct() default false;

        @AttributeDefinition(
                description =
                        "share of the frequencies of each axis to use, the lowest ones (SimBA-DCT;"
                                + " the paper takes 0.125 on ImageNet)",
                min = "0",
                max = "1")
        double frequencies() default 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray margin = Margins.of(classifier.predict(images), criterion);
            Basis basis = Basis.of(images, context.parameters());
            try (State active = new State(images, criterion, context.random(), margin)) {
                double length = context.parameters().stepSize() * classifier.bounds().range();
                Search search = new Search(classifier, basis, length);
                for (int i = 0; i < context.parameters().steps() && !active.isEmpty(); i++) {
                    context.checkCancelled();
                    search.step(active, i);
                    active.write(result, active.moved.get());
                    active.retain(active.margin.get().gte(0));
                }
            }
        }
        return result;
    }

    /** One run. */
    private record Search(Classifier classifier, Basis basis, double stepSize) {

        void step(State active, int step) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                long position = step % basis.size();
                if (position == 0) {
                    NDManager manager = active.images().getManager();
                    NDArray keys = active.random().uniform(manager, new Shape(basis.size()), 0, 1);
                    active.order.set(keys.argSort(1));
                }
                NDArray chosen = active.order.get().get(new NDIndex(":, {}", position));
                NDArray move = basis.directions(chosen).mul(stepSize);
                NDArray from = active.moved.get();
                NDArray margin = active.margin.get();
                Tried forwards = tried(from, move, margin, active.criterion());
                NDArray rows = forwards.better.logicalNot().nonzero().flatten();
                if (!rows.isEmpty()) {
                    NDIndex rest = new NDIndex("{}", rows);
                    Tried backwards =
                            tried(
                                    from.get(rest),
                                    move.get(rest).neg(),
                                    margin.get(rest),
                                    active.criterion().select(rows));
                    forwards.images.set(rest, backwards.images);
                    forwards.margin.set(rest, backwards.margin);
                }
                active.moved.set(forwards.images);
                active.margin.set(forwards.margin);
            }
        }

        /** What became of a step: images and margins that are new where they are better. */
        private record Tried(NDArray images, NDArray margin, NDArray better) {}

        private Tried tried(NDArray from, NDArray move, NDArray margin, Criterion criterion) {
            Bounds bounds = classifier.bounds();
            NDArray moved = from.add(move).clip(bounds.min(), bounds.max());
            NDArray reached = Margins.of(classifier.predict(moved), criterion);
            NDArray better = reached.lt(margin);
            return new Tried(
                    Images.choose(better, moved, from), NDArrays.minimum(reached, margin), better);
        }
    }

    /**
     * An orthonormal basis of the space of images, of products of a channel, a column vector and a
     * row vector.
     *
     * @param channels unit vectors (C, C)
     * @param rows vectors over the height of images (R, H)
     * @param columns vectors over the width of images (S, W)
     */
    private record Basis(NDArray channels, NDArray rows, NDArray columns) {

        static Basis of(NDArray images, Parameters p) {
            NDManager manager = images.getManager();
            Shape shape = images.getShape();
            return new Basis(
                    manager.eye((int) shape.get(1)),
                    vectors(manager, (int) shape.get(2), p),
                    vectors(manager, (int) shape.get(3), p));
        }

        private static NDArray vectors(NDManager manager, int size, Parameters p) {
            if (!p.dct()) {
                return manager.eye(size);
            }
            int count = Math.max(1, (int) Math.ceil(p.frequencies() * size));
            float[][] cosines = new float[count][size];
            for (int k = 0; k < count; k++) {
                double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / size);
                for (int i = 0; i < size; i++) {
                    cosines[k][i] = (float) (scale * Math.cos(Math.PI * k * (i + 0.5) / size));
                }
            }
            return manager.create(cosines);
        }

        long size() {
            return channels.getShape().get(0) * rows.getShape().get(0) * columns.getShape().get(0);
        }

        /** Returns basis vectors (M, C, H, W) by their numbers (M), int64. */
        NDArray directions(NDArray chosen) {
            long r = rows.getShape().get(0);
            long s = columns.getShape().get(0);
            NDArray position = chosen.toType(DataType.FLOAT64, false);
            NDArray channel = position.div(r * s).floor();
            NDArray row = position.sub(channel.mul(r * s)).div(s).floor();
            NDArray column = position.sub(channel.mul(r * s)).sub(row.mul(s));
            return pick(channels, channel)
                    .reshape(chosen.size(), -1, 1, 1)
                    .mul(pick(rows, row).reshape(chosen.size(), 1, -1, 1))
                    .mul(pick(columns, column).reshape(chosen.size(), 1, 1, -1));
        }

        private static NDArray pick(NDArray vectors, NDArray numbers) {
            return vectors.get(new NDIndex("{}", numbers.toType(DataType.INT64, false)));
        }
    }

    /** The samples that are not fooled yet. */
    private static final class State extends ActiveSamples {

        final PerSample moved;
        final PerSample margin;

        /** The directions that are still to be tried, from the first step on. */
        final PerSample order;

        State(NDArray images, Criterion criterion, SampleRandom random, NDArray firstMargin) {
            super(images, criterion, random);
            moved = keep(images);
            margin = keep(firstMargin);
            order = keep(firstMargin);
        }
    }
}
