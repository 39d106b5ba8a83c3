package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void swappedAndMissingLettersAreOneKeystroke() {
        assertEquals(1, Nearest.distance("evalaute", "evaluate"));
        assertEquals(1, Nearest.distance("evalute", "evaluate"));
        assertEquals(3, Nearest.distance("", "abc"));
    }

    @Test
    void nearestComesFirst() {
        assertEquals(
                List.of("attack", "attacks"),
                Nearest.of("atack", List.of("attacks", "attack", "models")));
    }

    @Test
    void beginningsAreNear() {
        assertEquals(List.of("quickstart"), Nearest.of("quick", List.of("quickstart", "jobs")));
    }

    @Test
    void nothingIsNearToNonsense() {
        assertEquals(List.of(), Nearest.of("xyzzyxyzzy", List.of("attack", "models")));
    }
}
