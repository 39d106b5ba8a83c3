// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goes through one of TorchScript's pickles without doing what it says: finds the storages of its
 * tensors, and refuses whatever a saved network has no need of. Tensors have to lie inside their
 * storages, and values inside others no deeper than modules do, because native code frees them by
 * recursion.
 */
final class Pickle {

    private static final int MAX_DEPTH = 200;
    private static final int MAX_TYPE_PARTS = 32;
    private static final int MAX_CONTAINERS = 500_000;
    private static final int UNKNOWN = -1;

    /** Bytes of an element by the name of the storage. */
    private static final Map<String, Integer> ELEMENTS =
            Map.ofEntries(
                    Map.entry("FloatStorage", 4),
                    Map.entry("DoubleStorage", 8),
                    Map.entry("HalfStorage", 2),
                    Map.entry("BFloat16Storage", 2),
                    Map.entry("LongStorage", 8),
                    Map.entry("IntStorage", 4),
                    Map.entry("ShortStorage", 2),
                    Map.entry("CharStorage", 1),
                    Map.entry("ByteStorage", 1),
                    Map.entry("BoolStorage", 1),
                    Map.entry("QInt8Storage", 1),
                    Map.entry("QUInt8Storage", 1),
                    Map.entry("QInt32Storage", 4),
                    Map.entry("ComplexFloatStorage", 8),
                    Map.entry("ComplexDoubleStorage", 16));

    private static final String TORCH = "torch ";
    private static final Set<String> TENSORS =
            Set.of("torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_qtensor");
    private static final Set<String> LISTS =
            Set.of(
                    "torch.jit._pickle build_intlist",
                    "torch.jit._pickle build_doublelist",
                    "torch.jit._pickle build_boollist",
                    "torch.jit._pickle build_tensorlist");
    private static final String TYPE_TAG = "torch.jit._pickle restore_type_tag";
    private static final Set<String> OTHERS =
            Set.of(
                    "collections OrderedDict",
                    "torch per_tensor_affine",
                    "torch per_channel_affine",
                    TYPE_TAG);

    /**
     * The numbers of a tensor or several.
     *
     * @param key the name of the record that holds them
     * @param bytes how many bytes they take
     */
    record Storage(String key, long bytes) {}

    private record Elements(Storage storage, long count) {}

    private record Global(String name) {}

    /** A tuple, list, dictionary or object, and what is in it. */
    private static final class Container {

        private final List<Object> items;

