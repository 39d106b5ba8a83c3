// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.loss;

import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.DefensePlugin;
import org.deepdefense.defense.Objective;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Plain training: the mean cross-entropy, no defense at all. */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.reference")
@DefensePlugin(
        name = "reference",
        description = "Plain training with the cross-entropy",
        learning_rate = 5e-2)
@Designate(ocd = Reference.Parameters.class)
public final class Reference implements Defense<Reference.Parameters> {

    /** It has no parameters. */
    @ObjectClassDefinition(name = "Reference training")
    public @interface Parameters {}

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return shard -> () -> Losses.plain(context, shard);
    }
}
