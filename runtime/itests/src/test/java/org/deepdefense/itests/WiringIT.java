// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.PluginInfo;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Who knows whom: api ← providers ← nobody, api ← engine, api ← report ← shell. */
public class WiringIT extends FelixTest {

    private static final String API = "org.deepdefense.api";
    private static final String DJL = "org.deepdefense.djl";
    private static final String REPORT = "org.deepdefense.report";

    /** The bundles of ours whose packages each of them may import. */
    private static final Map<String, Set<String>> ALLOWED =
            Map.ofEntries(
                    entry(DJL, Set.of()),
                    entry(API, Set.of(DJL)),
                    entry("org.deepdefense.models", Set.of(API, DJL)),
                    entry("org.deepdefense.attacks", Set.of(API, DJL)),
                    entry("org.deepdefense.defense", Set.of(API, DJL)),
                    entry("org.deepdefense.datasets", Set.of(API, DJL)),
                    entry("org.deepdefense.engine", Set.of(API, DJL)),
                    entry(REPORT, Set.of(API, DJL)),
                    entry("org.deepdefense.shell", Set.of(API, DJL, REPORT)));

    @Inject private ServiceComponentRuntime components;
    @Inject private Catalog catalog;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense(), commands());
    }

    @Test
    public void everyBundleIsActive() {
        List<String> others =
                Arrays.stream(context.getBundles())
                        .filter(b -> !isFragment(b) && b.getState() != Bundle.ACTIVE)
                        .map(Bundle::getSymbolicName)
                        .toList();
        assertEquals(List.of(), others);
    }

    @Test
    public void everyBundleOfOursIsThere() {
        assertEquals(ALLOWED.keySet(), ours().map(Bundle::getSymbolicName).collect(toSet()));
    }

    @Test
    public void everyPluginIsRegistered() {
        assertEquals(List.of("convnet", "lenet", "mlp"), names(PluginInfo.Kind.MODEL));
        assertEquals(
                List.of("cifar10", "digits", "imagenet", "mnist"), names(PluginInfo.Kind.DATASET));
        assertEquals(
                List.of(
                        "adversarial-training",
                        "deep-defense",
                        "fast",
                        "mart",
                        "parseval",
                        "pgd-at",
                        "reference",
                        "trades"),
                names(PluginInfo.Kind.DEFENSE));
        assertEquals(List.of("awp"), names(PluginInfo.Kind.MODIFIER));
        assertTrue(
                names(PluginInfo.Kind.ATTACK)
                        .containsAll(List.of("fgsm", "pgd", "deepfool", "square", "boundary")));
    }

    private List<String> names(PluginInfo.Kind kind) {
        return catalog.list(kind).stream().map(PluginInfo::name).toList();
    }

    @Test
    public void everyComponentIsSatisfied() {
        List<String> problems = new ArrayList<>();
        for (ComponentDescriptionDTO component :
                components.getComponentDescriptionDTOs(ours().toArray(Bundle[]::new))) {
            for (ComponentConfigurationDTO configuration :
                    components.getComponentConfigurationDTOs(component)) {
                if (configuration.state != ComponentConfigurationDTO.ACTIVE
                        && configuration.state != ComponentConfigurationDTO.SATISFIED) {
                    problems.add(
                            component.name
                                    + " lacks "
                                    + Arrays.stream(configuration.unsatisfiedReferences)
                                            .map(r -> r.name)
                                            .toList()
                                    + ", "
                                    + configuration.failure);
                }
            }
        }
        assertEquals(List.of(), problems);
    }

    @Test
    public void nobodyImportsWhatItMustNotKnow() {
        for (Bundle bundle : ours().toList()) {
            Set<String> imported =
                    wiring(bundle).getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                            .map(wire -> wire.getProvider().getSymbolicName())
                            .filter(name -> name.startsWith("org.deepdefense"))
                            .collect(toSet());
            imported.removeAll(ALLOWED.get(bundle.getSymbolicName()));
            assertEquals(bundle.getSymbolicName(), Set.of(), imported);
        }
    }

    @Test
    public void onlyTheApiDjlAndTheReportExportPackages() {
        for (Bundle bundle : ours().toList()) {
            boolean exports = Set.of(API, DJL, REPORT).contains(bundle.getSymbolicName());
            assertEquals(bundle.getSymbolicName(), exports, !exported(bundle).isEmpty());
        }
    }

    @Test
    public void whatIsNotExportedIsNamedInternal() {
        for (Bundle bundle : ours().toList()) {
            Set<String> packages = packages(bundle);
            packages.removeAll(exported(bundle));
            packages.removeIf(name -> name.matches(".*\\.internal(\\..*)?"));
            assertEquals(bundle.getSymbolicName(), Set.of(), packages);
        }
    }

    @Test
    public void nobodyImportsWhatAHostMayBringLater() {
        for (Bundle bundle : ours().toList()) {
            List<String> changeable =
                    imports(bundle).stream()
                            .map(BundleRequirement::getDirectives)
                            .filter(d -> d.containsKey(Constants.RESOLUTION_DIRECTIVE))
                            .map(d -> d.get(Constants.FILTER_DIRECTIVE))
                            .toList();
            assertEquals(bundle.getSymbolicName(), List.of(), changeable);
        }
    }

    @Test
    public void everybodyTakesTheSameVersionsOfTheLoggingApi() {
        Map<String, List<String>> users =
                ours().flatMap(b -> imports(b).stream())
                        .filter(r -> filter(r).contains("(osgi.wiring.package=org.slf4j)"))
                        .collect(
                                groupingBy(
                                        WiringIT::filter,
                                        mapping(r -> r.getRevision().getSymbolicName(), toList())));
        assertEquals(users.toString(), 1, users.size());
        String range = users.keySet().iterator().next();
        assertTrue(range, range.contains("(version>=1.7.0)(!(version>=3.0.0))"));
    }

    private static List<BundleRequirement> imports(Bundle bundle) {
        return bundle.adapt(BundleRevision.class)
                .getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE);
    }

    private static String filter(BundleRequirement requirement) {
        return requirement.getDirectives().get(Constants.FILTER_DIRECTIVE);
    }

    private static Set<String> exported(Bundle bundle) {
        return wiring(bundle).getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(BundleCapability::getAttributes)
                .map(attributes -> (String) attributes.get(PackageNamespace.PACKAGE_NAMESPACE))
                .collect(toSet());
    }

    /** The packages of ours in a bundle; it may hold libraries too. */
    private static Set<String> packages(Bundle bundle) {
        Set<String> packages = new HashSet<>();
        for (URL url : Collections.list(bundle.findEntries("org/deepdefense", "*.class", true))) {
            String path = url.getPath().substring(1);
            packages.add(path.substring(0, path.lastIndexOf('/')).replace('/', '.'));
        }
        return packages;
    }

    private Stream<Bundle> ours() {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().startsWith("org.deepdefense."))
                .filter(b -> !isFragment(b));
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static BundleWiring wiring(Bundle bundle) {
        return bundle.adapt(BundleWiring.class);
    }
}
