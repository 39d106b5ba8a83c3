// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import java.util.List;
import org.deepdefense.DeepDefenseException;

/**
 * The addresses of folders that have the files of a data set, tried in turn.
 *
 * @param addresses at least one
 */
record Mirrors(List<String> addresses) {

    Mirrors {
        if (addresses.isEmpty()) {
            throw new DeepDefenseException(
                    "The list of mirrors is empty", "name at least one, or delete the setting");
        }
    }

    /** Returns where a user should look for the files. */
    String home() {
        return addresses.get(0);
    }
}
