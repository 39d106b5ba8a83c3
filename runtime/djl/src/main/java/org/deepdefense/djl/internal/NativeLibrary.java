package org.deepdefense.djl.internal;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * What is known about PyTorch's native library before it is loaded.
 *
 * @param platform this machine, as DJL names it, for example {@code linux-x86_64}
 * @param attached the platforms whose libraries are attached to this bundle, as {@code
 *     cpu-linux-x86_64}
 * @param override a directory given by {@code PYTORCH_LIBRARY_PATH}, or null
 */
record NativeLibrary(String platform, List<String> attached, String override) {

    private static final String DESCRIPTION = "native/lib/pytorch.properties";

    static NativeLibrary find() {
        List<String> attached = new ArrayList<>();
        try {
            ClassLoader loader = NativeLibrary.class.getClassLoader();
            for (URL url : Collections.list(loader.getResources(DESCRIPTION))) {
                Properties properties = new Properties();
                try (InputStream in = url.openStream()) {
                    properties.load(in);
                }
                attached.add(
                        properties.getProperty("flavor", "cpu")
                                + "-"
                                + properties.getProperty("classifier"));
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
        return override != null || attached.stream().anyMatch(a -> a.endsWith("-" + platform));
    }

    /** Says in one line what is missing and what to do about it. */
    String missing() {
        return "PyTorch's native library for "
                + platform
                + " is missing"
                + (attached.isEmpty() ? "" : " (installed: " + String.join(", ", attached) + ")")
                + ": install the fragment bundle org.deepdefense.djl.native."
                + platform
                + " (built with -Dnative.classifier="
                + platform
                + ") before this bundle starts, or set PYTORCH_LIBRARY_PATH";
    }

    /** Turns a failure to load the library into one line with cause and remedy. */
    String diagnose(Throwable failure) {
        if (!available()) {
            return missing();
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "PyTorch's native library for "
                + platform
                + " cannot be loaded: "
                + root
                + " (it is unpacked to "
                + Utils.getEngineCacheDir("pytorch")
                + "; DJL_CACHE_DIR chooses another place)";
    }
}