        Container(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** A place on the stack, and a value that is looked at no further. */
    private enum Special {
        MARK,
        VALUE
    }

    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private final List<Container> containers = new ArrayList<>();
    private final List<Storage> storages = new ArrayList<>();

    private Pickle(byte[] content) {
        in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Finds the storages.
     *
     * @param content a pickle
     * @return the storages of its tensors
     * @throws IllegalArgumentException if it is damaged or asks for more than a network needs
     */
    static List<Storage> storages(byte[] content) {
        Pickle pickle = new Pickle(content);
        try {
            while (pickle.step()) {
                if (pickle.containers.size() > MAX_CONTAINERS) {
                    throw new IllegalArgumentException("it has too many values");
                }
            }
            pickle.checkDepth();
            return pickle.storages;
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | ClassCastException
                | ArithmeticException e) {
            throw new IllegalArgumentException("it is damaged", e);
        }
    }

    /** Goes on by an instruction, unless it is the last. */
    private boolean step() {
        int code = in.get() & 0xff;
        switch (code) {
            case 0x80 -> in.get();
            case '(' -> push(Special.MARK);
            case ')', ']', '}' -> push(container());
            case 'N', 0x88, 0x89 -> push(Special.VALUE);
            case 'K' -> push((long) (in.get() & 0xff));
            case 'M' -> push((long) (in.getShort() & 0xffff));
            case 'J' -> push((long) in.getInt());
            case 0x8a -> push(number(bytes(in.get() & 0xff)));
            case 'G' -> {
                in.getDouble();
                push(Special.VALUE);
            }
            case 'X' -> push(new String(bytes(in.getInt()), StandardCharsets.UTF_8));
            case 't' -> push(containerOf(popToMark()));
            case 0x85, 0x86, 0x87 -> push(containerOf(pop(code - 0x84)));
            case 'e', 'u' -> {
                List<Object> items = popToMark();
                peek(Container.class).items().addAll(items);
            }
            case 'a' -> append(1);
            case 's' -> append(2);
            case 'b' -> append(1);
            case 'q' -> memo.put(in.get() & 0xff, peek(Object.class));
            case 'r' -> memo.put(in.getInt(), peek(Object.class));
            case 'h' -> push(remembered(in.get() & 0xff));
            case 'j' -> push(remembered(in.getInt()));
            case 'c' -> push(global());
            case 'Q' -> push(elements(pop(Container.class).items()));
            case 0x81 -> newObject();
            case 'R' -> reduce();
            case '.' -> {
                return false;
            }
            default ->
                    throw new IllegalArgumentException(
                            "its instruction 0x%02x is none of TorchScript's".formatted(code));
        }
        return true;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private <T> T pop(Class<T> type) {
        return type.cast(stack.remove(stack.size() - 1));
    }

    private <T> T peek(Class<T> type) {
        return type.cast(stack.get(stack.size() - 1));
    }

    private List<Object> pop(int count) {
        List<Object> top = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private List<Object> popToMark() {
        int mark = stack.lastIndexOf(Special.MARK);
        List<Object> values = pop(stack.size() - 1 - mark);
        pop(Special.class);
        return values;
    }

    private void append(int count) {
        List<Object> items = pop(count);
        peek(Container.class).items().addAll(items);
    }

    private Container container() {
        return containerOf(new ArrayList<>());
    }

    private Container containerOf(List<Object> items) {
        Container container = new Container(items);
        containers.add(container);
        return container;
    }

    private Object remembered(int key) {
        Object value = memo.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it is damaged");
        }
        return value;
    }

    private byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static long number(byte[] littleEndian) {
        if (littleEndian.length == 0) {
            return 0;
        }
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return new BigInteger(bigEndian).longValueExact();
    }

    private Global global() {
        String name = line() + " " + line();
        boolean known =
                TorchScriptProgram.isOfNetwork(name)
                        || OTHERS.contains(name)
                        || TENSORS.contains(name)
                        || LISTS.contains(name)
                        || (name.startsWith(TORCH)
                                && ELEMENTS.containsKey(name.substring(TORCH.length())));
        if (!known) {
            throw new IllegalArgumentException(
                    "it asks for " + name.replace(' ', '.') + ", which no network needs");
        }
        return new Global(name);
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            // up to the end of the line
        }
        return new String(in.array(), start, in.position() - 1 - start, StandardCharsets.UTF_8);
    }

    /** The persistent identifier of a storage: its kind, type, key, device and length. */
    private Elements elements(List<Object> id) {
        String type = ((Global) id.get(1)).name();
        Integer bytes = ELEMENTS.get(type.substring(Math.min(type.length(), TORCH.length())));
        long count = (Long) id.get(4);
        if (bytes == null || count < 0) {
            throw new IllegalArgumentException("it has a storage of " + count + " " + type);
        }
        Storage storage = new Storage((String) id.get(2), Math.multiplyExact(count, bytes));
        storages.add(storage);
        return new Elements(storage, count);
    }

    private void newObject() {
        pop(Container.class);
        String name = pop(Global.class).name();
        if (!TorchScriptProgram.isOfNetwork(name)) {
            throw new IllegalArgumentException("it makes a " + name);
        }
        push(container());
    }

    private void reduce() {
        Container arguments = pop(Container.class);
        String function = pop(Global.class).name();
        if (TENSORS.contains(function)) {
            checkTensor(arguments.items());
            push(Special.VALUE);
        } else if (LISTS.contains(function)) {
            push(arguments.items().get(0));
        } else if (function.equals(TYPE_TAG)) {
            checkType((String) arguments.items().get(1));
            push(arguments.items().get(0));
        } else {
            push(containerOf(new ArrayList<>(arguments.items())));
        }
    }

    private static void checkTensor(List<Object> arguments) {
        Elements elements = (Elements) arguments.get(0);
        long last = (Long) arguments.get(1);
        List<Object> sizes = ((Container) arguments.get(2)).items();
        List<Object> strides = ((Container) arguments.get(3)).items();
        boolean empty = sizes.contains(0L);
        boolean sound = last >= 0 && sizes.size() == strides.size();
        for (int d = 0; sound && d < sizes.size(); d++) {
            long size = (Long) sizes.get(d);
            long stride = (Long) strides.get(d);
            sound = size >= 0 && stride >= 0;
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
        }
        if (!sound || (!empty && last >= elements.count())) {
            throw new IllegalArgumentException(
                    "a tensor reaches beyond its storage " + elements.storage().key());
        }
    }

    private static void checkType(String type) {
        long parts = type.chars().filter(c -> c == '[' || c == '(').count();
        if (parts > MAX_TYPE_PARTS) {
            throw new IllegalArgumentException("it has a type of " + parts + " parts");
        }
    }

    /** Finds the longest way into a container through others, without recursion. */
    private void checkDepth() {
        IdentityHashMap<Container, Integer> depths = new IdentityHashMap<>();
        for (Container start : containers) {
            Deque<Container> path = new ArrayDeque<>();
            path.push(start);
            while (!path.isEmpty()) {
                Container container = path.peek();
                boolean entered = depths.putIfAbsent(container, UNKNOWN) == null;
                int depth = 0;
                for (Object item : container.items()) {
                    if (item instanceof Container inner) {
                        Integer known = depths.get(inner);
                        if (known == null) {
                            path.push(inner);
                        } else if (known == UNKNOWN && entered) {
                            throw new IllegalArgumentException("a value is inside itself");
                        } else {
                            depth = Math.max(depth, known + 1);
                        }
                    }
                }
                if (path.peek() == container) {
                    depths.put(container, Math.max(depth, depths.get(container)));
                    path.pop();
                }
                if (depth > MAX_DEPTH || path.size() > MAX_CONTAINERS) {
                    throw new IllegalArgumentException("its values lie too deep in each other");
                }
            }
        }
    }
}
