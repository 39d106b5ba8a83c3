// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Classifier;

/** Evaluates several variants of each image of a batch at once: arrays (M, V, C, H, W). */
public final class Variants {

    /** Pixels that are evaluated at once: 8 MB, and in a network some twenty times as much. */
    private static final long PIXELS = 1 << 21;

    private Variants() {}

    /** Returns how many variants of each image (M, C, H, W) may be evaluated at once. */
    public static int atOnce(NDArray images) {
        return Math.toIntExact(Math.max(1, PIXELS / images.size()));
    }

    /** Returns the margins (M, V) of variants. */
    public static NDArray margins(Classifier classifier, NDArray variants, Criterion criterion) {
        NDArray logits = classifier.predict(flat(variants));
        return rows(Margins.of(logits, repeat(criterion, variants)), variants);
    }

    /** Returns which variants are adversarial (M, V). */
    public static NDArray areAdversarial(
            Classifier classifier, NDArray variants, Criterion criterion) {
        NDArray logits = classifier.predict(flat(variants));
        return rows(repeat(criterion, variants).isAdversarial(logits), variants);
    }

    private static NDArray flat(NDArray variants) {
        return variants.reshape(new Shape(-1).addAll(variants.getShape().slice(2)));
    }

    private static NDArray rows(NDArray values, NDArray variants) {
        return values.reshape(variants.getShape().slice(0, 2));
    }

    private static Criterion repeat(Criterion criterion, NDArray variants) {
        int samples = (int) variants.getShape().get(0);
        NDArray rows = variants.getManager().arange(0, samples, 1, DataType.INT64);
        return criterion.select(rows.repeat(variants.getShape().get(1)));
    }
}
