// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import org.deepdefense.work.Workers;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Knows the workers with the highest ranking at any moment; a job keeps those that it began with.
 */
@Component(service = ChosenWorkers.class)
public final class ChosenWorkers {

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Workers workers;

    /** Waits for workers to be injected. */
    public ChosenWorkers() {}

    /**
     * Starts with workers of one's own.
     *
     * @param workers the workers
     */
    public ChosenWorkers(Workers workers) {
        this.workers = workers;
    }

    /** Returns the workers that are best now. */
    Workers get() {
        return workers;
    }
}
