// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import org.deepdefense.defense.ObjectiveModifier;

/**
 * A modifier of objectives with the parameters of a training.
 *
 * @param name the name by which users call it
 * @param modifier the modifier
 * @param parameters its parameters
 * @param <P> the type of the parameters
 */
public record BoundModifier<P>(String name, ObjectiveModifier<P> modifier, P parameters) {}
