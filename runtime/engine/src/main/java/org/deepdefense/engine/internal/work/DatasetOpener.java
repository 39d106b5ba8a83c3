// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.job.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens data sets where the user keeps them. */
@Component(service = DatasetOpener.class)
public final class DatasetOpener {

    private final Settings settings;

    /**
     * Creates an opener.
     *
     * @param settings say where data sets are
     */
    @Activate
    public DatasetOpener(@Reference Settings settings) {
        this.settings = settings;
    }

    /** Remembers whether the data set asked for the directory. */
    private static final class Source implements DatasetSource {

        private final Optional<Path> directory;
        private final Progress progress;
        private volatile boolean isAsked;

        Source(Optional<Path> directory, Progress progress) {
            this.directory = directory;
            this.progress = progress;
        }

        @Override
        public Optional<Path> directory() {
            isAsked = true;
            return directory;
        }

        @Override
        public Progress progress() {
            return progress;
        }

        boolean isAsked() {
            return isAsked;
        }
    }

    /**
     * Opens a data set.
     *
     * @param provider the data set
     * @param spec which images of it, and where
     * @param progress takes the progress of a download
     * @param warnings takes what is odd about the request
     * @return the images
     * @throws DeepDefenseException if its files are missing or damaged
     */
    public OpenDataset open(
            PluginUse<DatasetProvider> provider,
            DatasetSpec spec,
            Progress progress,
            Consumer<String> warnings) {
        Source source = new Source(spec.directory().or(settings::dataDirectory), progress);
        Dataset dataset =
                provider.call(
                        () -> {
                            try {
                                return provider.service().open(spec.split(), source);
                            } catch (IOException e) {
                                throw unreadable(spec.name(), e);
                            } catch (UncheckedIOException e) {
                                throw unreadable(spec.name(), e.getCause());
                            }
                        });
        if (spec.directory().isPresent() && !source.isAsked()) {
            warnings.accept(
                    "data set \""
                            + spec.name()
                            + "\" has no files of its own to be found in "
                            + spec.directory().get()
                            + "; that directory was not read");
        }
        return new OpenDataset(spec, provider, dataset);
    }

    /**
     * Says that a file of a data set can't be read; the message of some reasons is a path alone.
     */
    static DeepDefenseException unreadable(String name, IOException cause) {
        return new DeepDefenseException(
                "Data set \"" + name + "\" can't be read (" + cause + ")",
                "check the files, their permissions and the space on the disk",
                cause);
    }
}
