// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.Arrays;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The platform as the framework knows it. */
record BundlePlatform(BundleContext context) implements Services.Platform {

    private static final String OURS = "org.deepdefense.";

    @Override
    public String version() {
        return context.getBundle().getVersion().toString();
    }

    @Override
    public List<String> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(BundlePlatform::isOfInterest)
                .map(b -> b.getSymbolicName() + " " + b.getVersion())
                .sorted()
                .toList();
    }

    /** Ours, and whatever was built against ours. */
    private static boolean isOfInterest(Bundle bundle) {
        String imports = bundle.getHeaders().get("Import-Package");
        return String.valueOf(bundle.getSymbolicName()).startsWith(OURS)
                || (imports != null && imports.contains(OURS));
    }
}
