// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.DeepDefenseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FuzzTest {

    private static final byte[] SAMPLE = "steps = 200\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void valuesAndRefusalsAreClean() throws Exception {
        fuzz().run(
                        100,
                        content -> {
                            if (content.length % 2 == 1) {
                                throw new DeepDefenseException("odd", "even it");
                            }
                        });
    }

    @Test
    void rawExceptionsFailTheTest() {
        AssertionError error =
                assertThrows(
                        AssertionError.class,
                        () ->
                                fuzz().run(
                                                100,
                                                content -> {
                                                    if (content.length > SAMPLE.length) {
                                                        throw new IllegalStateException("long");
                                                    }
                                                }));
        assertTrue(error.getMessage().contains("IllegalStateException: long"));
    }

    @Test
    void muchMemoryFailsTheTest() {
        AssertionError error =
                assertThrows(
                        AssertionError.class,
                        () ->
                                fuzz().run(
                                                100,
                                                content ->
                                                        allocate(
                                                                content.length > SAMPLE.length
                                                                        ? 300
                                                                        : 1)));
        assertTrue(error.getMessage().contains(" MB"), error.getMessage());
    }

    private static void allocate(int megabytes) {
        List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < megabytes; i++) {
            blocks.add(new byte[1 << 20]);
        }
        assertTrue(blocks.size() == megabytes);
    }

    @Test
    void oneSeedGivesOneSeriesOfFiles() {
        Fuzz one = fuzz();
        Fuzz other = fuzz();
        for (int i = 0; i < 50; i++) {
            assertArrayEquals(one.mutate(SAMPLE), other.mutate(SAMPLE));
        }
    }

    private static Fuzz fuzz() {
        return new Fuzz("sample", 1, SAMPLE);
    }
}
