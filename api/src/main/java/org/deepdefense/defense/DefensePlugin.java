// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The service properties of a {@link Defense}. */
@ComponentPropertyType
@Retention(CLASS)
@Target(TYPE)
public @interface DefensePlugin {

    /** Prefix of the service properties. */
    String PREFIX_ = "deepdefense.";

    /**
     * Returns the name by which users call the defense.
     *
     * @return a short name in lower case, such as {@code deep-defense}
     */
    String name();

    /**
     * Returns what the defense does.
     *
     * @return one line
     */
    String description() default "";

    /**
     * Returns where the defense was published.
     *
     * @return authors, title, place and year, or nothing
     */
    String paper() default "";

    /**
     * Returns the attack to defend against when the user names none.
     *
     * @return the name of an attack with parameters, such as {@code deepfool:iterations=5}, or
     *     nothing for a defense that needs none
     */
    String attack() default "";

    /**
     * Tells whether an attack may leave an image as soon as it is misclassified, which spares time.
     * A defense that trains on the results wants the largest loss instead: it says no, and attacks
     * that have a parameter {@code earlyStop} get false for it unless the user sets it.
     *
     * @return true, unless the loss of adversarial images matters
     */
    boolean early_stop() default true;

    /**
     * Returns the learning rate that suits the defense when the user gives none. It is meant for
     * networks whose inputs are in 0..1; one whose inputs are scaled by s gets it divided by √s,
     * because the gradient of its first layer grows with its inputs.
     *
     * @return the learning rate, above 0
     */
    double learning_rate() default 8e-3;
}
