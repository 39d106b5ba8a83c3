// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A parameter of an attack or defense.
 *
 * @param name its name in camel case, such as {@code stepSize}
 * @param type {@code number}, {@code integer}, {@code boolean} or {@code text}
 * @param value the value that a run uses when it is given none: the default of the class or the one
 *     that the plug-in was configured with
 * @param description what it means, with its unit
 * @param min the smallest value allowed
 * @param max the largest value allowed
 * @param options the values allowed, or nothing if any in the range is
 */
public record ParameterInfo(
        String name,
        String type,
        String value,
        String description,
        Optional<String> min,
        Optional<String> max,
        List<String> options) {}
