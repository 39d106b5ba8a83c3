// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.function.UnaryOperator;
import org.deepdefense.djl.Autograd;
import org.deepdefense.model.Classifier;

/**
 * A network whose gradients are looked at where they are taken. What is NaN or infinite in them is
 * reported and becomes 0, so that whoever asked goes on along the components that mean something.
 */
public final class WatchedClassifier extends ForwardingClassifier {

    private final Observer observer;

    /** Takes notice of gradients that are not finite. */
    @FunctionalInterface
    public interface Observer {

        /**
         * Takes notice. May be called by several threads at once.
         *
         * @param input what was differentiated with respect to, (M, …)
         * @param rows which rows of it have a gradient that is not finite (M)
         */
        void notFinite(NDArray input, boolean... rows);
    }

    /**
     * Watches a network.
     *
     * @param classifier the network
     * @param observer takes notice of gradients that are not finite
     */
    public WatchedClassifier(Classifier classifier, Observer observer) {
        super(classifier);
        this.observer = observer;
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        NDArray product = super.gradient(output, input, cotangent, createGraph);
        return Finite.all(product) ? product : finite(product, input, 0);
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        NDArray products = super.gradients(output, input, cotangents);
        return Finite.all(products) ? products : finite(products, input, 1);
    }

    /** The rows of the input are along an axis of the products. */
    private NDArray finite(NDArray products, NDArray input, int axis) {
        NDArray finite = Finite.each(products.stopGradient());
        NDArray rows = finite.swapAxes(0, axis);
        boolean[] notFinite =
                rows.reshape(rows.getShape().get(0), -1)
                        .logicalNot()
                        .toType(DataType.INT32, false)
                        .max(new int[] {1})
                        .toType(DataType.BOOLEAN, false)
                        .toBooleanArray();
        observer.notFinite(input.stopGradient(), notFinite);
        return NDArrays.where(finite, products, products.zerosLike());
    }

    @Override
    public LossGradient lossGradient(NDArray images, UnaryOperator<NDArray> loss) {
        return Autograd.recording(true, () -> super.lossGradient(images, loss));
    }
}
