// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.Map;
import org.osgi.util.converter.ConversionException;
import org.osgi.util.converter.Converters;

/** Makes instances of annotation types, in which the parameters of plug-ins are declared. */
public final class Annotations {

    private Annotations() {}

    /**
     * Makes an instance.
     *
     * @param type an annotation type
     * @param values values by attribute; the others have their defaults
     * @param <A> the type
     * @return the instance
     * @throws ConversionException if a value does not convert
     */
    public static <A> A instance(Class<A> type, Map<String, ?> values) {
        Map<String, Object> attributes = attributes(type, values);
        InvocationHandler handler =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "annotationType" -> type;
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "toString" -> "@" + type.getName() + attributes;
                            default -> attributes.get(method.getName());
                        };
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Converts once: the converter's own instances do it at each call, which attacks feel. */
    private static Map<String, Object> attributes(Class<?> type, Map<String, ?> values) {
        Method[] methods = type.getDeclaredMethods();
        Map<String, Object> attributes = new HashMap<>();
        if (methods.length > 0) {
            // An annotation without attributes would be taken for a flag that must be set.
            Object converted = Converters.standardConverter().convert(values).to(type);
            for (Method method : methods) {
                attributes.put(method.getName(), call(converted, method));
            }
        }
        return attributes;
    }

    private static Object call(Object converted, Method method) {
        try {
            return Proxy.getInvocationHandler(converted).invoke(converted, method, null);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }
}
