// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import org.deepdefense.model.ModelProvider;

/** Three classes of 2×2 images, with parameters of several kinds. */
final class TinyModel implements ModelProvider {

    @Override
    public Shape inputShape() {
        return new Shape(1, 2, 2);
    }

    @Override
    public int classes() {
        return 3;
    }

    @Override
    public Block newBlock() {
        return new Layers();
    }

    private static final class Layers extends SequentialBlock {
        Layers() {
            addChildBlock("flatten", Blocks.batchFlattenBlock());
            addChildBlock("fc1", Linear.builder().setUnits(5).build());
            addChildBlock("norm", BatchNorm.builder().build());
            addChildBlock("fc2", Linear.builder().setUnits(3).build());
        }
    }
}
