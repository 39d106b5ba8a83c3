// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import org.osgi.annotation.versioning.ConsumerType;

/** A change of a network's weights that lasts until it is closed, when they are what they were. */
@ConsumerType
@FunctionalInterface
public interface WeightChange extends AutoCloseable {

    /** Puts the weights back, bit for bit. A second call does nothing. */
    @Override
    void close();
}
