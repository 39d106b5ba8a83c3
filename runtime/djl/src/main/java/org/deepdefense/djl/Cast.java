// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.Map;

/**
 * Conversion to another type through which gradients flow, unlike {@link NDArray#toType} and {@link
 * NDArray#duplicate}, which cut the graph. Any number of threads may use one instance.
 */
public final class Cast {

    /** PyTorch's numbers of its types. */
    private static final Map<DataType, Integer> CODES =
            Map.of(
                    DataType.FLOAT16, 5,
                    DataType.FLOAT32, 6,
                    DataType.FLOAT64, 7,
                    DataType.BFLOAT16, 15);

    private final PtSymbolBlock function;

    /**
     * Prepares a conversion.
     *
     * @param owner the manager with which it is closed, one of DJL's PyTorch engine
     * @param target a floating-point type
     * @throws IllegalArgumentException if the type is none, or the engine another
     */
    public Cast(NDManager owner, DataType target) {
        Integer code = CODES.get(target);
        if (code == null || !(owner instanceof PtNDManager torch)) {
            throw new IllegalArgumentException("no conversion to " + target + " on " + owner);
        }
        function =
                Autograd.load(
                        torch,
                        TorchScriptModule.archive(
                                "x: Tensor",
                                "Tensor",
                                "    return torch.to(x, " + code + ", False, True)"));
    }

    /**
     * Converts an array, in a copy even if it is of the type already.
     *
     * @param array an array of numbers
     * @return another array of the same shape, attached to the same manager
     */
    public NDArray apply(NDArray array) {
        return Autograd.call(function, new NDList(array), null).singletonOrThrow();
    }
}
