// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Optional;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.defense.Defense;

/**
 * A defense with the parameters of a training.
 *
 * @param name the name by which users call it
 * @param defense the defense
 * @param parameters its parameters
 * @param attack the attack that it trains against unless the user names another
 * @param earlyStop whether attacks may stop at the first success
 * @param learningRate the learning rate that suits it
 * @param <P> the type of the parameters
 */
public record BoundDefense<P>(
        String name,
        Defense<P> defense,
        P parameters,
        Optional<PluginSpec> attack,
        boolean earlyStop,
        double learningRate) {}
