package org.deepdefense.engine.internal.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens data sets where the user keeps them. */
@Component(service = DatasetOpener.class)
public final class DatasetOpener {

    private final Settings settings;
    private final Home home;

    /**
     * Creates an opener.
     *
     * @param settings say where data sets are
     * @param home where downloads go
     */
    @Activate
    public DatasetOpener(@Reference Settings settings, @Reference Home home) {
        this.settings = settings;
        this.home = home;
    }

    private record Source(
            Optional<Path> directory, Path cache, boolean isOffline, Progress progress)
            implements DatasetSource {}

    /**
     * Opens a data set.
     *
     * @param provider the data set
     * @param spec which images of it, and where
     * @param progress takes the progress of a download
     * @return the images
     * @throws DeepDefenseException if its files are missing or damaged
     */
    public OpenDataset open(
            PluginUse<DatasetProvider> provider, DatasetSpec spec, Progress progress) {
        DatasetSource source =
                new Source(
                        spec.directory().or(settings::dataDirectory),
                        home.cache(),
                        settings.isOffline(),
                        progress);
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
