// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.json;

import java.util.List;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.report.internal.json.ResultTree;

/**
 * Results, tasks and their outcomes as JSON and back. Each says first which schema it follows, such
 * as {@code deepdefense/evaluation/1}; the API bundle has the JSON Schema of all of them in {@code
 * org/deepdefense/evaluation/results.schema.json}. An empty optional and a number that is not
 * finite are null: NaN, except for a quantile, which is infinite.
 */
public final class ResultJson {

    private ResultJson() {}

    /**
     * Writes a result with all that it has.
     *
     * @param result a result, a task or an outcome, or a list of such
     * @return indented JSON without a line break at the end
     */
    public static String write(Object result) {
        return ResultTree.write(result, true);
    }

    /**
     * Writes a value without pixels and what is known of single images.
     *
     * @param value a result, a list of results, or anything that is made of records
     * @return indented JSON without a line break at the end
     */
    public static String summary(Object value) {
        return ResultTree.write(value, false);
    }

    /**
     * Reads a result.
     *
     * @param json what {@link #write} or {@link #summary} returned; what a summary has left out may
     *     not be asked for
     * @param type the type of the result
     * @param <T> the type of the result
     * @return the result; equal to another one that was read if all that they have is
     * @throws DeepDefenseException if the text is no JSON, or of another schema or version
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            return ResultTree.read(json, type);
        } catch (IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads a list of results.
     *
     * @param json what {@link #write} or {@link #summary} returned
     * @param type the type of the results
     * @param <T> the type of a result
     * @return the results
     * @throws DeepDefenseException as {@link #read}
     */
    public static <T> List<T> readList(String json, Class<T> type) {
        try {
            return ResultTree.readList(json, type);
        } catch (IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private static DeepDefenseException unreadable(IllegalArgumentException e) {
        return new DeepDefenseException(
                "The result can't be read: " + e.getMessage(),
                "give the JSON of a result of this type, written by this version or an older one",
                e);
    }
}
