// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.download.Downloads;
import org.deepdefense.engine.internal.download.CachedDownloads;
import org.deepdefense.job.Progress;

/** A source as the engine would make it, and what fetches files where it has none. */
record TestSource(Optional<Path> directory, Progress progress) implements DatasetSource {

    /** The user named no directory. */
    static final TestSource NONE = new TestSource(Optional.empty(), Progress.NONE);

    static TestSource directory(Path directory) {
        return new TestSource(Optional.of(directory), Progress.NONE);
    }

    static Downloads downloads(Path cache) {
        return new CachedDownloads(cache, () -> false, Duration.ofSeconds(20));
    }

    static Downloads offline(Path cache) {
        return new CachedDownloads(cache, () -> true, Duration.ofSeconds(20));
    }
}
