// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.function.DoubleUnaryOperator;

/**
 * Finds the budget ε_ref at which an attack leaves half of the images correctly classified. The
 * bracket is found by doubling or halving; then regula falsi in its Illinois form narrows it, which
 * needs about half as many evaluations as bisection.
 */
final class ReferenceBudget {

    private static final double HALF = 0.5;
    private static final double RELATIVE_WIDTH = 0.01;
    private static final int MAX_EVALUATIONS = 30;

    private final DoubleUnaryOperator accuracy;
    private final double tolerance;
    private final double largest;

    /**
     * Describes the search.
     *
     * @param accuracy evaluates accuracy for a budget; costly
     * @param samples how many images the accuracy is measured on
     * @param largest the largest budget that makes sense
     */
    ReferenceBudget(DoubleUnaryOperator accuracy, int samples, double largest) {
        this.accuracy = accuracy;
        this.tolerance = HALF / samples;
        this.largest = largest;
    }

    /**
     * A budget that was tried.
     *
     * @param epsilon the budget
     * @param accuracy the accuracy under it
     */
    record Point(double epsilon, double accuracy) {

        private double excess() {
            return accuracy - HALF;
        }
    }

    /**
     * Searches.
     *
     * @param start a budget of the right order
     * @return the budget whose accuracy is nearest to one half, or the largest if even that leaves
     *     more
     */
    Point find(double start) {
        Point low = new Point(0, 1);
        Point high = at(Math.min(start, largest));
        while (high.excess() > 0 && high.epsilon() < largest) {
            low = high;
            high = at(Math.min(2 * high.epsilon(), largest));
        }
        if (high.excess() > 0) {
            return high;
        }
        double lowWeight = 1;
        double highWeight = 1;
        for (int i = 0; i < MAX_EVALUATIONS && !isDone(low, high); i++) {
            double below = lowWeight * low.excess();
            double above = highWeight * -high.excess();
            double share = below / (below + above);
            Point middle = at(low.epsilon() + share * (high.epsilon() - low.epsilon()));
            // The end that stays twice in a row counts half, so that it moves as well.
            if (middle.excess() > 0) {
                low = middle;
                lowWeight = 1;
                highWeight /= 2;
            } else {
                high = middle;
                highWeight = 1;
                lowWeight /= 2;
            }
        }
        return nearer(low, high);
    }

    private boolean isDone(Point low, Point high) {
        return high.epsilon() - low.epsilon() <= RELATIVE_WIDTH * high.epsilon()
                || Math.abs(nearer(low, high).excess()) <= tolerance;
    }

    private static Point nearer(Point low, Point high) {
        return low.excess() < -high.excess() ? low : high;
    }

    private Point at(double epsilon) {
        return new Point(epsilon, accuracy.applyAsDouble(epsilon));
    }
}
