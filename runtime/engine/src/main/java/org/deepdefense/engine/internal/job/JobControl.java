// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.util.List;
import org.deepdefense.job.Progress;

/** What work that runs as a job sees of it. May be used by several threads at once. */
public interface JobControl extends Progress {

    /**
     * Reports an oddity. Equal messages are kept once.
     *
     * @param message one sentence
     */
    void warn(String message);

    /**
     * Returns the oddities reported so far.
     *
     * @return sentences without repetitions, in the order in which they were first reported
     */
    List<String> warnings();
}
