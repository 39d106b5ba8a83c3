// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import org.osgi.annotation.versioning.ConsumerType;

/** Where long work reports how far it is, and learns that it is no longer wanted. */
@ConsumerType
public interface Progress {

    /** A progress that nobody watches and nobody cancels. */
    Progress NONE =
            new Progress() {
                @Override
                public void update(String phase, long done, long total, String detail) {}

                @Override
                public void checkCancelled() {}
            };

    /**
     * Reports how far the work is.
     *
     * @param phase what is being done, such as {@code epoch 2/5}
     * @param done how many units of the phase are done
     * @param total how many units the phase has, or 0 if unknown
     * @param detail numbers worth seeing, such as {@code loss 0.12}, or nothing
     */
    void update(String phase, long done, long total, String detail);

    /**
     * Ends the work if it is no longer wanted.
     *
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    void checkCancelled();
}
