// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;

/** Which way each sample goes. */
final class Signs {

    private Signs() {}

    /** Returns 1 for samples that are to leave their label and −1 for those to reach it, (N, 1). */
    static NDArray of(NDArray targeted, NDArray logits) {
        return targeted.toType(logits.getDataType(), false).muli(-2).addi(1).reshape(-1, 1);
    }
}
