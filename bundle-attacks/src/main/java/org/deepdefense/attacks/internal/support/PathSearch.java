// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;

/**
 * Looks for the first point of a path at which an image is adversarial: in equal steps, from which
 * samples leave at their first success, and then by bisection of that step.
 *
 * @param classifier shows decisions
 * @param context of the attack
 * @param steps how many equal steps
 * @param bisections how often to halve the step of the first success
 */
public record PathSearch(
        Classifier classifier, AttackContext<?> context, int steps, int bisections) {

    /** A way from an image to somewhere else. */
    @FunctionalInterface
    public interface Path {

        /**
         * Returns points of the paths of several images.
         *
         * @param images clean images (M, C, H, W)
         * @param ends where the paths end (M, C, H, W)
         * @param positions positions on the paths (M) in 0 … 1
         */
        NDArray at(NDArray images, NDArray ends, NDArray positions);
    }

    /** Goes straight. */
    public static NDArray line(NDArray images, NDArray ends, NDArray positions) {
        return images.add(ends.sub(images).muli(Norm.broadcast(positions, images)));
    }

    /** Returns the points found, and the clean images where there is none. */
    public NDArray run(NDArray images, NDArray ends, Criterion criterion, Path path) {
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray found = scan(images, ends, criterion, path, result);
            NDArray rows = found.gt(0).nonzero().flatten();
            if (!rows.isEmpty() && bisections > 0) {
                NDIndex index = new NDIndex("{}", rows);
                NDArray refined =
                        bisect(
                                images.get(index),
                                ends.get(index),
                                criterion.select(rows),
                                path,
                                found.get(index),
                                result.get(index));
                result.set(index, refined);
            }
        }
        return result;
    }

    /** Writes the first adversarial points, and returns their positions (N), or 0. */
    private NDArray scan(
            NDArray images, NDArray ends, Criterion criterion, Path path, NDArray result) {
        NDArray found = Norm.LINF.of(images).mul(0);
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            PerSample end = active.keep(ends);
            for (int step = 1; step <= steps && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray positions =
                            active.criterion()
                                    .labels()
                                    .onesLike()
                                    .toType(found.getDataType(), false);
                    positions = positions.mul(step / (double) steps);
                    NDArray tried = path.at(active.images(), end.get(), positions);
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(tried));
                    active.write(result, tried, reached);
                    active.write(found, positions, reached);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return found;
    }

    private NDArray bisect(
            NDArray images,
            NDArray ends,
            Criterion criterion,
            Path path,
            NDArray found,
            NDArray first) {
        NDArray high = found;
        NDArray low = found.sub(1.0 / steps);
        NDArray best = first;
        for (int i = 0; i < bisections; i++) {
            context.checkCancelled();
            NDArray middle = low.add(high).div(2);
            NDArray tried = path.at(images, ends, middle);
            NDArray reached = criterion.isAdversarial(classifier.predict(tried));
            best = Images.choose(reached, tried, best);
            high = NDArrays.where(reached, middle, high);
            low = NDArrays.where(reached, low, middle);
        }
        return best;
    }
}
