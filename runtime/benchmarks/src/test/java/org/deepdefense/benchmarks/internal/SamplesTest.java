// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void medianIsInTheMiddleOfTheOrder() {
        assertEquals(2, Samples.median(9, 1, 2));
        assertEquals(1.5, Samples.median(1, 9, 0, 2));
    }

    @Test
    void ratioIsThatOfNeighboursSoThatALoadThatComesAndGoesCancels() {
        List<Elapsed> units = List.of(new Elapsed(1, 7), new Elapsed(10, 7), new Elapsed(100, 7));
        List<Elapsed> times = List.of(new Elapsed(3, 14), new Elapsed(30, 14), new Elapsed(30, 21));

        assertEquals(3, Samples.ratio(times, units, Elapsed::wall));
        assertEquals(2, Samples.ratio(times, units, Elapsed::cpu));
    }
}
