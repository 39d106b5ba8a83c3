// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * What an {@link Attack} is, as service properties: so it is known, and can be filtered by, before
 * the attack itself is there. The attack reads its norm and its access here, too, unless it
 * overrides the methods of these names. A registration that lacks all but the name, because it is
 * older than a property or made by hand, is as good; the framework then asks the attack.
 *
 * <p>A configuration may override the name and the parameters: a second configuration of the same
 * component with {@code deepdefense.name=pgd-strong} and {@code steps=200} is a second attack. Its
 * PID is that of the component, for which {@code configurationPid = "deepdefense.attack.NAME"} is
 * recommended, with an underscore for each hyphen of the name; defenses, data sets and models
 * likewise.
 */
@ComponentPropertyType
@Inherited
@Retention(RUNTIME)
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

    /**
     * Returns what the attack looks for.
     *
     * @return the type that belongs to its interface
     */
    AttackType type();

    /**
     * Returns what measures the attack.
     *
     * @return the norm of its budget, or the one that it makes small; nothing for other attacks
     */
    Norm[] norm() default {};

    /**
     * Returns what the attack needs of the network.
     *
     * @return gradients, unless it does without
     */
    Access access() default Access.GRADIENTS;

    /**
     * Tells whether the attack can be told a class to reach.
     *
     * @return true, unless its method has no such mode
     */
    boolean targeted() default true;

    /**
     * Tells whether the images returned lie inside the bounds of the network, with the default
     * parameters.
     *
     * @return true, unless the attack measures distances in an unbounded space
     */
    boolean bounded() default true;

    /**
     * Tells whether the perturbation can be differentiated by the parameters of the network.
     *
     * @return true for a {@link DifferentiableAttack}
     */
    boolean differentiable() default false;

    /**
     * Returns the budget of an attack with a fixed one, where users give none.
     *
     * @return the default of the parameter {@code epsilon}, which the framework adds; nothing for
     *     0.1 in L∞, 1 in L2 and 10 in L1 and L0
     */
    double[] epsilon() default {};
}
