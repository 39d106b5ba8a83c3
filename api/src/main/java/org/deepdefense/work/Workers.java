// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.work;

import java.util.List;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Has the tasks of evaluations done. The engine has one of its own, on threads of this process; the
 * service with the highest ranking is used. Results are the same bits whoever does the work.
 */
@ConsumerType
public interface Workers {

    /**
     * Returns how many tasks are worked on at a time.
     *
     * @return at least 1; work is split so that all have something to do
     */
    int parallelism();

    /**
     * Has tasks done, in any order, and returns when all are.
     *
     * @param tasks the tasks
     * @param here runs any of these tasks in this process, where all that they need is open
     * @param check throws {@link java.util.concurrent.CancellationException} as soon as the work is
     *     no longer wanted: to be called often
     * @param done takes each outcome as soon as it is there; may be called by several threads at
     *     once
     * @throws java.util.concurrent.CancellationException if the check throws
     * @throws org.deepdefense.DeepDefenseException if a task fails; the others are given up
     */
    void run(List<Task> tasks, TaskRunner here, Runnable check, BiConsumer<Task, TaskOutcome> done);
}
