// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import java.time.Instant;
import java.util.Map;

/**
 * How a result came about, complete enough to repeat it.
 *
 * @param created when the job ended
 * @param plugins the plug-ins used, by role ({@code attack}, {@code defense}, …)
 * @param network the network, by name or file, and a checksum of its weights
 * @param dataset the data set
 * @param settings everything else that the result depends on, such as {@code batchSize}
 * @param seed the seed of all random numbers
 * @param versions versions by component: this software, DJL, PyTorch, Java
 */
public record Provenance(
        Instant created,
        Map<String, Plugin> plugins,
        Source network,
        Source dataset,
        Map<String, String> settings,
        long seed,
        Map<String, String> versions) {

    /**
     * A plug-in and all its parameters, the defaults too.
     *
     * @param name its name
     * @param bundle symbolic name and version of its bundle
     * @param parameters values by name
     */
    public record Plugin(String name, String bundle, Map<String, String> parameters) {}

    /**
     * Where weights or images came from.
     *
     * @param name a name or file name
     * @param checksum {@code sha256:} and 64 hexadecimal digits
     */
    public record Source(String name, String checksum) {}
}
