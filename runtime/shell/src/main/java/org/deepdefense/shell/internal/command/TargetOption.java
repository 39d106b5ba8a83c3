// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Optional;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.Target;
import picocli.CommandLine.Option;

/** The option that makes attacks targeted. */
final class TargetOption {

    @Option(
            names = "--target",
            paramLabel = Labels.TARGET,
            description =
                    "The class that attacks have to reach: next (after the true one), least-likely,"
                            + " random, or the number of a class. If not given, any wrong class"
                            + " will do.")
    private Optional<String> target = Optional.empty();

    void apply(EvaluationRequest.Builder request) {
        target.map(Target::parse).ifPresent(request::optTarget);
    }
}
