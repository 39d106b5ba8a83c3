// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests.hostile;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Classifier;

/** An attack that cannot be activated: it blocks, or throws what its configuration says. */
public final class Unstartable implements Attack<Unstartable.Parameters> {

    /** Nothing can be set. */
    public @interface Parameters {}

    /** Is called by Declarative Services, which lets it wait. */
    void activate(Map<String, Object> properties) throws InterruptedException {
        if (properties.containsKey("fault")) {
            throw new IllegalStateException(properties.get("fault").toString());
        }
        new CountDownLatch(1).await();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        return images;
    }
}
