// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Optional;
import java.util.stream.IntStream;
import org.deepdefense.engine.internal.work.Checksums;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskRunner;

/**
 * What is found out about images in batches. What comes of an image depends on no other image. It
 * runs the tasks that it makes.
 */
interface BatchWork extends TaskRunner {

    /** Returns the network and the images. */
    Subject subject();

    /** Returns what is done to the images. */
    Task.Treatment treatment();

    /** Returns all that the results depend on, or nothing if that cannot be known. */
    Optional<String> key();

    /**
     * Returns what to warn about when all images are there.
     *
     * @param outcomes what came of them
     * @param images how many there are
     */
    Optional<String> remark(Outcomes outcomes, int images);

    /** Returns the images. */
    default OpenDataset dataset() {
        return subject().dataset();
    }

    /** Returns the numbers of all images. */
    default int[] all() {
        return IntStream.range(0, dataset().size()).toArray();
    }

    /** Makes the task that does a part of the work. */
    default Task task(int... images) {
        return new Task(
                subject().content(),
                treatment(),
                IntStream.of(images).boxed().toList(),
                key().map(Checksums::of));
    }

    /** Returns the numbers of the images of a task. */
    static int[] images(Task task) {
        return task.images().stream().mapToInt(Integer::intValue).toArray();
    }
}
