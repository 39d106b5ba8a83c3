// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.deepdefense.model.ModelFormat;
import org.deepdefense.model.ModelProvider;
import org.osgi.framework.ServiceReference;

/** Registers plug-ins with a catalog as Declarative Services would. */
public final class Registrations {

    private Registrations() {}

    public static void model(PluginCatalog catalog, String name, ModelProvider model) {
        catalog.bindModel(reference(Map.of("deepdefense.name", name)), model);
    }

    public static void format(PluginCatalog catalog, ModelFormat format) {
        catalog.bindFormat(reference(Map.of()), format);
    }

    @SuppressWarnings("unchecked") // the proxy is asked for properties alone
    private static <S> ServiceReference<S> reference(Map<String, Object> properties) {
        Object identity = new Object();
        return (ServiceReference<S>)
                Proxy.newProxyInstance(
                        Registrations.class.getClassLoader(),
                        new Class<?>[] {ServiceReference.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getPropertyKeys" ->
                                            properties.keySet().toArray(String[]::new);
                                    case "getProperty" -> properties.get(arguments[0]);
                                    case "getBundle" -> null;
                                    case "hashCode" -> identity.hashCode();
                                    case "equals" -> proxy == arguments[0];
                                    case "compareTo" -> 0;
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.toString());
                                });
    }
}
