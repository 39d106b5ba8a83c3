// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.util.converter.ConversionException;

class AnnotationsTest {

    /** Some attributes. */
    @interface Some {

        /** Returns a number. */
        int steps() default 3;

        /** Returns a name. */
        String mode() default "fast";
    }

    /** No attributes. */
    @interface None {}

    @Test
    void valuesAreConvertedAndTheOthersAreDefaults() {
        Some some = Annotations.instance(Some.class, Map.of("steps", "5"));
        assertEquals(5, some.steps());
        assertEquals("fast", some.mode());
        assertEquals(Some.class, some.annotationType());
        assertTrue(some.toString().contains("steps=5"), some.toString());
        assertTrue(some.equals(some));
        assertFalse(some.equals(Annotations.instance(Some.class, Map.of())));
        assertEquals(None.class, Annotations.instance(None.class, Map.of()).annotationType());
    }

    @Test
    void whatDoesNotConvertIsRefusedAtOnce() {
        Map<String, String> wrong = Map.of("steps", "many");
        assertThrows(ConversionException.class, () -> Annotations.instance(Some.class, wrong));
    }
}
