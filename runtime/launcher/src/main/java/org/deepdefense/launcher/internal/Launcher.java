// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** One run of the framework, for a shell or for a single command. */
final class Launcher {

    /** A command that could not be run because a part of the distribution is missing. */
    private static final int NO_RUNNER = 70;

    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(5);
    private static final String RUNNER = "(deepdefense.batch=true)";

    private final Installation installation;
    private final Path home;
    private final Map<Bundle, String> failures = new ConcurrentHashMap<>();

    Launcher(Installation installation, Path home) {
        this.installation = installation;
        this.home = home;
    }

    /**
     * Runs until the command has ended, or the user leaves the shell.
     *
     * @param command the command and its arguments; empty for a shell
     * @return the exit code
     */
    int run(List<String> command) throws IOException, BundleException, InterruptedException {
        boolean shell = command.isEmpty();
        NavigableMap<Integer, List<Path>> bundles = installation.bundles();
        int level = shell ? bundles.lastKey() : bundles.lastKey() - 1;
        PrivateCache cache = PrivateCache.create(Path.of(System.getProperty("java.io.tmpdir")));
        Framework framework = null;
        try {
            framework = factory().newFramework(configuration(cache.directory(), level));
            Stop stop = new Stop(framework, cache);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> onShutdown(stop), "stop"));
            start(framework, bundles);
            if (shell) {
                framework.waitForStop(0);
                return 0;
            }
            return runCommand(framework.getBundleContext(), command);
        } finally {
            new Stop(framework, cache).run();
        }
    }

    private static void onShutdown(Stop stop) {
        boolean foreign = ForeignExit.isUnderWay();
        stop.run();
        if (foreign) {
            Runtime.getRuntime().halt(ForeignExit.CODE);
        }
    }

    private static FrameworkFactory factory() {
        return ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework in lib/"));
    }

    private Map<String, String> configuration(Path cache, int level) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.resolve("felix").toString());
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(level));

        boolean writable = exists(home) && Files.isWritable(home);
        Path log = writable ? home.resolve("log") : cache.resolve("log");
        setDefault("deepdefense.log.dir", log.toString());
        setDefault(
                "org.ops4j.pax.logging.StaticLogbackFile",
                installation.root().resolve("etc").resolve("logback.xml").toString());
        // What the log itself has to say would go to the console, a full disk with every line.
        setDefault("org.ops4j.pax.logging.DefaultServiceLog.level", "NONE");

        configuration.put("deepdefense.distribution", "true");
        if (System.getenv("PYTORCH_LIBRARY_PATH") != null) {
            // Instead of the fragment with the library, which may be left out then.
            configuration.put(
                    Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA,
                    "org.deepdefense.native;platform=own");
        }
        configuration.put("gosh.home", installation.root().toString());
        // Plug-ins of the installation and of this home, and their configurations.
        configuration.put(
                "felix.fileinstall.dir",
                Stream.of(installation.root(), home)
                        .flatMap(d -> Stream.of(d.resolve("plugins"), d.resolve("etc")))
                        .filter(Launcher::exists)
                        .map(Path::toString)
                        .collect(Collectors.joining(",")));
        configuration.put("felix.fileinstall.tmpdir", cache.resolve("fileinstall").toString());
        configuration.put("felix.fileinstall.poll", "1000");
        configuration.put("felix.fileinstall.noInitialDelay", "true");
        configuration.put("felix.fileinstall.start.level", "3");
        return configuration;
    }

    private static void setDefault(String key, String value) {
        System.getProperties().putIfAbsent(key, value);
    }

    /** Tells whether the directory is there, or can be made. */
    private static boolean exists(Path directory) {
        try {
            Files.createDirectories(directory);
            return true;
        } catch (IOException e) {
            // Commands that only read work all the same; those that write say what is wrong.
            return false;
        }
    }

    private void start(Framework framework, Map<Integer, List<Path>> bundles)
            throws BundleException {
        framework.init();
        BundleContext context = framework.getBundleContext();
        context.addFrameworkListener(
                event -> {
                    if (event.getType() == FrameworkEvent.ERROR) {
                        failures.put(
                                event.getBundle(), printable(String.valueOf(event.getThrowable())));
                    }
                });
        List<Bundle> installed = new ArrayList<>();
        for (Map.Entry<Integer, List<Path>> level : bundles.entrySet()) {
            for (Path jar : level.getValue()) {
                // By reference: the framework reads the jar in place instead of copying it.
                Bundle bundle = context.installBundle("reference:" + jar.toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(level.getKey());
                installed.add(bundle);
            }
        }
        for (Bundle bundle : installed) {
            if (!isFragment(bundle)) {
                bundle.start();
            }
        }
        framework.start();
        failures.forEach(
                (bundle, cause) ->
                        System.err.println(
                                "deepdefense: " + bundle.getSymbolicName() + " failed: " + cause));
    }

    /** What a bundle says of itself must not move the cursor. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ");
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static int runCommand(BundleContext context, List<String> command) {
        ToIntFunction<String[]> runner = runner(context);
        if (runner == null) {
            System.err.println(
                    "deepdefense: no service runs commands; is org.deepdefense.shell among the"
                            + " bundles, and all it needs? The log says more.");
            return NO_RUNNER;
        }
        return runner.applyAsInt(command.toArray(String[]::new));
    }

    @SuppressWarnings("unchecked") // The service's contract, which its type cannot express.
    private static ToIntFunction<String[]> runner(BundleContext context) {
        try {
            ServiceReference<?>[] found =
                    context.getServiceReferences(ToIntFunction.class.getName(), RUNNER);
            return found == null ? null : (ToIntFunction<String[]>) context.getService(found[0]);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops the framework and removes its cache; from the end of a run or from a signal. */
    private record Stop(Framework framework, PrivateCache cache) implements Runnable {

        @Override
        public void run() {
            try {
                if (framework != null) {
                    framework.stop();
                    framework.waitForStop(STOP_MILLIS);
                }
                cache.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (BundleException e) {
                System.err.println("deepdefense: unclean stop: " + e);
            }
        }
    }
}
