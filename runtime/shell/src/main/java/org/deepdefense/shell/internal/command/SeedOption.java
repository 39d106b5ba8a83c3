// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import picocli.CommandLine.Option;

/** The option that makes random numbers repeatable. */
final class SeedOption {

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of all random numbers (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private long seed;

    long seed() {
        return seed;
    }
}
