// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.time.Duration;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.osgi.framework.Version;

/** Says what has become of a plug-in that is no longer as it was when its user got it. */
final class Departure {

    private static final long STEP_MILLIS = 20;

    private final PluginTable<?> table;
    private final Duration patience;

    /**
     * Looks for successors.
     *
     * @param table the plug-ins of its kind
     * @param patience how long to wait for a bundle to be replaced: it is stopped or removed first
     */
    Departure(PluginTable<?> table, Duration patience) {
        this.table = table;
        this.patience = patience;
    }

    /**
     * Describes what happened.
     *
     * @param plugin a plug-in that is no longer usable
     * @param cause what failed because of it, or null
     * @return an error that names the plug-in
     */
    DeepDefenseException error(Plugin<?> plugin, Throwable cause) {
        long end = System.nanoTime() + patience.toNanos();
        Optional<Version> successor = successor(plugin);
        while (successor.isEmpty() && isOpen(plugin) && System.nanoTime() < end) {
            if (!sleep()) {
                break;
            }
            successor = successor(plugin);
        }
        if (successor.isPresent()) {
            return error(
                    plugin,
                    "was replaced by version " + successor.get(),
                    "repeat the command to use that",
                    cause);
        }
        return isStopped(plugin)
                ? error(plugin, "was stopped", "start its bundle and repeat the command", cause)
                : error(plugin, "was removed", "install it again and repeat the command", cause);
    }

    private static DeepDefenseException error(
            Plugin<?> plugin, String what, String remedy, Throwable cause) {
        return new DeepDefenseException(
                Plugin.capitalized(plugin + " " + what + " while in use"), remedy, cause);
    }

    /** Tells whether another version may still come. */
    private static boolean isOpen(Plugin<?> plugin) {
        return plugin.origin().map(o -> o.isChanging() || o.isUninstalled()).orElse(false);
    }

    private static boolean isStopped(Plugin<?> plugin) {
        return plugin.origin().map(o -> !o.isUninstalled() && !o.isIntact()).orElse(false);
    }

    /** Looks for a new version in the same bundle, or in a bundle of the same symbolic name. */
    private Optional<Version> successor(Plugin<?> plugin) {
        return plugin.origin().flatMap(Origin::successor).or(() -> replacement(plugin));
    }

    private Optional<Version> replacement(Plugin<?> plugin) {
        return plugin.origin()
                .filter(Origin::isUninstalled)
                .flatMap(
                        gone ->
                                table.candidates(plugin.name()).stream()
                                        .flatMap(other -> other.origin().stream())
                                        .filter(other -> other.name().equals(gone.name()))
                                        .map(Origin::version)
                                        .findFirst());
    }

    private static boolean sleep() {
        try {
            Thread.sleep(STEP_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
