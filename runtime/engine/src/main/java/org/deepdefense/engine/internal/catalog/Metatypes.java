// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;

/** The metatype resources of bundles, read once for each state of a bundle. */
final class Metatypes {

    private final Map<Long, Known> known = new ConcurrentHashMap<>();

    private record Known(long lastModified, Metatype metatype) {}

    /** Returns what a bundle says now. */
    Metatype of(Bundle bundle) {
        long modified = bundle.getLastModified();
        return known.compute(
                        bundle.getBundleId(),
                        (id, last) ->
                                last != null && last.lastModified() == modified
                                        ? last
                                        : new Known(modified, Metatype.read(bundle)))
                .metatype();
    }
}
