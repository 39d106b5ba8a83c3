// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.engine.internal.work.Checksums;

/** A mirror on the loopback interface that behaves as well or as badly as a test wants. */
public final class Mirror implements AutoCloseable {

    /** How a request is answered. */
    @FunctionalInterface
    public interface Behaviour {

        /** Answers a request for a file with this content. */
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<Behaviour> script = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Starts a mirror that has no file yet. */
    public Mirror() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/data/", this::handle);
        server.start();
    }

    /** Returns the address of the folder with the files. */
    public String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/data";
    }

    /** Adds a file. */
    public Mirror serving(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** Answers the next requests in these ways; all later ones are answered well. */
    public Mirror first(Behaviour... behaviours) {
        script.addAll(List.of(behaviours));
        return this;
    }

    /** Returns the file name and the range of each request, such as {@code "a.bin bytes=5-"}. */
    public List<String> requests() {
        return requests;
    }

    /** Returns bytes that nobody else has. */
    public static byte[] content(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** Describes content as its home would publish it. */
    public static PublishedFile published(String name, byte[] content) {
        return new PublishedFile(
                name, content.length, HexFormat.of().formatHex(Checksums.sha256().digest(content)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(range == null ? name : name + " " + range);
            byte[] content = files.get(name);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            nextBehaviour().answer(exchange, content);
        }
    }

    private synchronized Behaviour nextBehaviour() {
        return script.isEmpty() ? Mirror::wellBehaved : script.remove(0);
    }

    /** Sends the whole file or the range that is asked for. */
    public static void wellBehaved(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content, content.length);
            return;
        }
        int start = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (start >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        exchange.getResponseHeaders()
                .set(
                        "Content-Range",
                        "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        byte[] rest = Arrays.copyOfRange(content, start, content.length);
        send(exchange, 206, rest, rest.length);
    }

    /** Sends the whole file whatever is asked for. */
    public static void withoutRanges(HttpExchange exchange, byte[] content) throws IOException {
        send(exchange, 200, content, content.length);
    }

    /** Promises the whole file and closes the connection after some bytes. */
    public static Behaviour breakingOffAfter(int bytes) {
        return (exchange, content) -> send(exchange, 200, content, bytes);
    }

    /** Sends another file instead. */
    public static Behaviour sending(byte[] other) {
        return (exchange, content) -> send(exchange, 200, other, other.length);
    }

    /** Sends some bytes and nothing more until interrupted. */
    public static Behaviour stallingAfter(int bytes) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void send(HttpExchange exchange, int status, byte[] content, int bytes)
            throws IOException {
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content, 0, bytes);
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
