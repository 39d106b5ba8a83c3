// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SpatialTest extends AttackContract {

    SpatialTest() {
        super(AttackRun.of(new Spatial()).with("rotations", 5));
    }

    @Override
    protected boolean followsGradient() {
        return false;
    }
}
