// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known about PyTorch's native library before it is loaded.
 *
 * @param platform this machine, as DJL names it, for example {@code linux-x86_64}
 * @param attached the libraries that are attached to this bundle
 * @param override a directory given by {@code PYTORCH_LIBRARY_PATH}, or null
 */
record NativeLibrary(String platform, List<Archive> attached, String override) {

    private static final String DESCRIPTION = "native/lib/pytorch.properties";

    /**
     * A library for one platform, as it describes itself.
     *
     * @param version the version of PyTorch, with that of the build
     * @param flavor {@code cpu} or a version of CUDA
     * @param classifier the platform
     * @param files the names of its files
     */
    record Archive(String version, String flavor, String classifier, List<String> files) {

        static Archive of(Properties properties) {
            return new Archive(
                    properties.getProperty("version"),
                    properties.getProperty("flavor", "cpu"),
                    properties.getProperty("classifier"),
                    List.of(properties.getProperty("libraries", "").split(",")));
        }

        @Override
        public String toString() {
            return flavor + "-" + classifier;
        }
    }

    static NativeLibrary find() {
        List<Archive> attached = new ArrayList<>();
        try {
            ClassLoader loader = NativeLibrary.class.getClassLoader();
            for (URL url : Collections.list(loader.getResources(DESCRIPTION))) {
                Properties properties = new Properties();
                try (InputStream in = url.openStream()) {
                    properties.load(in);
                }
                attached.add(Archive.of(properties));
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + DESCRIPTION, e);
        }
        return new NativeLibrary(
                platform(System.getProperty("os.name"), System.getProperty("os.arch")),
                List.copyOf(attached),
                Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH"));
    }

    static String platform(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String os = name.startsWith("win") ? "win" : name.startsWith("mac") ? "osx" : "linux";
        return os + "-" + ("amd64".equals(osArch) ? "x86_64" : osArch);
    }

    boolean available() {
        return override != null || archive().isPresent();
    }

    /** The attached library that fits, if there is one. */
    Optional<Archive> archive() {
        return attached.stream().filter(a -> a.classifier().equals(platform)).findFirst();
    }

    /** Says in one line what is missing and what to do about it. */
    String missing() {
        return "PyTorch's native library for "
                + platform
                + " is missing"
                + (attached.isEmpty()
                        ? ""
                        : " (installed: "
                                + String.join(
                                        ", ", attached.stream().map(Archive::toString).toList())
                                + ")")
                + ": install the fragment bundle org.deepdefense.djl.native."
                + platform
                + " (built with -Dnative.classifier="
                + platform
                + ") before this bundle starts, or set PYTORCH_LIBRARY_PATH";
    }

    /** Says in one line why the library must not be loaded and what to do about it. */
    static String occupied(String other) {
        return "PyTorch is in this process already (loaded by or from "
                + other
                + "), and a second one would abort the JVM: use one DJL for all, such as the packages"
                + " ai.djl of the bundle org.deepdefense.djl, or run the two in processes of their"
                + " own; if org.deepdefense.djl was updated or refreshed, restart the JVM";
    }

    /** Turns a failure to load the library into one line with cause and remedy. */
    String diagnose(Throwable failure, Path directory) {
        if (!available()) {
            return missing();
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String remedy =
                root instanceof IOException
                        ? "it is unpacked to "
                                + directory
                                + "; make room there and let this user write, or start the JVM with"
                                + " another directory as DJL_CACHE_DIR"
                        : override == null
                                ? "delete " + directory + ", so that it is unpacked anew"
                                : "check the directory " + override + " of PYTORCH_LIBRARY_PATH";
        return "PyTorch's native library for "
                + platform
                + " cannot be loaded: "
                + root
                + "; "
                + remedy;
    }
}
