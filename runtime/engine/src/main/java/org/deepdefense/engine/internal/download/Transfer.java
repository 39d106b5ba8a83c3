// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.download;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.engine.internal.work.Checksums;
import org.deepdefense.job.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transfer of one file from one mirror, which may break off and go on. */
final class Transfer {

    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
    private static final long POLL_MILLIS = 100;

    /** How often one mirror may break off, each time with something gained. */
    private static final int ATTEMPTS = 5;

    private final HttpClient client;
    private final URI address;
    private final PublishedFile file;
    private final Path part;
    private final Path target;
    private final Duration patience;
    private final Progress progress;

    Transfer(
            HttpClient client,
            URI address,
            PublishedFile file,
            Path target,
            Duration patience,
            Progress progress) {
        this.client = client;
        this.address = address;
        this.file = file;
        this.part = target.resolveSibling(file.name() + ".part");
        this.target = target;
        this.patience = patience;
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
        CachedDownloads.requireFileOrNothing(part);
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private void complete() throws IOException {
        long size = received();
        if (size < file.size()) {
            throw new EOFException("broke off after " + size + " of " + file.size() + " bytes");
        }
        // What is too long may be longer than anybody wants to read.
        String sum = size > file.size() ? "not computed" : Checksums.of(part);
        if (!sum.equals(file.sha256())) {
            Files.delete(part);
            throw new IOException("sent another file: " + size + " bytes, SHA-256 " + sum);
        }
        // Whoever sees the file sees all of it, even after a loss of power.
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
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
                throw CachedDownloads.interrupted();
            }
        }
    }
}
