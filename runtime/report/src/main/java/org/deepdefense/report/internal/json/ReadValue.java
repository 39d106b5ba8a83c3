// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A result that was read: an object of the interface with the members of the JSON. */
final class ReadValue implements InvocationHandler {

    private final Class<?> type;
    private final Map<String, Object> members;

    private ReadValue(Class<?> type, Map<String, Object> members) {
        this.type = type;
        this.members = members;
    }

    /** Makes an object of an interface; two are equal if all their members are. */
    static Object of(Class<?> type, Map<String, Object> members) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new ReadValue(type, members));
    }

    /** Returns the names of members in the order of a record, or in which they were read. */
    static Collection<String> order(Object value, Collection<String> names) {
        if (value.getClass().isRecord()) {
            List<String> order =
                    Stream.of(value.getClass().getRecordComponents())
                            .map(RecordComponent::getName)
                            .filter(names::contains)
                            .toList();
            return order.size() == names.size() ? order : names;
        }
        if (!isRead(value)) {
            return names;
        }
        return new ArrayList<>(handler(value).members.keySet());
    }

    private static boolean isRead(Object value) {
        return Proxy.isProxyClass(value.getClass())
                && Proxy.getInvocationHandler(value) instanceof ReadValue;
    }

    private static ReadValue handler(Object value) {
        return (ReadValue) Proxy.getInvocationHandler(value);
    }

    /**
     * Returns a member of any object of the interface, null if it was left out where it came from.
     */
    static Object call(Object value, Method accessor) {
        if (isRead(value)) {
            return handler(value).members.get(accessor.getName());
        }
        try {
            return accessor.invoke(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName()) {
            case "equals" -> isEqual(arguments[0]);
            case "hashCode" -> members.hashCode();
            case "toString" -> type.getSimpleName() + members;
            default -> member(method.getName());
        };
    }

    private boolean isEqual(Object other) {
        return type.isInstance(other) && isRead(other) && members.equals(handler(other).members);
    }

    private Object member(String name) {
        Object member = members.get(name);
        if (member == null) {
            throw new IllegalStateException(name + " was left out when this was written");
        }
        return member;
    }
}
