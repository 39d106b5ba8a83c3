// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.converter.ConversionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the user set for the engine as a whole: the framework or system property {@code
 * deepdefense.NAME}, else the environment variable {@code DEEPDEFENSE_NAME}, else what is
 * configured. A change of the configuration holds for whatever begins after it.
 */
@Component(service = Settings.class, configurationPid = "deepdefense.engine")
@Designate(ocd = Settings.Config.class)
public final class Settings {

    private static final int TIMEOUT_SECONDS = 5;
    private static final Logger logger = LoggerFactory.getLogger(Settings.class);

    /** What can be configured. */
    @ObjectClassDefinition(
            name = "Deep Defense engine",
            description = "System properties and environment variables come before it.")
    public @interface Config {

        /** Returns where the files of data sets are. */
        @AttributeDefinition(
                description = "directory with the files of data sets; if empty, they are fetched")
        String data() default "";

        /** Returns whether to do without the network. */
        @AttributeDefinition(description = "whether nothing is fetched from the network")
        boolean offline() default false;

        /** Returns how many threads an evaluation uses. */
        @AttributeDefinition(
                description = "threads of an evaluation; 0 are as many as there are processors",
                min = "0")
        int threads() default 0;

        /** Returns how long to wait for a plug-in. */
        @AttributeDefinition(
                description = "how long a plug-in may take to start, in seconds",
                min = "1")
        int timeout() default TIMEOUT_SECONDS;
    }

    private final UnaryOperator<String> properties;
    private final UnaryOperator<String> environment;
    private volatile Map<String, String> configured = Map.of();

    /**
     * Reads the settings of a framework.
     *
     * @param context gives access to framework and system properties
     * @param config what is configured
     */
    @Activate
    public Settings(BundleContext context, Config config) {
        this(context::getProperty, System::getenv);
        modified(config);
    }

    /**
     * Reads settings from elsewhere; nothing is configured.
     *
     * @param properties returns a property by its name, or null
     * @param environment returns an environment variable by its name, or null
     */
    public Settings(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /** Takes over another configuration. */
    @Modified
    void modified(Config config) {
        Map<String, String> values = new HashMap<>();
        put(values, "data", config::data);
        put(values, "offline", () -> Boolean.toString(config.offline()));
        put(values, "threads", () -> positive(config.threads()));
        put(values, "timeout", () -> positive(config.timeout()));
        configured = Map.copyOf(values);
    }

    /** A value that cannot be is reported where configurations are checked. */
    private static void put(Map<String, String> values, String name, Supplier<String> value) {
        try {
            values.put(name, value.get());
        } catch (ComponentException | ConversionException e) {
            logger.warn("The default of {} is in force", name, e);
        }
    }

    private static String positive(int number) {
        return number > 0 ? Integer.toString(number) : "";
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
                                environment.apply("DEEPDEFENSE_" + name.toUpperCase(Locale.ROOT))),
                        Optional.ofNullable(configured.get(name)))
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
