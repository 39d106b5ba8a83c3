// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.dataset;

/** A part of a data set. */
public enum Split {
    /** The images that networks are trained on. */
    TRAIN,
    /** The images that results are reported for. */
    TEST
}
