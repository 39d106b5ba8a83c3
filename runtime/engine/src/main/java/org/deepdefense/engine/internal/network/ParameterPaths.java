package org.deepdefense.engine.internal.network;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Calls the parameters of a block by the path of their names: {@code conv1.weight} is the weight of
 * the child {@code conv1}, which DJL calls {@code 01conv1_weight}.
 */
public final class ParameterPaths {

    private ParameterPaths() {}

    /**
     * Lists the parameters of a block and its children.
     *
     * @param block a block
     * @return parameters by path, in the order of the block
     * @throws IllegalArgumentException if two parameters have one path
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
        for (int i = 0; i < children.size(); i++) {
            Pair<String, Block> child = children.get(i);
            collect(child.getValue(), prefix + withoutCounter(child.getKey(), i + 1) + ".", found);
        }
    }

    private static String withoutCounter(String name, int number) {
        String counter = String.format(Locale.ROOT, "%02d", number);
        return name.startsWith(counter) && name.length() > counter.length()
                ? name.substring(counter.length())
                : name;
    }
}
