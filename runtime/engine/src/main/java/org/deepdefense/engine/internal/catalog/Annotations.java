package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.Proxy;
import java.util.Map;
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
     * @throws org.osgi.util.converter.ConversionException if a value does not convert
     */
    public static <A> A instance(Class<A> type, Map<String, ?> values) {
        if (type.getDeclaredMethods().length == 0) {
            // The converter takes an annotation without attributes for a flag that must be set.
            return type.cast(
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "annotationType" -> type;
                                        case "equals" -> type.isInstance(arguments[0]);
                                        case "hashCode" -> 0;
                                        default -> "@" + type.getName() + "()";
                                    }));
        }
        return Converters.standardConverter().convert(values).to(type);
    }
}
