// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.io.OutputStream;
import org.deepdefense.djl.EngineErrors;

/**
 * A TorchScript module as a block that always works in evaluation mode and always records graphs,
 * unlike DJL's own block, which does both or neither. The arrays of its parameters are the module's
 * own: what changes them in place changes the network.
 */
final class TorchScriptBlock extends AbstractBlock {

    private final PtNDManager manager;
    private final PtSymbolBlock module;

    TorchScriptBlock(PtNDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
        JniUtils.enableInferenceMode(module);
        for (NDArray array : JniUtils.moduleGetParams(module, manager)) {
            // What was frozen when the module was saved stays so.
            addParameter(
                    Parameter.builder()
                            .setName(array.getName())
                            .setType(Parameter.Type.OTHER)
                            .optRequiresGrad(array.hasGradient())
                            .optShape(array.getShape())
                            .optArray(array)
                            .build());
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDArray images = inputs.singletonOrThrow();
        // DJL reads structure out of the names of inputs ("a.b" is an entry of a dictionary).
        NDArray unnamed = images.getName() == null ? images : images.reshape(images.getShape());
        // Per thread: the optimising executor recompiles for every new shape.
        JniUtils.setGraphExecutorOptimize(false);
        return IValueUtils.forward(module, new NDList(unnamed), true);
    }

    /** Writes the module's archive, with the parameters as they are now. */
    void write(OutputStream stream) throws IOException {
        try {
            JniUtils.writeModule(module, stream, false);
        } catch (EngineException e) {
            throw new IOException(EngineErrors.reason(e), e);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        try (NDManager scratch = manager.newSubManager()) {
            NDList images = new NDList(scratch.zeros(inputShapes[0]));
            return forwardInternal(null, images, false, null).getShapes();
        }
    }

    @Override
    public void initialize(NDManager owner, DataType dataType, Shape... shapes) {
        beforeInitialize(shapes);
    }

    @Override
    public boolean isInitialized() {
        return true;
    }
}
