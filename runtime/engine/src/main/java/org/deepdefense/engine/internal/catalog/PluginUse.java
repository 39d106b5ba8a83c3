// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.job.Occupations;
import org.deepdefense.job.Provenance;

/**
 * A plug-in as a job uses it, with the parameters that it had when the job began. Its bundle may be
 * removed or replaced at any time; its user notices at the next step.
 *
 * @param <S> the service, with its parameters if it has any
 */
public sealed class PluginUse<S> permits AttackUse {

    private final String name;
    private final Plugin<?> plugin;
    private final S service;
    private final Map<String, String> parameters;
    private final Departure departure;

    PluginUse(
            String name,
            Plugin<?> plugin,
            S service,
            Map<String, String> parameters,
            Departure departure) {
        this.name = name;
        this.departure = departure;
        this.plugin = plugin;
        this.service = service;
        this.parameters = parameters;
    }

    Plugin<?> plugin() {
        return plugin;
    }

    /**
     * Returns the name by which the user called the plug-in.
     *
     * @return the name, with its selector if there was one
     */
    public String name() {
        return name;
    }

    /**
     * Returns the plug-in.
     *
     * @return the service, with its parameters if it has any
     */
    public S service() {
        return service;
    }

    /**
     * Returns what the record of a run says of the plug-in.
     *
     * @return its name, bundle and all parameters
     */
    public Provenance.Plugin provenance() {
        return new Provenance.Plugin(name, plugin.bundleName(), parameters);
    }

    /**
     * Ends the work if the plug-in is gone.
     *
     * @throws DeepDefenseException if its bundle was removed, replaced or stopped
     */
    public void checkPresent() {
        if (!plugin.isUsable()) {
            throw departure.error(plugin, null);
        }
    }

    /**
     * Calls the plug-in. Whatever it throws becomes an error that names it, except for errors that
     * are fit for the user as they are.
     *
     * @param call calls the plug-in
     * @param <T> the type of the result
     * @return the result of the call
     * @throws DeepDefenseException if the plug-in is gone or throws
     * @throws CancellationException if the job was cancelled
     */
    @SuppressWarnings("try") // the stay is there to be closed
    public <T> T call(Supplier<T> call) {
        checkPresent();
        try (Occupations.Stay stay = Occupations.enter(plugin)) {
            return call.get();
        } catch (CancellationException e) {
            throw e;
        } catch (Throwable e) {
            // The classes of an uninstalled bundle can't be loaded: that is the cause, not this.
            if (!plugin.isUsable()) {
                throw departure.error(plugin, e);
            }
            if (e instanceof DeepDefenseException known) {
                throw known;
            }
            throw faulty(e);
        }
    }

    private DeepDefenseException faulty(Throwable cause) {
        return plugin.faulty(
                "threw "
                        + cause.getClass().getSimpleName()
                        + " ("
                        + cause.getMessage()
                        + "); the log has the details",
                cause);
    }

    /**
     * Calls the plug-in for a job, as {@link #call(Supplier)} does, and takes only the job's own
     * cancellation for one.
     *
     * @param checkCancelled throws {@link CancellationException} if the job was cancelled
     * @param call calls the plug-in
     * @param <T> the type of the result
     * @return the result of the call
     */
    public <T> T call(Runnable checkCancelled, Supplier<T> call) {
        return call(
                () -> {
                    try {
                        return call.get();
                    } catch (CancellationException e) {
                        checkCancelled.run();
                        throw faulty(e);
                    }
                });
    }

    /**
     * Calls the plug-in for what the call does, as {@link #call} does.
     *
     * @param call calls the plug-in
     */
    public void run(Runnable call) {
        call(
                () -> {
                    call.run();
                    return this;
                });
    }

    @Override
    public String toString() {
        return plugin.toString();
    }
}
