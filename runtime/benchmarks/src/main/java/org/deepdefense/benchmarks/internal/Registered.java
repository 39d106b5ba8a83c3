// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.defense.DefensePlugin;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** The registration of a plug-in outside a framework: a name, and no bundle. */
final class Registered<S> implements ServiceReference<S> {

    private final Map<String, Object> properties;

    Registered(String name) {
        properties = Map.of(AttackPlugin.PREFIX_ + "name", name);
    }

    /** Registers a defense that is trained against an attack. */
    Registered(String name, String attack) {
        properties =
                Map.of(
                        DefensePlugin.PREFIX_ + "name",
                        name,
                        DefensePlugin.PREFIX_ + "attack",
                        attack);
    }

    @Override
    public Object getProperty(String key) {
        return properties.get(key);
    }

    @Override
    public String[] getPropertyKeys() {
        return properties.keySet().toArray(String[]::new);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // OSGi asks for a Dictionary, of which the JDK has no other.
    public Dictionary<String, Object> getProperties() {
        return new Hashtable<>(properties);
    }

    @Override
    public Bundle getBundle() {
        return null;
    }

    @Override
    public Bundle[] getUsingBundles() {
        return new Bundle[0];
    }

    @Override
    public boolean isAssignableTo(Bundle bundle, String className) {
        return true;
    }

    @Override
    public <A> A adapt(Class<A> type) {
        return null;
    }

    @Override
    public int compareTo(Object other) {
        return Integer.compare(System.identityHashCode(this), System.identityHashCode(other));
    }
}
