// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.job.Progress;

/** A source as the engine would make it. */
record TestSource(Optional<Path> directory, Path cache, boolean isOffline, Progress progress)
        implements DatasetSource {

    static TestSource directory(Path directory) {
        return new TestSource(
                Optional.of(directory), directory.resolve("no-cache"), false, Progress.NONE);
    }

    static TestSource cache(Path cache) {
        return new TestSource(Optional.empty(), cache, false, Progress.NONE);
    }

    TestSource offline() {
        return new TestSource(directory, cache, true, progress);
    }

    TestSource reportingTo(Progress listener) {
        return new TestSource(directory, cache, isOffline, listener);
    }
}
