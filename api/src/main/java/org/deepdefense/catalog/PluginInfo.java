// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.catalog;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A registered plug-in.
 *
 * @param kind what it is
 * @param name the name by which users call it, with a selector if it was asked for by one
 * @param description one line, or empty
 * @param paper where it was published, or empty
 * @param bundle symbolic name and version of the bundle that it comes from
 * @param traits what else is worth listing, by name: {@code type} and {@code norm} of attacks,
 *     {@code attack} of defenses, {@code classes} of models and data sets
 * @param shape the shape (C, H, W) of one image, of models and data sets
 * @param parameters the parameters of attacks, defenses and modifiers
 * @param candidates all plug-ins of this name, the one that serves it first, if there are several
 */
public record PluginInfo(
        Kind kind,
        String name,
        String description,
        String paper,
        String bundle,
        Map<String, String> traits,
        Optional<Shape> shape,
        List<ParameterInfo> parameters,
        List<Candidate> candidates) {

    /**
     * One of several plug-ins that have the same name.
     *
     * @param name a name that means this one: {@code NAME@VERSION}, {@code NAME@BUNDLE} or {@code
     *     NAME@BUNDLE/VERSION}
     * @param bundle symbolic name and version of the bundle that it comes from
     * @param standing whether it serves the bare name, or why it does not
     */
    public record Candidate(String name, String bundle, String standing) {}

    /** The kinds of plug-ins. */
    public enum Kind {
        /** A network architecture. */
        MODEL,
        /** A data set. */
        DATASET,
        /** An attack. */
        ATTACK,
        /** A defense. */
        DEFENSE,
        /** What changes the objective of a defense. */
        MODIFIER
    }
}
