// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;

/** The code of a plug-in: its bundle, in the state in which the plug-in was registered. */
final class Origin {

    private final Bundle bundle;
    private final String name;
    private final Version version;
    private final long lastModified;
    private final BundleWiring wiring;

    /** Looks now, because a bundle that is gone tells nothing any more. */
    Origin(Bundle bundle) {
        this.bundle = bundle;
        this.name = String.valueOf(bundle.getSymbolicName());
        this.version = bundle.getVersion();
        this.lastModified = bundle.getLastModified();
        this.wiring = bundle.adapt(BundleWiring.class);
    }

    Bundle bundle() {
        return bundle;
    }

    String name() {
        return name;
    }

    Version version() {
        return version;
    }

    /** Tells whether the code can be used as it could at first. */
    boolean isIntact() {
        return isActive()
                && bundle.getLastModified() == lastModified
                && (wiring == null || wiring.isCurrent());
    }

    /** Tells whether the bundle is gone for good. */
    boolean isUninstalled() {
        return bundle.getState() == Bundle.UNINSTALLED;
    }

    /** Tells whether it is neither there nor gone: a bundle that is replaced is stopped first. */
    boolean isChanging() {
        return !isActive() && !isUninstalled();
    }

    private boolean isActive() {
        return (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
    }

    /** Returns the version that has taken the place of this one in the same bundle. */
    Optional<Version> successor() {
        return !isUninstalled() && bundle.getLastModified() != lastModified
                ? Optional.of(bundle.getVersion())
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
