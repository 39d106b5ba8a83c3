// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.download.Downloads;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.home.LockFile;
import org.deepdefense.engine.internal.work.Checksums;
import org.deepdefense.engine.internal.work.Settings;
import org.deepdefense.job.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps downloads in the cache of the home. A file has its name only when it is complete and its
 * checksum is right; until then it is a {@code .part} beside it, from which the next attempt goes
 * on. The files {@code .lock} stay behind, because deleting one while another process waits for it
 * would let two in.
 */
@Component(service = Downloads.class)
public final class CachedDownloads implements Downloads {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 200;
    private static final Logger logger = LoggerFactory.getLogger(CachedDownloads.class);

    private final Path cache;
    private final BooleanSupplier offline;
    private final Duration patience;

    /**
     * Uses the cache of the home.
     *
     * @param home has the cache
     * @param settings say whether downloads are allowed
     */
    @Activate
    public CachedDownloads(@Reference Home home, @Reference Settings settings) {
        this(home.cache(), settings::isOffline, PATIENCE);
    }

    /**
     * Uses another cache.
     *
     * @param cache a directory that may not exist yet
     * @param offline tells whether nothing is to be fetched
     * @param patience how long to wait for a connection, an answer, or the next bytes
     */
    public CachedDownloads(Path cache, BooleanSupplier offline, Duration patience) {
        this.cache = cache;
        this.offline = offline;
        this.patience = patience;
    }

    @Override
    public Path folder(String folder) {
        return cache.resolve(folder);
    }

    @Override
    public Path fetch(String folder, PublishedFile file, List<String> mirrors, Progress progress)
            throws IOException {
        Path place = folder(folder);
        Path target = place.resolve(file.name());
        if (!isThere(file, target)) {
            if (offline.getAsBoolean()) {
                throw new DeepDefenseException(
                        file + " is not in " + place + " and downloads are switched off",
                        "get it from "
                                + String.join(" or ", mirrors)
                                + " and give its directory with --data DIR, or allow downloads");
            }
            hold(place, file.name(), progress, () -> fetch(file, target, mirrors, progress));
        }
        String sum = Checksums.of(target);
        if (!sum.equals(file.sha256())) {
            throw new DeepDefenseException(
                    target + " has the SHA-256 sum " + sum + ", expected " + file.sha256(),
                    "delete it, and it is fetched again");
        }
        return target;
    }

    @Override
    public void exclusively(String folder, Progress progress, Work work) throws IOException {
        hold(folder(folder), folder, progress, work);
    }

    private static boolean isThere(PublishedFile file, Path target) throws IOException {
        return Files.isRegularFile(target) && Files.size(target) == file.size();
    }

    private void fetch(PublishedFile file, Path target, List<String> mirrors, Progress progress)
            throws IOException {
        if (isThere(file, target)) {
            return;
        }
        HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(patience)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
        List<String> failures = new ArrayList<>();
        for (String mirror : mirrors) {
            try {
                URI address = URI.create(mirror + (mirror.endsWith("/") ? "" : "/") + file.name());
                new Transfer(client, address, file, target, patience, progress).run();
                return;
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                logger.info("Fetching {} from {} failed", file.name(), mirror, e);
                failures.add(mirror + " (" + reason(e) + ")");
            }
        }
        throw new DeepDefenseException(
                file + " could not be fetched from " + String.join(", nor from ", failures),
                "check the network and the proxy (-Dhttps.proxyHost), or get the file elsewhere,"
                        + " unpacked if it is an archive, and give its directory with --data DIR");
    }

    private static String reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        return failure.getMessage() != null
                ? failure.getMessage()
                : failure instanceof ConnectException
                        ? "no connection"
                        : failure.getClass().getSimpleName();
    }

    /** Works while this thread of this process has the lock of a name. */
    private static void hold(Path folder, String name, Progress progress, Work work)
            throws IOException {
        Path file = folder.resolve(name + ".lock");
        try {
            Files.createDirectories(folder);
            requireFileOrNothing(file);
            LockFile lock = lock(file, progress);
            try {
                work.run();
            } finally {
                lock.close();
            }
        } catch (ClosedByInterruptException e) {
            throw interrupted();
        } catch (FileSystemException e) {
            throw new DeepDefenseException(
                    "The download cache " + folder + " cannot be written (" + e + ")",
                    "give a writable one with --home DIR, or the data with --data DIR",
                    e);
        }
    }

    private static LockFile lock(Path file, Progress progress) throws IOException {
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            Optional<LockFile> lock = LockFile.tryLock(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            progress.checkCancelled();
            progress.update("waiting for another download", 0, 0, file.toString());
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    /** Turns an interrupt into what it means to long work. */
    static CancellationException interrupted() {
        Thread.currentThread().interrupt();
        return new CancellationException("The download was interrupted");
    }

    /**
     * Makes sure that a file can be written in its place.
     *
     * @throws FileSystemException if there is something else, such as a pipe, to which writing may
     *     never end
     */
    static void requireFileOrNothing(Path file) throws FileSystemException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
            String found =
                    Files.isDirectory(file)
                            ? "a directory"
                            : Files.exists(file)
                                    ? "a pipe, a socket or a device"
                                    : "a link that leads nowhere";
            throw new FileSystemException(file.toString(), null, found);
        }
    }
}
