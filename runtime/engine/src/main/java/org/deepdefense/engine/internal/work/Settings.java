// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What the user set for the engine as a whole: the framework or system property {@code
 * deepdefense.NAME}, else the environment variable {@code DEEPDEFENSE_NAME}.
 */
@Component(service = Settings.class)
public final class Settings {

    private static final int TIMEOUT_SECONDS = 5;

    private final UnaryOperator<String> properties;
    private final UnaryOperator<String> environment;

    /**
     * Reads the settings of a framework.
     *
     * @param context gives access to framework and system properties
     */
    @Activate
    public Settings(BundleContext context) {
        this(context::getProperty, System::getenv);
    }

    /**
     * Reads settings from elsewhere.
     *
     * @param properties returns a property by its name, or null
     * @param environment returns an environment variable by its name, or null
     */
    public Settings(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /**
     * Returns where the files of data sets are.
     *
     * @return the directory {@code data}, if it is set
     * @throws DeepDefenseException if it is no path
     */
    public Optional<Path> dataDirectory() {
        return get("data")
                .map(
                        text -> {
                            try {
                                return Path.of(text);
                            } catch (InvalidPathException e) {
                                throw invalid("data", text, "a directory", e);
                            }
                        });
    }

    /**
     * Tells whether nothing is to be fetched from the network.
     *
     * @return whether {@code offline} is set to anything but {@code false}
     */
    public boolean isOffline() {
        return get("offline").map(text -> !"false".equalsIgnoreCase(text)).orElse(false);
    }

    /**
     * Returns how many threads an evaluation uses.
     *
     * @return {@code threads}, or else the number of processors
     * @throws DeepDefenseException if it is no number above 0
     */
    public int threads() {
        return positive("threads").orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    /**
     * Returns how long to wait for a plug-in to start.
     *
     * @return {@code timeout}, in seconds, or else 5 s
     * @throws DeepDefenseException if it is no number above 0
     */
    public Duration timeout() {
        return Duration.ofSeconds(positive("timeout").orElse(TIMEOUT_SECONDS));
    }

    private Optional<Integer> positive(String name) {
        Optional<String> text = get(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number > 0) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            throw invalid(name, text.get(), "1 or more", e);
        }
        throw invalid(name, text.get(), "1 or more", null);
    }

    private Optional<String> get(String name) {
        return Stream.of(
                        Optional.ofNullable(properties.apply("deepdefense." + name)),
                        Optional.ofNullable(
                                environment.apply("DEEPDEFENSE_" + name.toUpperCase(Locale.ROOT))))
                .flatMap(Optional::stream)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static DeepDefenseException invalid(
            String name, String text, String allowed, Throwable cause) {
        return new DeepDefenseException(
                "The setting deepdefense." + name + " is \"" + text + "\"",
                "set it to " + allowed + ", or leave it out",
                cause);
    }
}
