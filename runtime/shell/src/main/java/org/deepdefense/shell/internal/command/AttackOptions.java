// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Optional;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Option;

/** Options that name an attack. */
final class AttackOptions {

    private static final String EPSILON = "epsilon";

    @Option(
            names = "--attack",
            paramLabel = Labels.ATTACK,
            description =
                    "The attack, with parameters if you like: pgd:epsilon=0.1,steps=40 (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "deepfool")
    private String attack;

    @Option(
            names = "--epsilon",
            paramLabel = "X",
            description = "Short for the attack's parameter of that name.")
    private Optional<String> epsilon = Optional.empty();

    PluginSpec spec() throws CommandFailure {
        PluginSpec spec = PluginSpec.parse(attack);
        if (epsilon.isEmpty()) {
            return spec;
        }
        if (spec.parameters().containsKey(EPSILON)) {
            throw CommandFailure.usage(
                    "both --epsilon and " + spec + " give a budget; give it once");
        }
        return spec.with(EPSILON, epsilon.get());
    }
}
