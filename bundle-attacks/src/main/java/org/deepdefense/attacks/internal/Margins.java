package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Criterion;

/** How far logits are from fulfilling a criterion. */
final class Margins {

    /** Added to the logit of a class that is to be left out of a maximum. */
    private static final float EXCLUDED = -1e9f;

    private static final int[] CLASSES = {1};

    private Margins() {}

    /**
     * Returns z_y − max_{k≠y} z_k for the label y of an untargeted sample, and max_{k≠t} z_k − z_t
     * for the target t of a targeted one: positive while the sample resists, negative when it is
     * adversarial.
     *
     * @param logits logits (N, K)
     * @param criterion what to reach
     * @return margins (N), differentiable
     */
    static NDArray of(NDArray logits, Criterion criterion) {
        NDArray isLabel =
                criterion.labels().oneHot((int) logits.getShape().get(1), DataType.FLOAT32);
        NDArray label = logits.mul(isLabel).sum(CLASSES);
        NDArray other = logits.add(isLabel.mul(EXCLUDED)).max(CLASSES);
        NDArray margin = label.sub(other);
        return NDArrays.where(criterion.targeted(), margin.neg(), margin);
    }
}
