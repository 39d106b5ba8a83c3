// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import org.deepdefense.dataset.Split;
import picocli.CommandLine.Option;

/** The option that chooses a part of a data set. */
final class SplitOption {

    @Option(
            names = "--split",
            paramLabel = Labels.SPLIT,
            description = "The part of the data set: test (default) or train.",
            defaultValue = "TEST")
    private Split split;

    Split split() {
        return split;
    }
}
