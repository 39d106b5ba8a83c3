// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import ai.djl.ndarray.NDArray;
import ai.djl.util.NativeResource;
import java.util.ArrayList;
import java.util.List;

/**
 * The arrays that a plug-in is given for one call. The framework goes on with arrays that the
 * plug-in has never seen, and knows afterwards whether those that it saw are as they were.
 */
public final class LentArrays {

    private final List<Loan> loans = new ArrayList<>();

    private record Loan(NDArray kept, NDArray lent) {}

    /**
     * Lends a copy.
     *
     * @param array an array that the plug-in must not see
     * @return what to give to the plug-in, without a graph
     */
    public NDArray copy(NDArray array) {
        NDArray lent = array.stopGradient().duplicate();
        loans.add(new Loan(array, lent));
        return lent;
    }

    /**
     * Lends an array itself, because others have a graph that leads to it.
     *
     * @param array what to give to the plug-in
     */
    public void lend(NDArray array) {
        loans.add(new Loan(array.stopGradient().duplicate(), array));
    }

    /**
     * Tells whether the plug-in left everything as it was.
     *
     * @return false if a number was changed or an array was closed
     */
    public boolean areUntouched() {
        return loans.stream()
                .allMatch(loan -> !isClosed(loan.lent()) && loan.lent().equals(loan.kept()));
    }

    private static boolean isClosed(NDArray array) {
        return array instanceof NativeResource<?> resource && resource.isReleased();
    }
}
