// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.work;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs single tasks. As a service it is the engine of this process, which finds the network, the
 * data set and the attack of any task by itself, and makes sure that they are those of the task: so
 * a cluster has tasks run elsewhere.
 */
@ProviderType
public interface TaskRunner {

    /**
     * Runs a task in the calling thread. May be called by several threads at once.
     *
     * @param task the task
     * @param check throws {@link java.util.concurrent.CancellationException} as soon as the outcome
     *     can no longer be of use: it is called often
     * @return what came of it
     * @throws org.deepdefense.DeepDefenseException if what the task needs is not there or is
     *     another, or the attack fails
     * @throws java.util.concurrent.CancellationException if the check throws
     */
    TaskOutcome run(Task task, Runnable check);
}
