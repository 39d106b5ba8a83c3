// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Arrays;
import org.deepdefense.evaluation.Picture;

/** A picture as its shape and its pixels in the order C, H, W. */
final class PictureAdapter extends TypeAdapter<Picture> {

    @Override
    public void write(JsonWriter out, Picture picture) throws IOException {
        out.beginObject();
        out.name("channels").value(picture.channels());
        out.name("height").value(picture.height());
        out.name("width").value(picture.width());
        out.name("pixels").beginArray();
        for (float pixel : picture.pixels()) {
            if (Float.isFinite(pixel)) {
                out.value(pixel);
            } else {
                out.nullValue();
            }
        }
        out.endArray();
        out.endObject();
    }

    @Override
    public Picture read(JsonReader in) throws IOException {
        int channels = 0;
        int height = 0;
        int width = 0;
        float[] pixels = {};
        in.beginObject();
        while (in.hasNext()) {
            switch (in.nextName()) {
                case "channels" -> channels = in.nextInt();
                case "height" -> height = in.nextInt();
                case "width" -> width = in.nextInt();
                case "pixels" -> pixels = pixels(in);
                default -> in.skipValue();
            }
        }
        in.endObject();
        try {
            return new Picture(channels, height, width, pixels);
        } catch (IllegalArgumentException e) {
            throw new JsonParseException(e.getMessage(), e);
        }
    }

    private static float[] pixels(JsonReader in) throws IOException {
        float[] pixels = new float[16];
        int count = 0;
        in.beginArray();
        while (in.hasNext()) {
            if (count == pixels.length) {
                pixels = Arrays.copyOf(pixels, 2 * count);
            }
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                pixels[count++] = Float.NaN;
            } else {
                pixels[count++] = Float.parseFloat(in.nextString());
            }
        }
        in.endArray();
        return Arrays.copyOf(pixels, count);
    }
}
