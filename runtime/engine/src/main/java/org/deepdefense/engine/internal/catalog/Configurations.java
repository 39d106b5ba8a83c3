// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what users configure with what there is to be configured: Config Admin takes everything,
 * and Declarative Services ignores what it does not know.
 */
@Component(service = {Configurations.class, ConfigurationListener.class})
public final class Configurations implements ConfigurationListener {

    /** The distribution looks for files once a second. */
    private static final Duration LATENCY = Duration.ofSeconds(2);

    private static final String OURS = "org.deepdefense";
    private static final String NAME = AttackPlugin.PREFIX_ + "name";

    /** What separates the name of a class, a kind or a plug-in from what stands before. */
    private static final Pattern PATH = Pattern.compile(".*\\.");

    private static final Set<String> PLUGINS =
            Stream.of(
                            Attack.class,
                            Defense.class,
                            ObjectiveModifier.class,
                            ModelProvider.class,
                            DatasetProvider.class,
                            ModelFormat.class)
                    .map(Class::getName)
                    .collect(Collectors.toSet());
    private static final Logger logger = LoggerFactory.getLogger(Configurations.class);

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final ServiceComponentRuntime components;
    private final ConfigurationFiles files;
    private final Metatypes metatypes = new Metatypes();

    /**
     * Starts to listen.
     *
     * @param context finds the bundles of components
     * @param admin has the configurations
     * @param components has the components
     */
    @Activate
    public Configurations(
            BundleContext context,
            @Reference ConfigurationAdmin admin,
            @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.admin = admin;
        this.components = components;
        this.files =
                new ConfigurationFiles(
                        context.getProperty(ConfigurationFiles.DIRECTORIES), LATENCY);
    }

    Metatypes metatypes() {
        return metatypes;
    }

    /** Logs what is wrong with a configuration that was made or changed. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            configurations().stream()
                    .filter(configured -> configured.name().equals(event.getPid()))
                    .flatMap(configured -> check(configured).stream())
                    .forEach(logger::warn);
        }
    }

    /**
     * Checks all configurations against the components that there are now.
     *
     * @return what is wrong, a line each
     */
    public List<String> problems() {
        List<Configured> configurations = configurations();
        Set<String> read =
                configurations.stream()
                        .flatMap(c -> ConfigurationFiles.address(c.properties()).stream())
                        .collect(Collectors.toSet());
        List<String> problems = new ArrayList<>(files.unread(read, this::isOurs));
        configurations.forEach(configured -> problems.addAll(check(configured)));
        return problems;
    }

    private List<Configured> configurations() {
        try {
            Configuration[] configurations = admin.listConfigurations(null);
            return configurations == null
                    ? List.of()
                    : Arrays.stream(configurations)
                            .flatMap(configuration -> Configured.of(configuration).stream())
                            .toList();
        } catch (IOException | InvalidSyntaxException e) {
            logger.debug("The configurations cannot be checked", e);
            return List.of();
        }
    }

    private List<String> check(Configured configured) {
        String pid = configured.pid();
        Map<String, Object> properties = configured.properties();
        Optional<String> file = ConfigurationFiles.name(properties);
        String label = file.orElse(configured.name());
        Optional<String> other = file.flatMap(name -> ConfigurationFiles.meant(name, pid, pids()));
        if (other.isPresent()) {
            return List.of(
                    label
                            + " configures \""
                            + pid
                            + "\", since what follows a hyphen is a name of your own; the name of a"
                            + " file for the other begins with \""
                            + other.get()
                            + "\"");
        }
        List<ComponentDescriptionDTO> found = components(pid);
        if (found.isEmpty()) {
            return isOurs(pid) ? List.of(unknown(label, pid)) : List.of();
        }
        return found.stream()
                .filter(Configurations::isOurs)
                .flatMap(component -> check(label, pid, properties, component).stream())
                .toList();
    }

    private List<ComponentDescriptionDTO> components(String pid) {
        return components.getComponentDescriptionDTOs().stream()
                .filter(component -> List.of(component.configurationPid).contains(pid))
                .toList();
    }

    /** In another's framework, most configurations are none of our business. */
    private static boolean isOurs(ComponentDescriptionDTO component) {
        return component.bundle.symbolicName.startsWith(OURS)
                || Arrays.stream(component.serviceInterfaces).anyMatch(PLUGINS::contains);
    }

    private boolean isOurs(String pid) {
        Map<String, String> known = pids();
        return pid.startsWith(OURS)
                || pid.startsWith(AttackPlugin.PREFIX_)
                || known.containsKey(pid)
                || !NearestNames.question(pid, known.values()).isEmpty();
    }

    /**
     * Returns what can be configured: PIDs by themselves, by the names of plug-ins and by those of
     * their classes, which some take for a PID.
     */
    private Map<String, String> pids() {
        Map<String, String> pids = new TreeMap<>();
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            if (isOurs(component)) {
                for (String pid : component.configurationPid) {
                    pids.put(pid, pid);
                    pids.putIfAbsent(lastName(component.implementationClass), pid);
                    if (component.properties.get(NAME) instanceof String name) {
                        pids.put(name, pid);
                    }
                }
            }
        }
        return pids;
    }

    private static String lastName(String path) {
        return PATH.matcher(path).replaceFirst("");
    }

    private String unknown(String label, String pid) {
        Map<String, String> known = pids();
        String name = lastName(pid);
        String suggestion =
                Stream.of(pid, name)
                        .flatMap(key -> Optional.ofNullable(known.get(key)).stream())
                        .findFirst()
                        .map(right -> "its name begins with \"" + right + "\"")
                        .or(
                                () ->
                                        nearest(pid, known.values())
                                                .or(() -> nearest(name, known.keySet()))
                                                .map(key -> known.getOrDefault(key, key))
                                                .map(near -> "did you mean \"" + near + "\"?"))
                        .orElse("install the bundle that has it, or remove the file");
        return label + " configures \"" + pid + "\", which is no component: " + suggestion;
    }

    private static Optional<String> nearest(String word, Collection<String> names) {
        return NearestNames.of(word, names).stream().findFirst();
    }

    private List<String> check(
            String label,
            String pid,
            Map<String, Object> properties,
            ComponentDescriptionDTO component) {
        Bundle bundle = context.getBundle(component.bundle.id);
        if (bundle == null) {
            return List.of();
        }
        Map<String, Attribute> attributes = Map.of();
        Metatype metatype = metatypes.of(bundle);
        try {
            Optional<String> type = metatype.typeOf(pid);
            if (type.isPresent()) {
                Class<?> loaded = bundle.loadClass(type.get());
                attributes = Parameters.attributes(loaded, metatype.attributes(loaded));
                if (List.of(component.serviceInterfaces).contains(Attack.class.getName())) {
                    attributes =
                            AttackParameters.added(
                                    attributes, AttackTraits.declared(component.properties));
                }
            }
        } catch (ClassNotFoundException
                | LinkageError
                | IllegalStateException
                | IllegalArgumentException e) {
            // The bundle is faulty, or about to leave: that is said where it is used.
            logger.debug("{} cannot be checked", label, e);
            return List.of();
        }
        return new ConfigurationCheck(label, component.properties.keySet(), attributes)
                .problems(properties);
    }
}
