// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.work;

import java.util.List;
import org.deepdefense.evaluation.SampleResult;
import org.osgi.annotation.versioning.ProviderType;

/** What came of a task. */
@ProviderType
public interface TaskOutcome {

    /**
     * Returns how long it took.
     *
     * @return seconds
     */
    double seconds();

    /**
     * Returns the oddities that were met.
     *
     * @return sentences
     */
    List<String> warnings();

    /**
     * Returns how the images fared.
     *
     * @return a result for each image of the task, in its order
     */
    List<? extends SampleResult> images();
}
