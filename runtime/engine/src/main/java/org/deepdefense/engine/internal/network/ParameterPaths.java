// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Calls the parameters of a block by the path of their names: {@code conv1.weight} is the weight of
 * the child {@code conv1}, which DJL calls {@code 01conv1_weight}, and {@code 02Linear.weight} that
 * of the first of several children {@code Linear}.
 */
public final class ParameterPaths {

    private ParameterPaths() {}

    /**
     * Lists the parameters of a block and its children.
     *
     * @param block a block
     * @return parameters by path, in the order of the block
     * @throws IllegalArgumentException if two parameters of one block have one name
     */
    public static Map<String, Parameter> of(Block block) {
        Map<String, Parameter> found = new LinkedHashMap<>();
        collect(block, "", found);
        return Collections.unmodifiableMap(found);
    }

    private static void collect(Block block, String prefix, Map<String, Parameter> found) {
        for (Pair<String, Parameter> pair : block.getDirectParameters()) {
            String path = prefix + pair.getKey();
            if (found.put(path, pair.getValue()) != null) {
                throw new IllegalArgumentException("Two parameters are called " + path);
            }
        }
        BlockList children = block.getChildren();
        List<String> names = names(children);
        for (int i = 0; i < names.size(); i++) {
            collect(children.get(i).getValue(), prefix + names.get(i) + ".", found);
        }
    }

    /** Siblings of one name, such as the layers of a plain sequence, keep their counters. */
    private static List<String> names(BlockList children) {
        List<String> keys = children.keys();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            names.add(withoutCounter(keys.get(i), i + 1));
        }
        return IntStream.range(0, names.size())
                .mapToObj(
                        i ->
                                Collections.frequency(names, names.get(i)) > 1
                                        ? keys.get(i)
                                        : names.get(i))
                .toList();
    }

    private static String withoutCounter(String name, int number) {
        String counter = String.format(Locale.ROOT, "%02d", number);
        return name.startsWith(counter) && name.length() > counter.length()
                ? name.substring(counter.length())
                : name;
    }
}
