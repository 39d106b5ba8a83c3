// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Variants;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The one-pixel attack: differential evolution of the positions and colours of a few pixels
 * (section 3.3 of the paper: children are a + F·(b − c) of three members of the population, F =
 * 0.5, and replace their parent if the margin of their logits is smaller). It needs scores only.
 * Genes that leave their range are drawn anew. The budget is a number of pixels, of which each has
 * as many components as there are channels, so that no norm of the framework measures it. The
 * population of the paper is the default; that of torchattacks ({@code population=9, steps=10}) is
 * much weaker.
 *
 * <p>torchattacks takes a variant of SciPy's evolution: children are the best member plus F·(b −
 * c), with an F drawn from 0.5 to 1 for each generation, and the score is a probability. Colours
 * start uniform there as here; in the paper they are normal around the middle of the range.
 *
 * @see <a href="https://arxiv.org/abs/1710.08864">Su, Vargas, Sakurai: One Pixel Attack for Fooling
 *     Deep Neural Networks, IEEE Transactions on Evolutionary Computation 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.one_pixel")
@AttackPlugin(
        name = "one-pixel",
        type = AttackType.OTHER,
        access = Access.SCORES,
        description = "differential evolution of a few pixels, without gradients",
        paper =
                "Su, Vargas, Sakurai: One Pixel Attack for Fooling Deep Neural Networks, IEEE Transactions on Evolutionary Computation 2019")
@Designate(ocd = OnePixel.Parameters.class)
public final class OnePixel implements Attack<OnePixel.Parameters> {

    private static final double FACTOR = 0.5;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack one-pixel")
    public @interface Parameters {

        @AttributeDefinition(description = "number of pixels that may change", min = "1")
        int pixels() default 1;

        @AttributeDefinition(
                description = "number of generations, each a query for each member",
                min = "1")
        int steps() default 100;

        @AttributeDefinition(description = "members of the population of each sample", min = "4")
        int population() default 400;
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
        Parameters p = context.parameters();
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Shape genes = new Shape(p.population(), p.pixels(), 2 + images.getShape().get(1));
            NDArray first = context.random().uniform(images.getManager(), genes, 0, 1);
            NDArray margins = margins(classifier, images, first, criterion);
            try (State active = new State(images, criterion, context.random(), first, margins)) {
                finish(active, result, classifier.bounds());
                for (int step = 0; step < p.steps() && !active.isEmpty(); step++) {
                    context.checkCancelled();
                    evolve(active, classifier);
                    finish(active, result, classifier.bounds());
                }
            }
        }
        return result;
    }

    private static void evolve(State active, Classifier classifier) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray parents = active.genes.get();
            NDArray children = children(parents, active.random());
            NDArray margins = margins(classifier, active.images(), children, active.criterion());
            NDArray fitter = margins.lt(active.margins.get());
            NDArray mask =
                    fitter.reshape(fitter.getShape().addAll(new Shape(1, 1)))
                            .broadcast(parents.getShape());
            active.genes.set(NDArrays.where(mask, children, parents));
            active.margins.set(NDArrays.minimum(margins, active.margins.get()));
        }
    }

    /** Writes the fittest member of each sample, and lets go of those that are adversarial. */
    private static void finish(State active, NDArray result, Bounds bounds) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray genes = active.genes.get();
            NDArray fittest = active.margins.get().argMin(1);
            NDArray best = choose(genes, fittest.reshape(-1, 1));
            active.write(
                    result,
                    painted(active.images(), best, bounds).reshape(active.images().getShape()));
            active.retain(active.margins.get().min(new int[] {1}).gte(0));
        }
    }

    private static NDArray children(NDArray parents, SampleRandom random) {
        NDManager manager = parents.getManager();
        Shape shape = parents.getShape();
        long size = shape.get(1);
        NDArray uniform = random.uniform(manager, new Shape(3, size), 0, 1);
        NDArray a = Draws.integers(uniform.get(":, 0"), size);
        NDArray b = Draws.integers(uniform.get(":, 1"), size - 1);
        b = b.add(b.gte(a).toType(DataType.FLOAT32, false));
        NDArray c = Draws.integers(uniform.get(":, 2"), size - 2);
        c = c.add(c.gte(NDArrays.minimum(a, b)).toType(DataType.FLOAT32, false));
        c = c.add(c.gte(NDArrays.maximum(a, b)).toType(DataType.FLOAT32, false));
        NDArray mutant =
                choose(parents, a).add(choose(parents, b).sub(choose(parents, c)).mul(FACTOR));
        NDArray anew = random.uniform(manager, shape.slice(1), 0, 1);
        return NDArrays.where(mutant.lt(0).logicalOr(mutant.gt(1)), anew, mutant);
    }

    /** Returns members (M, Q, pixels, genes) of populations (M, P, pixels, genes). */
    private static NDArray choose(NDArray population, NDArray members) {
        Shape shape = population.getShape();
        NDArray index =
                members.toType(DataType.INT64, false)
                        .reshape(shape.get(0), -1, 1, 1)
                        .broadcast(
                                shape.get(0),
                                members.getShape().get(1),
                                shape.get(2),
                                shape.get(3));
        return population.gather(index, 1);
    }

    private static NDArray margins(
            Classifier classifier, NDArray images, NDArray population, Criterion criterion) {
        int atOnce = Variants.atOnce(images);
        NDList parts = new NDList();
        for (long from = 0; from < population.getShape().get(1); from += atOnce) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray part =
                        population.get(
                                new NDIndex(
                                        ":, {}:{}",
                                        from,
                                        Math.min(from + atOnce, population.getShape().get(1))));
                NDArray margins =
                        Variants.margins(
                                classifier, painted(images, part, classifier.bounds()), criterion);
                NDScope.unregister(margins);
                parts.add(margins);
            }
        }
        parts.forEach(NDScope::register);
        return NDArrays.concat(parts, 1);
    }

    /** Returns images (M, Q, C, H, W) with the pixels of members (M, Q, pixels, genes). */
    private static NDArray painted(NDArray images, NDArray members, Bounds bounds) {
        Shape image = images.getShape().slice(1);
        long pixels = image.get(1) * image.get(2);
        NDArray places =
                images.getManager()
                        .arange(0, (int) pixels, 1, DataType.FLOAT32)
                        .reshape(1, 1, 1, -1);
        Shape variants =
                new Shape(
                        members.getShape().get(0), members.getShape().get(1), image.get(0), pixels);
        NDArray painted =
                images.reshape(variants.get(0), 1, image.get(0), pixels).broadcast(variants);
        for (long i = 0; i < members.getShape().get(2); i++) {
            NDArray genes = members.get(new NDIndex(":, :, {}", i)).expandDims(-1);
            NDArray row = Draws.integers(genes.get(":, :, 0:1"), image.get(1));
            NDArray column = Draws.integers(genes.get(":, :, 1:2"), image.get(2));
            NDArray place = places.eq(row.mul(image.get(2)).add(column)).broadcast(variants);
            NDArray colour =
                    genes.get(":, :, 2:").mul(bounds.range()).add(bounds.min()).broadcast(variants);
            painted = NDArrays.where(place, colour, painted);
        }
        return painted.reshape(new Shape(variants.get(0), variants.get(1)).addAll(image));
    }

    /** The samples that are not fooled yet, with their populations. */
    private static final class State extends ActiveSamples {

        final PerSample genes;
        final PerSample margins;

        State(
                NDArray images,
                Criterion criterion,
                SampleRandom random,
                NDArray first,
                NDArray firstMargins) {
            super(images, criterion, random);
            genes = keep(first);
            margins = keep(firstMargins);
        }
    }
}
