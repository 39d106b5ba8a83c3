// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import org.deepdefense.DeepDefenseException;

/**
 * Which class targeted attacks are to bring images into.
 *
 * @param choice how the class of an image is chosen
 * @param label the class, if it is the same for all images
 */
public record Target(Choice choice, OptionalInt label) {

    /** How the target of an image is chosen. */
    public enum Choice {
        /** The class after the true one; the first class after the last. */
        NEXT,
        /** The class with the lowest logit for the clean image (Kurakin et al., ICLR 2017). */
        LEAST_LIKELY,
        /** Any class but the true one, by the seed and the number of the image. */
        RANDOM,
        /** One class for all images; those that belong to it are spared. */
        CLASS
    }

    /**
     * Checks the components.
     *
     * @param choice how the class of an image is chosen
     * @param label the class, if it is the same for all images
     * @throws DeepDefenseException if the class is missing, negative, or not asked for
     */
    public Target {
        Objects.requireNonNull(choice);
        if (label.isPresent() != (choice == Choice.CLASS) || label.orElse(0) < 0) {
            throw new DeepDefenseException(
                    "A target is one class, from 0, or a way to choose it",
                    "give a class only together with the choice of one class");
        }
    }

    /**
     * Chooses the class of each image.
     *
     * @param choice how, in any way but one class for all
     * @return the target
     */
    public static Target of(Choice choice) {
        return new Target(choice, OptionalInt.empty());
    }

    /**
     * Chooses one class for all images.
     *
     * @param label the class, from 0
     * @return the target
     */
    public static Target of(int label) {
        return new Target(Choice.CLASS, OptionalInt.of(label));
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param text the name of a choice, such as least-likely, or the number of a class
     * @return the target
     * @throws DeepDefenseException if the text is none of these
     */
    public static Target parse(String text) {
        for (Choice choice : Choice.values()) {
            if (choice != Choice.CLASS && name(choice).equals(text)) {
                return of(choice);
            }
        }
        try {
            return of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new DeepDefenseException(
                    "There is no target \"" + text + "\"",
                    "give next, least-likely, random, or the number of a class",
                    e);
        }
    }

    private static String name(Choice choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return label.isPresent() ? Integer.toString(label.getAsInt()) : name(choice);
    }
}
