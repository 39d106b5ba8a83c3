// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.Map;
import java.util.Objects;

/**
 * All that the result of a training depends on.
 *
 * @param request what was asked for, and the checksums of the files that were read, by name
 * @param code the code, as {@link TrainingCode} tells it
 */
record Fingerprint(Map<String, String> request, Map<String, String> code) {

    Fingerprint {
        Objects.requireNonNull(request);
        Objects.requireNonNull(code);
    }
}
