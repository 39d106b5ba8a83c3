package org.deepdefense.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final int OURS = 3;

    @Inject protected BundleContext context;

    /** What the framework is made of. */
    protected abstract CompositeOption bundles();

    @Configuration
    public Option[] configuration() {
        return new Option[] {exam(), bundles()};
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
                systemProperty("deepdefense.home").value(work().resolve("home").toString()));
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

    protected static Path plugins() {
        return work().resolve("plugins");
    }

    protected static Path etc() {
        return work().resolve("etc");
    }

    private static Path directory(String property) {
        return Path.of(System.getProperty(property)).toAbsolutePath().normalize();
    }
}
