// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The service properties of an {@link ObjectiveModifier}. */
@ComponentPropertyType
@Retention(CLASS)
@Target(TYPE)
public @interface ModifierPlugin {

    /** Prefix of the service properties. */
    String PREFIX_ = "deepdefense.";

    /**
     * Returns the name by which users call the modifier.
     *
     * @return a short name in lower case, such as {@code awp}
     */
    String name();

    /**
     * Returns what the modifier does.
     *
     * @return one line
     */
    String description() default "";

    /**
     * Returns where the modifier was published.
     *
     * @return authors, title, place and year, or nothing
     */
    String paper() default "";
}
