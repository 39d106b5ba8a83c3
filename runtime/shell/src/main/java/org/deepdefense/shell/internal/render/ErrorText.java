// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.util.stream.Collectors;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.Words;
import org.deepdefense.shell.internal.CommandFailure;

/** What went wrong. */
public final class ErrorText {

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public ErrorText(Look look) {
        this.look = look;
    }

    /**
     * Tells a failure.
     *
     * @param failure the failure
     * @return cause and remedy: one line, or several where the width of a terminal ends them
     */
    public String text(CommandFailure failure) {
        return Words.wrap(look.text(failure.toString()), look.width()).stream()
                .map(look::red)
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
