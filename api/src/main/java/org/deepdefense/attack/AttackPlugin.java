// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * The service properties of an {@link Attack}. A configuration may override them: a second
 * configuration of the same component with {@code deepdefense.name=pgd-strong} and {@code
 * steps=200} is a second attack. Its PID is that of the component, for which {@code
 * configurationPid = "deepdefense.attack.NAME"} is recommended, with an underscore for each hyphen
 * of the name; defenses, data sets and models likewise.
 */
@ComponentPropertyType
@Retention(CLASS)
@Target(TYPE)
public @interface AttackPlugin {

    /** Prefix of the service properties. */
    String PREFIX_ = "deepdefense.";

    /**
     * Returns the name by which users call the attack.
     *
     * @return a short name in lower case, such as {@code pgd}
     */
    String name();

    /**
     * Returns what the attack does.
     *
     * @return one line
     */
    String description() default "";

    /**
     * Returns where the attack was published.
     *
     * @return authors, title, place and year, or nothing
     */
    String paper() default "";
}
