// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM in which somebody has loaded PyTorch before us goes on, and says why we do not. */
@Tag("slow")
class SecondPyTorchTest {

    @BeforeAll
    static void unpack() {
        Engine.getInstance();
    }

    @Test
    void aLibraryThatSomebodyLoadedByItself() throws Exception {
        assertRefused(ChildJvm.run(AfterALibrary.class, library().toString()));
    }

    @Test
    void aDjlOfTheHost() throws Exception {
        assertRefused(ChildJvm.run(AfterAnotherDjl.class, "plain"));
    }

    @Test
    void anOlderRevisionOfThisBundle() throws Exception {
        assertRefused(ChildJvm.run(AfterAnotherDjl.class, "ours"));
    }

    @Test
    void aFailureToLoadMayBeTriedAgain(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        ChildJvm child =
                ChildJvm.run(AtSecondTry.class, file.toString(), library().getParent().toString());
        assertEquals(0, child.code(), child.output());
        assertTrue(child.output().contains("first: PyTorch's native library"), child.output());
        assertTrue(child.output().contains("second: PyTorch"), child.output());
    }

    private static void assertRefused(ChildJvm child) {
        assertEquals(0, child.code(), child.output());
        assertTrue(
                child.output().contains("refused: PyTorch is in this process already (loaded"),
                child.output());
        assertTrue(child.output().contains(library().getParent().toString()), child.output());
        assertEquals(1, child.output().strip().lines().count(), child.output());
    }

    private static Path library() {
        return NativeCache.current()
                .place(NativeLibrary.find().archive().orElseThrow())
                .resolve(System.mapLibraryName("c10"));
    }

    static void attempt() {
        try {
            new PyTorchProvider().getEngine();
            System.out.println("loaded");
        } catch (EngineException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    /** Loads one library of PyTorch, then ours. */
    static final class AfterALibrary {

        public static void main(String[] args) {
            System.load(args[0]);
            attempt();
        }
    }

    /** Loads PyTorch through DJL in another class loader, then ours. */
    static final class AfterAnotherDjl {

        public static void main(String[] args) throws Exception {
            ClassLoader loader =
                    new URLClassLoader(
                            path(args[0].equals("ours")), ClassLoader.getPlatformClassLoader());
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass("ai.djl.engine.Engine").getMethod("getInstance").invoke(null);
            Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
            attempt();
        }

        private static URL[] path(boolean withOurs) throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry :
                    System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (withOurs || entry.endsWith(".jar")) {
                    urls.add(Path.of(entry).toUri().toURL());
                }
            }
            return urls.toArray(URL[]::new);
        }
    }

    /** Fails to unpack, then has a place for it. */
    static final class AtSecondTry {

        public static void main(String[] args) {
            System.setProperty(NativeCache.SETTING, args[0]);
            try {
                new PyTorchProvider().getEngine();
            } catch (EngineException e) {
                System.out.println("first: " + e.getMessage());
            }
            System.setProperty(
                    NativeCache.SETTING, Path.of(args[1]).getParent().getParent().toString());
            System.out.println("second: " + new PyTorchProvider().getEngine().getEngineName());
        }
    }
}
