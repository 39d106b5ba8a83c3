// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code torch.autograd.grad} for NDArrays: vector-Jacobian products with respect to any array of a
 * graph, with a graph of their own if asked, and without a trace in the {@code .grad} of
 * parameters.
 *
 * <p>DJL's own gradient collector has none of the three, and admits one user at a time in a JVM.
 * This class has no state but a few TorchScript functions; any number of threads may use one
 * instance, each on graphs of its own.
 */
public final class Autograd implements AutoCloseable {

    private static final String PRODUCT =
            "torch.grad([y], [x], annotate(List[Optional[Tensor]], [%s]), True, %s, False)[0]";

    private final NDManager manager;
    private final PtSymbolBlock product;
    private final PtSymbolBlock differentiableProduct;
    private final PtSymbolBlock products;
    private final PtSymbolBlock gradients;

    /**
     * Loads the functions into the engine.
     *
     * @throws IllegalStateException if DJL's default engine is not PyTorch
     */
    public Autograd() {
        NDManager base = NDManager.newBaseManager();
        if (!(base instanceof PtNDManager torch)) {
            String engine = base.getEngine().getEngineName();
            base.close();
            throw new IllegalStateException(
                    "Gradients need DJL's PyTorch engine, but the default engine is " + engine);
        }
        manager = base;
        product = load(torch, single("False"));
        differentiableProduct = load(torch, single("True"));
        products =
                load(
                        torch,
                        TorchScriptModule.archive(
                                "x: Tensor, y: Tensor, v: Tensor",
                                "Tensor",
                                """
                                    _0 = annotate(List[Tensor], [])
                                    for i in range(torch.size(v, 0)):
                                      _1 = torch.select(v, 0, i)
                                      _2 = %s
                                      _3 = torch.append(_0, unchecked_cast(Tensor, _2))
                                    return torch.stack(_0)
                                """
                                        .formatted(PRODUCT.formatted("_1", "False"))
                                        .indent(4)
                                        .stripTrailing()));
        gradients = load(torch, gradientsOfList());
    }

    private static byte[] gradientsOfList() {
        return TorchScriptModule.archive(
                "x: List[Tensor], y: Tensor",
                "List[Tensor]",
                """
                    _0 = annotate(List[Tensor], [])
                    _1 = torch.grad([y], x, None, False, False, True)
                    for i in range(torch.len(x)):
                      _2 = _1[i]
                      if torch.__isnot__(_2, None):
                        _3 = unchecked_cast(Tensor, _2)
                      else:
                        _3 = torch.zeros_like(x[i])
                      _4 = torch.append(_0, _3)
                    return _0
                """
                        .indent(4)
                        .stripTrailing());
    }

    private static byte[] single(String createGraph) {
        return TorchScriptModule.archive(
                "x: Tensor, y: Tensor, v: Tensor",
                "Tensor",
                "    return unchecked_cast(Tensor, " + PRODUCT.formatted("v", createGraph) + ")");
    }

    static PtSymbolBlock load(PtNDManager manager, byte[] archive) {
        try {
            return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array cannot fail to be read", e);
        }
    }

    /**
     * Returns the vector-Jacobian product vᵀ·∂y/∂x. The graph of y is kept.
     *
     * @param y an array that depends on x, of any shape
     * @param x the array to differentiate with respect to; it must require a gradient
     * @param v the cotangent, in the shape of y
     * @param createGraph whether the product can itself be differentiated
     * @return the product, in the shape of x, attached to the manager of x
     * @throws ai.djl.engine.EngineException if y does not depend on x
     */
    public NDArray product(NDArray y, NDArray x, NDArray v, boolean createGraph) {
        return call(createGraph ? differentiableProduct : product, y, x, v);
    }

    /**
     * Returns several vector-Jacobian products at the cost of one call. The graph of y is kept.
     *
     * @param y an array that depends on x, of any shape S
     * @param x the array to differentiate with respect to; it must require a gradient
     * @param cotangents M cotangents, in shape (M, S)
     * @return the M products, without a graph, in the shape (M, shape of x)
     * @throws ai.djl.engine.EngineException if y does not depend on x
     */
    public NDArray products(NDArray y, NDArray x, NDArray cotangents) {
        return call(products, y, x, cotangents);
    }

    private static NDArray call(PtSymbolBlock function, NDArray y, NDArray x, NDArray v) {
        return call(function, new NDList(x, y, v), null).get(0);
    }

    /** Calls a function; DJL reads structure out of names, such as a list out of equal "x[]". */
    static NDList call(PtSymbolBlock function, NDList inputs, String listName) {
        List<String> names = inputs.stream().map(NDArray::getName).toList();
        try {
            inputs.forEach(array -> array.setName(listName));
            inputs.get(inputs.size() - 1).setName(null);
            // Per thread: the optimising executor recompiles for every new shape.
            JniUtils.setGraphExecutorOptimize(false);
            return IValueUtils.forward(function, inputs, true);
        } finally {
            for (int i = 0; i < names.size(); i++) {
                inputs.get(i).setName(names.get(i));
            }
        }
    }

    /**
     * Runs a computation with recording of graphs on or off in this thread, as {@code
     * torch.enable_grad} and {@code torch.no_grad} do, and restores the mode.
     *
     * @param record whether operations on arrays that require a gradient are recorded
     * @param computation what to compute
     * @param <T> the type of the result
     * @return the result of the computation
     */
    public static <T> T recording(boolean record, Supplier<T> computation) {
        boolean before = isRecording();
        JniUtils.setGradMode(record);
        try {
            return computation.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /**
     * Runs an action without recording of graphs in this thread.
     *
     * @param action what to do
     */
    public static void withoutRecording(Runnable action) {
        recording(
                false,
                () -> {
                    action.run();
                    return null;
                });
    }

    /**
     * Tells whether this thread records graphs.
     *
     * @return false inside of {@link #recording recording(false, …)}
     */
    public static boolean isRecording() {
        return JniUtils.isGradMode();
    }

    /**
     * Returns the gradients of a scalar with respect to several arrays, and frees its graph. Other
     * arrays that the scalar depends on are left alone.
     *
     * @param loss an array of one element
     * @param variables the arrays to differentiate with respect to; no other thread may use them
     *     meanwhile
     * @return a gradient for each variable, in its shape, attached to its manager; zeros if the
     *     scalar does not depend on it
     */
    public NDList gradients(NDArray loss, NDList variables) {
        NDList inputs = new NDList(variables);
        inputs.add(loss);
        return call(gradients, inputs, "x[]");
    }

    /** Unloads the functions. */
    @Override
    public void close() {
        manager.close();
    }
}
