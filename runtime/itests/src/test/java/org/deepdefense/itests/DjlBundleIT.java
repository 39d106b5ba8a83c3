// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** DJL as somebody else's framework would install it: with logging and nothing more. */
public class DjlBundleIT extends FelixTest {

    private static final String NATIVE = "org.deepdefense.native";

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl());
    }

    @Test
    public void nativeLibraryIsAttachedAsAFragment() {
        List<BundleWire> attached = wiring().getProvidedWires(HostNamespace.HOST_NAMESPACE);
        assertEquals(1, attached.size());
        assertTrue(
                attached.get(0)
                        .getRequirer()
                        .getSymbolicName()
                        .startsWith("org.deepdefense.djl.native."));
    }

    @Test
    public void computesInAThreadThatKnowsNothingOfDjl() throws InterruptedException {
        float[][] result = new float[1][];
        Thread thread =
                new Thread(
                        () -> {
                            try (NDManager manager = NDManager.newBaseManager()) {
                                NDArray x = manager.create(new float[] {1, 2, 3});
                                result[0] = x.mul(x).toFloatArray();
                            }
                        });
        thread.setContextClassLoader(null);
        thread.start();
        thread.join();
        assertArrayEquals(new float[] {1, 4, 9}, result[0], 0);
    }

    @Test
    public void engineIsPyTorchWithTheDefaultsOfTheBundle() {
        assertEquals("PyTorch", Engine.getInstance().getEngineName());
        assertEquals("true", System.getProperty("ai.djl.offline"));
        assertEquals("1", System.getProperty("ai.djl.pytorch.num_threads"));
    }

    @Test
    public void needsNoOtherBundleThanALoggingApi() {
        List<String> imported =
                wiring().getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                        .filter(wire -> wire.getProvider().getBundle().getBundleId() != 0)
                        .map(
                                wire ->
                                        (String)
                                                wire.getCapability()
                                                        .getAttributes()
                                                        .get(PackageNamespace.PACKAGE_NAMESPACE))
                        .toList();
        assertEquals(List.of("org.slf4j"), imported);
    }

    @Test
    public void takesItsNativeLibraryFromTheFragmentThatFits() {
        List<String> platforms =
                wiring().getCapabilities(NATIVE).stream()
                        .map(c -> (String) c.getAttributes().get("platform"))
                        .toList();
        assertEquals(1, platforms.size());
        BundleRevision fragment =
                wiring().getProvidedWires(HostNamespace.HOST_NAMESPACE).get(0).getRequirer();
        assertTrue(fragment.getSymbolicName().endsWith("." + platforms.get(0)));
        assertEquals(1, fragment.getDeclaredRequirements("osgi.native").size());
        assertEquals(1, wiring().getRequirements(NATIVE).size());
    }

    @Test
    public void isNotWiredAnewByWhatTheHostInstallsLater() throws Exception {
        Bundle later = context.installBundle("memory:later", exporter());
        later.start();
        List<BundleRequirement> served =
                wiring()
                        .getRevision()
                        .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)
                        .stream()
                        .filter(
                                r ->
                                        later
                                                .adapt(BundleRevision.class)
                                                .getDeclaredCapabilities(
                                                        PackageNamespace.PACKAGE_NAMESPACE)
                                                .stream()
                                                .anyMatch(r::matches))
                        .toList();
        assertEquals(List.of(), served);
        later.uninstall();
    }

    /** A bundle with packages that DJL uses where they are there. */
    private static InputStream exporter() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, "later");
        manifest.getMainAttributes()
                .putValue(
                        Constants.EXPORT_PACKAGE,
                        "org.apache.commons.codec.binary;version=1.17.1,"
                                + "org.apache.commons.compress.archivers.tar;version=1.27.1,"
                                + "org.apache.commons.compress.compressors.gzip;version=1.27.1,"
                                + "org.apache.commons.io.input;version=1.4.9999,"
                                + "com.google.errorprone.annotations;version=2.38,"
                                + "sun.misc");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    public void keepsWhatItEmbedsToItself() {
        Bundle djl = FrameworkUtil.getBundle(Engine.class);
        assertEquals("org.deepdefense.djl", djl.getSymbolicName());
        boolean exported =
                wiring().getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                        .map(
                                c ->
                                        (String)
                                                c.getAttributes()
                                                        .get(PackageNamespace.PACKAGE_NAMESPACE))
                        .anyMatch(p -> !p.startsWith("ai.djl") && !p.equals("org.deepdefense.djl"));
        assertTrue(!exported);
        assertNull(
                Arrays.stream(context.getBundles())
                        .filter(b -> b.getSymbolicName().equals("com.google.gson"))
                        .findAny()
                        .orElse(null));
    }

    private static BundleWiring wiring() {
        return FrameworkUtil.getBundle(Engine.class).adapt(BundleWiring.class);
    }
}
