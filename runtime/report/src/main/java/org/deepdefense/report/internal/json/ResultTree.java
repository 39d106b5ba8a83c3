// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Picture;

/** Results as trees of JSON, which say what they are and which version of the form they have. */
public final class ResultTree {

    private static final String SCHEMA = "schema";

    /** All that results have. */
    private static final Gson FULL = Json.gson(new ValueAdapters(member -> true));

    /** Without pixels and what is known of single images. */
    private static final Gson SUMMARY = Json.gson(new ValueAdapters(ResultTree::isSummary));

    private ResultTree() {}

    private static boolean isSummary(Method member) {
        return member.getReturnType() != Picture.class
                && !(member.getDeclaringClass() == AttackResult.class
                        && member.getName().equals("images"));
    }

    /**
     * Writes a value.
     *
     * @param value a result, a list of results, or anything that is made of records
     * @param full whether pixels and single images are written, too
     * @return indented JSON without a line break at the end
     */
    public static String write(Object value, boolean full) {
        return Json.plain((full ? FULL : SUMMARY).toJson(tree(value, full ? FULL : SUMMARY)));
    }

    private static JsonElement tree(Object value, Gson gson) {
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(element -> array.add(tree(element, gson)));
            return array;
        }
        JsonElement tree = gson.toJsonTree(value);
        return Schema.of(value)
                .<JsonElement>map(schema -> withSchema(schema, value, tree.getAsJsonObject()))
                .orElse(tree);
    }

    private static JsonObject withSchema(Schema schema, Object value, JsonObject members) {
        JsonObject json = new JsonObject();
        json.addProperty(SCHEMA, schema.id());
        if (value instanceof EvaluationResult) {
            addHead(members, json);
        }
        members.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json;
    }

    /** The overall figures are those that scripts look for, and stand at the top. */
    private static void addHead(JsonObject members, JsonObject json) {
        json.add("samples", members.get("samples"));
        json.add("accuracy", members.get("accuracy"));
        members.getAsJsonObject("overall")
                .entrySet()
                .forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        json.remove("images");
    }

    /**
     * Reads a result.
     *
     * @param json what {@link #write} returned
     * @param type the interface or record of the result
     * @param <T> the type of the result
     * @return the result
     * @throws IllegalArgumentException if the text is no JSON, or of another form or version
     */
    public static <T> T read(String json, Class<T> type) {
        return Json.checked(() -> read(JsonParser.parseString(json), type));
    }

    /**
     * Reads a list of results.
     *
     * @param json what {@link #write} returned
     * @param type the interface or record of the results
     * @param <T> the type of a result
     * @return the results
     * @throws IllegalArgumentException if the text is no JSON, or of another form or version
     */
    public static <T> List<T> readList(String json, Class<T> type) {
        return Json.checked(
                () -> {
                    List<T> values = new ArrayList<>();
                    JsonParser.parseString(json)
                            .getAsJsonArray()
                            .forEach(element -> values.add(read(element, type)));
                    return List.copyOf(values);
                });
    }

    private static <T> T read(JsonElement element, Class<T> type) {
        Schema.of(type).check(element.getAsJsonObject().get(SCHEMA));
        return FULL.fromJson(element, type);
    }
}
