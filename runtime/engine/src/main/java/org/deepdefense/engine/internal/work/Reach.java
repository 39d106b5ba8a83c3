// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.model.Bounds;

/**
 * How far two images of a data set can be from each other. A budget beyond that is none: it is a
 * mistake of units, and every image would be fooled by another one.
 *
 * @param dataset the name of the data set
 * @param shape the shape of its images (C, H, W)
 * @param bounds the bounds of its pixels
 */
public record Reach(String dataset, Shape shape, Bounds bounds) {

    private static final double MARGIN = 1e-6;

    /**
     * Asks a data set for shape and bounds.
     *
     * @param provider the data set
     * @return how far its images can be from each other
     */
    public static Reach of(PluginUse<DatasetProvider> provider) {
        return provider.call(
                () ->
                        new Reach(
                                provider.name(),
                                provider.service().imageShape(),
                                provider.service().bounds()));
    }

    /**
     * Returns the largest distance.
     *
     * @param norm the norm that measures it
     * @return the distance from one corner of the box to the opposite one
     */
    public double in(Norm norm) {
        return switch (norm) {
            case L0 -> (double) shape.size();
            case L1 -> (double) shape.size() * bounds.range();
            case L2 -> Math.sqrt((double) shape.size()) * bounds.range();
            case LINF -> bounds.range();
        };
    }

    /**
     * Checks the budget of an attack, if it has one.
     *
     * @param attack the attack
     * @throws DeepDefenseException if its budget is beyond all images
     */
    public void check(BoundAttack<?> attack) {
        check(attack.name(), attack.norm(), attack.budget());
    }

    /**
     * Checks a budget.
     *
     * @param whose what the budget is of
     * @param norm the norm in which it counts, if there is one
     * @param epsilon the budget, if there is one
     * @throws DeepDefenseException if it is beyond all images
     */
    public void check(String whose, Optional<Norm> norm, OptionalDouble epsilon) {
        if (norm.isEmpty() || epsilon.isEmpty()) {
            return;
        }
        double largest = in(norm.get());
        if (epsilon.getAsDouble() > largest * (1 + MARGIN)) {
            throw new DeepDefenseException(
                    String.format(
                            Locale.ROOT,
                            "The budget %.6g of %s is larger than the %s distance of any two images"
                                    + " of \"%s\", whose pixels are in %s",
                            epsilon.getAsDouble(),
                            whose,
                            norm.get().symbol(),
                            dataset,
                            bounds),
                    String.format(Locale.ROOT, "give less than %.6g, in units of pixels", largest));
        }
    }
}
