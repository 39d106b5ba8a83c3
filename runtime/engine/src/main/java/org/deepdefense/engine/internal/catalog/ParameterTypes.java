// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Knows what can be set of plug-ins: by their annotation types and by the metatype of bundles. */
final class ParameterTypes {

    private final Metatypes metatypes;
    private final Optional<ServiceSource> source;

    ParameterTypes(Metatypes metatypes, Optional<ServiceSource> source) {
        this.metatypes = metatypes;
        this.source = source;
    }

    /** Returns the parameters of a plug-in. */
    <P> Parameters<P> of(Plugin<?> plugin, Class<P> type) {
        return new Parameters<>(plugin, type, attributes(plugin, type));
    }

    /** Returns the parameters of an attack, with those that the framework adds. */
    <P> Parameters<P> ofAttack(Plugin<?> plugin, Class<P> type, AttackTraits traits) {
        return new Parameters<>(
                plugin, type, AttackParameters.added(attributes(plugin, type), traits));
    }

    private Map<String, Attribute> attributes(Plugin<?> plugin, Class<?> type) {
        return Parameters.attributes(
                type, plugin.bundle().map(b -> metatypes.of(b).attributes(type)).orElse(Map.of()));
    }

    /** Returns the parameters of an attack whose registration says enough, without starting it. */
    Optional<Parameters<?>> declared(Plugin<?> plugin, AttackTraits traits) {
        return source.flatMap(s -> s.description(plugin)).stream()
                .flatMap(description -> Arrays.stream(description.configurationPid))
                .flatMap(pid -> type(plugin, pid).stream())
                .findFirst()
                .map(type -> ofAttack(plugin, type, traits));
    }

    private Optional<Class<?>> type(Plugin<?> plugin, String pid) {
        return plugin.bundle().flatMap(bundle -> metatypes.of(bundle).typeOf(pid, bundle));
    }
}
