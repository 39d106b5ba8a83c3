// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

/**
 * How large the perturbations of correctly classified images are: in one norm, in pixels, or
 * relative to the image.
 *
 * @param mean the mean over the images that the attack fooled, 0 if there are none
 * @param p10 the 10 % quantile over the attacked images, where a failure counts as infinite
 * @param p25 the 25 % quantile
 * @param median the median
 * @param p75 the 75 % quantile
 * @param p90 the 90 % quantile
 */
public record NormSummary(
        double mean, double p10, double p25, double median, double p75, double p90) {}
