// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.options.CompositeOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * A test that runs inside a framework made of bundles of the distribution, one framework for all
 * methods of a class. A bundle that cannot be resolved fails the test.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class FelixTest {

    /** Where the levels of the distribution start to be ours. */
    protected static final int OURS = 3;

    @Inject protected BundleContext context;

    /** What the framework is made of. */
    protected abstract CompositeOption bundles();

    @Configuration
    public Option[] configuration() throws IOException {
        for (Path directory : List.of(plugins(), etc(), home())) {
            delete(directory);
            Files.createDirectories(directory);
        }
        return new Option[] {exam(), bundles()};
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** JUnit, and where to log. */
    private static CompositeOption exam() {
        return composite(
                systemProperty("pax.exam.invoker").value("junit"),
                link("org.apache.servicemix.bundles.junit"),
                link("org.apache.servicemix.bundles.hamcrest"),
                link("org.ops4j.pax.exam.invoker.junit"),
                systemProperty("org.ops4j.pax.logging.StaticLogbackFile")
                        .value(dist().resolve("etc").resolve("logback.xml").toString()),
                systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"),
                systemProperty("deepdefense.log.dir").value(work().resolve("log").toString()),
                systemProperty("deepdefense.home").value(home().toString()));
    }

    private static Option link(String name) {
        return bundle("link:classpath:META-INF/links/" + name + ".link");
    }

    /** Logging, Declarative Services, Config Admin. */
    protected static CompositeOption base() {
        return level(1);
    }

    /** DJL and its native library, and nothing that they would not run without. */
    protected static CompositeOption djl() {
        return level(2);
    }

    /** The API, the engine and the providers. */
    protected static CompositeOption deepDefense() {
        return level(OURS);
    }

    /** File Install, which watches two directories of this test. */
    protected static CompositeOption fileInstall() {
        return composite(
                level(OURS + 1),
                frameworkProperty("felix.fileinstall.dir").value(plugins() + "," + etc()),
                frameworkProperty("felix.fileinstall.poll").value("100"),
                frameworkProperty("felix.fileinstall.noInitialDelay").value("true"));
    }

    /** Gogo without a terminal, and our commands. */
    protected static CompositeOption commands() {
        return level(OURS + 2);
    }

    private static CompositeOption level(int level) {
        try (Stream<Path> jars =
                Files.list(dist().resolve("bundle").resolve(Integer.toString(level)))) {
            List<Option> options = jars.sorted().map(jar -> provision(jar, level)).toList();
            return composite(options.toArray(Option[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException("The distribution is not built", e);
        }
    }

    private static Option provision(Path jar, int level) {
        boolean fragment = jar.getFileName().toString().contains(".native");
        // By reference, as the launcher does it: the native library is not copied.
        return bundle("reference:" + jar.toUri()).startLevel(level).start(!fragment);
    }

    /** The distribution under test. */
    protected static Path dist() {
        return directory("deepdefense.dist");
    }

    /** A directory for whatever a test writes. */
    protected static Path work() {
        return directory("deepdefense.itests.work");
    }

    protected static Path home() {
        return work().resolve("home");
    }

    protected static Path plugins() {
        return work().resolve("plugins");
    }

    protected static Path etc() {
        return work().resolve("etc");
    }

    /** A bundle with an attack that knows the API and DJL only. */
    protected static Path examplePlugin() {
        return directory("deepdefense.itests.plugin");
    }

    /** A bundle with an application that embeds the engine. */
    protected static Path exampleApplication() {
        return directory("deepdefense.itests.application");
    }

    /** Copies a file and then moves it, so that nobody sees a half-written one. */
    protected static void drop(Path file, Path target) throws IOException {
        Path part = work().resolve("part");
        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path directory(String property) {
        return Path.of(System.getProperty(property)).toAbsolutePath().normalize();
    }
}
