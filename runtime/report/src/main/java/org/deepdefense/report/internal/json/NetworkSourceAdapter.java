// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.deepdefense.network.NetworkSource;

/** Where a network is found, by the members that its kind has. */
final class NetworkSourceAdapter extends TypeAdapter<NetworkSource> {

    private static final String SAVED = "saved";
    private static final String UNTRAINED = "untrained";
    private static final String MODEL = "model";
    private static final String FILE = "file";

    @Override
    public void write(JsonWriter out, NetworkSource source) throws IOException {
        out.beginObject();
        if (source instanceof NetworkSource.Saved saved) {
            out.name(SAVED).value(saved.name());
        } else if (source instanceof NetworkSource.Untrained untrained) {
            out.name(UNTRAINED).value(untrained.model());
        } else if (source instanceof NetworkSource.Weights weights) {
            out.name(MODEL).value(weights.model());
            out.name(FILE).value(weights.file().toString());
        } else if (source instanceof NetworkSource.ModelFile file) {
            out.name(FILE).value(file.file().toString());
        }
        out.endObject();
    }

    @Override
    public NetworkSource read(JsonReader in) throws IOException {
        Map<String, String> members = new HashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            members.put(in.nextName(), in.nextString());
        }
        in.endObject();
        if (members.containsKey(SAVED)) {
            return new NetworkSource.Saved(members.get(SAVED));
        }
        if (members.containsKey(UNTRAINED)) {
            return new NetworkSource.Untrained(members.get(UNTRAINED));
        }
        if (!members.containsKey(FILE)) {
            throw new JsonParseException("No network is found by " + members.keySet());
        }
        Path file = Path.of(members.get(FILE));
        return members.containsKey(MODEL)
                ? new NetworkSource.Weights(members.get(MODEL), file)
                : new NetworkSource.ModelFile(file);
    }
}
