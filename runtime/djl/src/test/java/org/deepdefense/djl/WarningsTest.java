// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.deepdefense.djl.internal.ChildJvm;
import org.junit.jupiter.api.Test;

/** What PyTorch itself has to say does not come between the lines of a terminal. */
class WarningsTest {

    @Test
    void areNotPrinted() throws Exception {
        ChildJvm child = ChildJvm.run(Main.class);
        assertEquals(0, child.code(), child.output());
        assertEquals("(2, 3, 4) became (4, 3, 2)", child.output().strip());
    }

    @Test
    void arePrintedForThoseWhoAskForThem() throws Exception {
        ChildJvm child = ChildJvm.run(Map.of("TORCH_CPP_LOG_LEVEL", "WARNING"), Main.class);
        assertEquals(0, child.code(), child.output());
        assertTrue(child.output().contains("of the network"), child.output());
        assertTrue(child.output().contains("is deprecated"), child.output());
    }

    /** Runs a network that warns by itself, and an operator that is deprecated. */
    static final class Main {

        public static void main(String[] args) throws IOException {
            byte[] archive =
                    TorchScriptModule.archive(
                            "x: Tensor",
                            "Tensor",
                            "    torch.warn(\"of the network\", 2)\n    return torch.numpy_T(x)");
            try (NDManager manager = NDManager.newBaseManager();
                    PtSymbolBlock block =
                            JniUtils.loadModule(
                                    (PtNDManager) manager,
                                    new ByteArrayInputStream(archive),
                                    true,
                                    false)) {
                NDList result =
                        IValueUtils.forward(
                                block, new NDList(manager.ones(new Shape(2, 3, 4))), false);
                System.out.println("(2, 3, 4) became " + result.singletonOrThrow().getShape());
            }
        }
    }
}
