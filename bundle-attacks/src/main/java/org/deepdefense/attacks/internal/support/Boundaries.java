// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;

/**
 * The linearised class boundaries around a batch of N images, of which each sample has the nearest
 * chosen: between its class and one of M candidates or, where the sample is targeted, between the
 * strongest other class and its target. They are the same on both sides of a boundary.
 *
 * @param cotangents e_to − e_from for each candidate (M, N, K), so that ⟨cotangent, logits⟩ is the
 *     difference of logits that vanishes at the boundary
 * @param gradients the gradients of these differences (M, N, C, H, W)
 * @param sizes the dual norms of the gradients (M, N)
 * @param excesses the differences of logits (M, N), negative before the boundary; where a point is
 *     on the boundary, as far as can be told, what makes the step beyond it
 * @param ties where a point is on the boundary (M, N), boolean
 * @param chosen where the nearest boundary of each sample is in these arrays
 * @param distance the distance to the nearest boundary (N); infinite for a sample that cannot move
 *     because all its gradients vanish, or its target is masked
 * @param allReachable whether no distance is infinite
 */
public record Boundaries(
        NDArray cotangents,
        NDArray gradients,
        NDArray sizes,
        NDArray excesses,
        NDArray ties,
        NDIndex chosen,
        NDArray distance,
        boolean allReachable) {

    public static final String STUCK =
            "all gradients of some images vanish, or their target is masked, so they could not be"
                    + " moved; this may be gradient masking, not robustness";

    /** The least that a pixel can be changed by, as a fraction of the largest bound. */
    private static final double NUDGE = 4 * Math.ulp(1f);

    private static final int[] LOGITS = {2};

    /** Gradients smaller than this fraction of a sample's largest are rounding errors. */
    private static final double RELATIVE_ZERO = 1e-6;

    /**
     * Returns the classes whose boundaries are to be considered: those with the highest logits
     * except that of the sample, or its target.
     *
     * @param logits logits of the clean images (N, K)
     * @param criterion what to reach
     * @param count how many classes, that of the sample included
     * @return the classes, one-hot (M, N, K)
     */
    public static NDArray candidates(NDArray logits, Criterion criterion, int count) {
        int classes = Math.toIntExact(logits.getShape().get(1));
        int most = Math.min(Math.max(count, 2), classes) - 1;
        NDArray others = Logits.rivals(logits.stopGradient(), criterion.labels(), most).transpose();
        if (!Masks.any(criterion.targeted())) {
            return others.oneHot(classes, DataType.FLOAT32);
        }
        NDArray targets = criterion.labels().expandDims(0).broadcast(others.getShape());
        NDArray targeted = criterion.targeted().expandDims(0).broadcast(others.getShape());
        return NDArrays.where(targeted, targets, others).oneHot(classes, DataType.FLOAT32);
    }

    /**
     * Returns the shortest step that is worth making from a point on a boundary: a shorter one
     * would be lost when it is added to pixels.
     *
     * @param images images (N, C, H, W)
     * @param bounds where pixels lie
     * @param norm the norm of distances, L1, L2 or L∞
     * @return a length
     */
    public static double nudge(NDArray images, Bounds bounds, Norm norm) {
        double pixel = NUDGE * Math.max(Math.abs(bounds.min()), Math.abs(bounds.max()));
        return norm == Norm.L2
                ? pixel * Math.sqrt((double) images.getShape().slice(1).size())
                : pixel;
    }

    /**
     * Finds the nearest boundary of each sample by its gradients, which are taken without a graph.
     * A point may lie on a boundary, or so near that rounding hides the difference of logits: the
     * step is then as short as can show.
     *
     * @param classifier the network
     * @param images images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with the graph
     * @param criterion what to reach
     * @param candidates the classes to consider, one-hot (M, N, K)
     * @param norm the norm of distances, L1, L2 or L∞
     * @param growth by how much steps from a point on a boundary are longer than the shortest that
     *     could show (N), 1 at first
     * @return the nearest boundaries
     */
    public static Boundaries nearest(
            Classifier classifier,
            NDArray images,
            NDArray logits,
            Criterion criterion,
            NDArray candidates,
            Norm norm,
            NDArray growth) {
        int classes = Math.toIntExact(logits.getShape().get(1));
        NDArray values = Logits.finite(logits.stopGradient());
        NDArray from = strongestOpponents(values, criterion);
        NDArray cotangents = candidates.sub(from.oneHot(classes, DataType.FLOAT32));
        NDArray gradients = classifier.gradients(logits, images, cotangents);
        NDArray sizes = dualSizes(gradients, norm);
        NDArray differences = cotangents.mul(values).sum(LOGITS);
        NDArray resolution = Margins.resolution(cotangents.mul(values).abs().max(LOGITS));
        NDArray ties = differences.abs().lte(resolution);
        NDArray shortest =
                NDArrays.maximum(sizes.mul(nudge(images, classifier.bounds(), norm)), resolution);
        NDArray excesses = NDArrays.where(ties, shortest.mul(growth).neg(), differences);
        NDArray floor = sizes.max(new int[] {0}).mul(Constants.scalar(RELATIVE_ZERO, sizes));
        NDArray distances =
                NDArrays.where(
                        sizes.gt(floor).logicalAnd(Logits.isMasked(differences).logicalNot()),
                        excesses.abs().div(sizes),
                        sizes.getManager().full(sizes.getShape(), Float.POSITIVE_INFINITY));
        NDArray nearest = distances.argMin(0);
        NDArray samples = images.getManager().arange(0, (int) nearest.size(), 1, DataType.INT64);
        NDIndex chosen = new NDIndex("{}, {}", nearest, samples);
        NDArray distance = distances.min(new int[] {0});
        return new Boundaries(
                cotangents,
                gradients,
                sizes,
                excesses,
                ties,
                chosen,
                distance,
                areFinite(distance));
    }

    /** Returns the class to leave: the label or, for a target, the best of the other classes. */
    private static NDArray strongestOpponents(NDArray logits, Criterion criterion) {
        if (!Masks.any(criterion.targeted())) {
            return criterion.labels();
        }
        NDArray best = logits.topK(2, 1).get(1);
        NDArray first = best.get(":, 0");
        NDArray other = NDArrays.where(first.eq(criterion.labels()), best.get(":, 1"), first);
        return NDArrays.where(criterion.targeted(), other, criterion.labels());
    }

    private static boolean areFinite(NDArray distances) {
        for (float distance : distances.toFloatArray()) {
            if (Float.isInfinite(distance)) {
                return false;
            }
        }
        return true;
    }

    private static NDArray dualSizes(NDArray gradients, Norm norm) {
        Shape shape = gradients.getShape();
        return norm.dual()
                .of(gradients.reshape(shape.get(0) * shape.get(1), -1))
                .reshape(shape.get(0), shape.get(1));
    }

    /**
     * Returns what the logits are multiplied by to get the difference that vanishes at the nearest
     * boundary.
     *
     * @return e_to − e_from (N, K)
     */
    public NDArray cotangent() {
        return cotangents.get(chosen);
    }

    /**
     * Returns the gradient of the difference that vanishes at the nearest boundary.
     *
     * @return the normal of the linearised boundary (N, C, H, W)
     */
    public NDArray gradient() {
        return gradients.get(chosen);
    }

    /**
     * Returns the difference of logits at the nearest boundary.
     *
     * @return differences (N), negative before the boundary
     */
    public NDArray excess() {
        return excesses.get(chosen);
    }

    /**
     * Tells which samples are on their nearest boundary.
     *
     * @return booleans (N)
     */
    public NDArray tied() {
        return ties.get(chosen);
    }

    /**
     * Returns how fast the difference of logits changes towards the nearest boundary.
     *
     * @return dual norms of gradients (N)
     */
    public NDArray size() {
        return sizes.get(chosen);
    }

    /**
     * Returns the growth of the next steps from a point on a boundary: a step that did not show is
     * doubled.
     *
     * @param growth that of these steps (N)
     * @return factors (N)
     */
    public NDArray next(NDArray growth) {
        return growth.mul(tied().toType(DataType.FLOAT32, false).add(1));
    }

    /**
     * Tells which samples can reach a boundary at all.
     *
     * @return booleans (N)
     */
    public NDArray reachable() {
        return distance.isInfinite().logicalNot();
    }

    /**
     * Returns the shortest steps onto the boundaries, or a little beyond; zeros for samples that
     * cannot move.
     *
     * @param norm the norm of distances, L2 or L∞
     * @param beyond how far beyond the boundary, in the norm of distances
     * @return perturbations (N, C, H, W)
     */
    public NDArray steps(Norm norm, double beyond) {
        NDArray length = beyond == 0 ? distance : distance.add(beyond);
        if (!allReachable) {
            length = NDArrays.where(reachable(), length, length.zerosLike());
        }
        NDArray direction = gradient();
        if (norm == Norm.LINF) {
            direction = direction.sign();
        } else {
            NDArray size = size().maximum(Float.MIN_NORMAL);
            direction.divi(Norm.broadcast(size, direction));
        }
        return direction.muli(Norm.broadcast(length, direction));
    }
}
