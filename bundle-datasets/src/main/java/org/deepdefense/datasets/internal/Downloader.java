// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.job.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches published files into the download cache. A file has its name only when it is complete and
 * its checksum is right; until then it is a {@code .part} beside it, from which the next attempt
 * goes on.
 */
final class Downloader {

    private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

    private static final long POLL_MILLIS = 100;

    /** How often one mirror may break off, each time with something gained. */
    private static final int ATTEMPTS = 5;

    private final List<String> mirrors;
    private final CacheLock lock;
    private final Duration patience;

    /**
     * Creates a downloader.
     *
     * @param mirrors the addresses of folders that have the files, tried in turn
     * @param lock what keeps others out of the cache
     * @param patience how long to wait for a connection, an answer, or the next bytes
     * @throws DeepDefenseException if there is no mirror
     */
    Downloader(List<String> mirrors, CacheLock lock, Duration patience) {
        if (mirrors.isEmpty()) {
            throw new DeepDefenseException(
                    "The list of mirrors is empty", "name at least one, or delete the setting");
        }
        this.mirrors = mirrors;
        this.lock = lock;
        this.patience = patience;
    }

    /** Returns where a user should look for the files. */
    String home() {
        return mirrors.get(0);
    }

    /**
     * Fetches a file unless the folder has it by then.
     *
     * @param file what to fetch
     * @param folder where to put it, in the cache
     * @param source whether to fetch, and whom to tell of it
     * @throws DeepDefenseException if downloads are not allowed, no mirror has the file, or the
     *     folder cannot be written
     */
    void fetch(PublishedFile file, Path folder, DatasetSource source) throws IOException {
        if (source.isOffline()) {
            throw new DeepDefenseException(
                    file + " is not in " + folder + " and downloads are switched off",
                    "get it from "
                            + home()
                            + " and give its directory with --data DIR, or allow downloads");
        }
        Progress progress = source.progress();
        lock.hold(folder, file.name(), progress, () -> fetchLocked(file, folder, progress));
    }

    private void fetchLocked(PublishedFile file, Path folder, Progress progress)
            throws IOException {
        if (file.isIn(folder)) {
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
                new Transfer(client, address, file, folder, progress).run();
                return;
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                LOG.info("Fetching {} from {} failed", file.name(), mirror, e);
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

    /** The transfer of one file from one mirror. */
    private final class Transfer {

        private final HttpClient client;
        private final URI address;
        private final PublishedFile file;
        private final Path part;
        private final Path target;
        private final Progress progress;

        Transfer(
                HttpClient client,
                URI address,
                PublishedFile file,
                Path folder,
                Progress progress) {
            this.client = client;
            this.address = address;
            this.file = file;
            this.part = folder.resolve(file.name() + ".part");
            this.target = folder.resolve(file.name());
            this.progress = progress;
        }

        void run() throws IOException {
            for (int attempt = 1; ; attempt++) {
                long before = received();
                try {
                    if (before < file.size()) {
                        receive(before);
                    }
                    complete();
                    return;
                } catch (IOException e) {
                    // Nothing gained and nothing thrown away: the next attempt would end alike.
                    if (received() == before || attempt == ATTEMPTS) {
                        throw e;
                    }
                    LOG.info("Going on with {} after {} bytes", address, received(), e);
                }
            }
        }

        private long received() throws IOException {
            InputFiles.requireFileOrNothing(part);
            return Files.exists(part) ? Files.size(part) : 0;
        }

        private void complete() throws IOException {
            long size = received();
            if (size < file.size()) {
                throw new EOFException("broke off after " + size + " of " + file.size() + " bytes");
            }
            // What is too long may be longer than anybody wants to read.
            String md5 = size > file.size() ? "not computed" : PublishedFile.md5Of(part);
            if (!md5.equals(file.md5())) {
                Files.delete(part);
                throw new IOException("sent another file: " + size + " bytes, MD5 " + md5);
            }
            PublishedFile.complete(part, target);
            report(size);
        }

        private void report(long size) {
            progress.update("fetching " + file.name(), size, file.size(), address.getHost());
        }

        private void receive(long offset) throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience);
            if (offset > 0) {
                request.header("Range", "bytes=" + offset + "-");
            }
            CompletableFuture<HttpResponse<Path>> answer =
                    client.sendAsync(request.build(), info -> body(info, offset));
            try {
                HttpResponse<Path> response = await(answer);
                if (response.body() == null) {
                    if (response.statusCode() == 416) {
                        Files.delete(part);
                    }
                    throw new IOException(refusal(response));
                }
            } finally {
                answer.cancel(true);
            }
        }

        /** Stores the body if it is what was asked for, and drops it otherwise. */
        private BodySubscriber<Path> body(ResponseInfo info, long offset) {
            boolean whole =
                    info.statusCode() == 200
                            && info.headers().firstValueAsLong("Content-Length").orElse(file.size())
                                    == file.size();
            boolean rest =
                    info.statusCode() == 206
                            && info.headers()
                                    .firstValue("Content-Range")
                                    .filter(range -> range.startsWith("bytes " + offset + "-"))
                                    .isPresent();
            if (rest) {
                return BodySubscribers.ofFile(
                        part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            }
            if (whole) {
                return BodySubscribers.ofFile(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
            }
            return BodySubscribers.replacing(null);
        }

        private String refusal(HttpResponse<?> response) {
            return switch (response.statusCode()) {
                case 200 ->
                        "offers another file: "
                                + response.headers().firstValue("Content-Length").orElse("?")
                                + " bytes, expected "
                                + file.size();
                case 206 -> "answers with another range than asked for";
                default -> "HTTP " + response.statusCode();
            };
        }

        private HttpResponse<Path> await(CompletableFuture<HttpResponse<Path>> answer)
                throws IOException {
            long last = received();
            long lastChange = System.nanoTime();
            report(last);
            while (true) {
                progress.checkCancelled();
                try {
                    return answer.get(POLL_MILLIS, MILLISECONDS);
                } catch (TimeoutException stillRunning) {
                    long size = received();
                    if (size != last) {
                        last = size;
                        lastChange = System.nanoTime();
                    } else if (System.nanoTime() - lastChange > patience.toNanos()) {
                        throw new HttpTimeoutException(
                                "nothing came for " + patience.toSeconds() + " s");
                    }
                    if (size > file.size()) {
                        throw new IOException("sends more than " + file.size() + " bytes");
                    }
                    report(size);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException failure) {
                        throw failure;
                    }
                    throw new IOException(e.getCause());
                } catch (InterruptedException e) {
                    throw CacheLock.interrupted();
                }
            }
        }
    }
}
