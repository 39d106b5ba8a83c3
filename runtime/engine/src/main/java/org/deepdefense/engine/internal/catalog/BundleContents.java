// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.deepdefense.engine.internal.work.Checksums;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one state of a bundle from another by what is in it: a version says too little of a bundle
 * that is being developed, and the time of its installation too much, as every start of the
 * distribution installs all bundles anew.
 */
final class BundleContents {

    private static final Logger logger = LoggerFactory.getLogger(BundleContents.class);

    private final Map<State, Optional<String>> known = new ConcurrentHashMap<>();

    private record State(long bundle, long lastModified) {}

    /**
     * Returns a checksum of a bundle and of all bundles that it takes packages from, directly or
     * not.
     *
     * @return the checksum, or nothing if the content of one of them is not known
     */
    Optional<String> checksum(Bundle bundle) {
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            // What the application that embeds the framework registers is on its class path.
            return Optional.empty();
        }
        MessageDigest digest = Checksums.sha256();
        for (Bundle part : withProviders(bundle)) {
            Optional<String> own =
                    known.computeIfAbsent(
                            new State(part.getBundleId(), part.getLastModified()),
                            state -> read(part));
            if (own.isEmpty()) {
                return Optional.empty();
            }
            digest.update(own.get().getBytes(StandardCharsets.UTF_8));
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }

    /** The framework itself is left out: it has no content, and no say in what attacks compute. */
    private static NavigableSet<Bundle> withProviders(Bundle bundle) {
        NavigableSet<Bundle> found =
                new TreeSet<>(
                        Comparator.comparing(Bundle::getSymbolicName)
                                .thenComparing(Bundle::getVersion)
                                .thenComparing(Bundle::getBundleId));
        Deque<Bundle> open = new ArrayDeque<>(List.of(bundle));
        while (!open.isEmpty()) {
            Bundle next = open.remove();
            if (next.getBundleId() == Constants.SYSTEM_BUNDLE_ID || !found.add(next)) {
                continue;
            }
            BundleWiring wiring = next.adapt(BundleWiring.class);
            if (wiring != null) {
                for (BundleWire wire :
                        wiring.getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)) {
                    open.add(wire.getProvider().getBundle());
                }
            }
        }
        return found;
    }

    private static Optional<String> read(Bundle bundle) {
        Enumeration<URL> entries = bundle.findEntries("/", "*", true);
        if (entries == null) {
            return Optional.empty();
        }
        Map<String, URL> sorted = new TreeMap<>();
        Collections.list(entries).forEach(entry -> sorted.put(entry.getPath(), entry));
        MessageDigest digest = Checksums.sha256();
        try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Map.Entry<String, URL> entry : sorted.entrySet()) {
                if (!entry.getKey().endsWith("/")) {
                    sink.write(entry.getKey().getBytes(StandardCharsets.UTF_8));
                    try (InputStream content = entry.getValue().openStream()) {
                        content.transferTo(sink);
                    }
                }
            }
        } catch (IOException e) {
            logger.warn("Cannot read the content of {}", bundle, e);
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }
}
