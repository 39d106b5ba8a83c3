// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

/** Schedules of step sizes. */
public final class Annealing {

    private Annealing() {}

    /**
     * Falls from one value to another along half a period of the cosine.
     *
     * @param from the value of step 0
     * @param to the value that would follow the last step
     * @param step counted from 0
     * @param steps how many there are
     * @return the value of this step
     */
    public static double cosine(double from, double to, int step, int steps) {
        return to + (from - to) * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
}
