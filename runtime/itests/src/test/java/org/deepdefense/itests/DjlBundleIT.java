package org.deepdefense.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** DJL as somebody else's framework would install it: with logging and nothing more. */
public class DjlBundleIT extends FelixTest {

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
