// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

/** A result with parts that are too large to be kept for as long as its job is remembered. */
public interface Trimmable {

    /**
     * Leaves the large parts out.
     *
     * @return the rest, of the same type
     */
    Object trimmed();
}
