// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.network;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The networks saved in the engine's home. */
@ProviderType
public interface Networks {

    /**
     * Returns what is saved.
     *
     * @return records by name
     */
    List<NetworkRecord> list();

    /**
     * Returns what is known of a network.
     *
     * @param name its name
     * @return the record
     * @throws org.deepdefense.DeepDefenseException if there is none; the message has the names that
     *     there are
     */
    NetworkRecord get(String name);

    /**
     * Deletes a network.
     *
     * @param name its name
     * @throws org.deepdefense.DeepDefenseException if there is none or the home can't be written
     */
    void delete(String name);
}
