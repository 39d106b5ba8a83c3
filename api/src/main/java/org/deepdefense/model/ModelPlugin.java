// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The service properties of a {@link ModelProvider}. */
@ComponentPropertyType
@Retention(CLASS)
@Target(TYPE)
public @interface ModelPlugin {

    /** Prefix of the service properties. */
    String PREFIX_ = "deepdefense.";

    /**
     * Returns the name by which users call the architecture.
     *
     * @return a short name in lower case, such as {@code lenet}
     */
    String name();

    /**
     * Returns what the architecture is.
     *
     * @return one line
     */
    String description() default "";
}
