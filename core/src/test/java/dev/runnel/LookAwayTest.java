package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: an end looks away for as long as that brings batches, not where values come one by one, and tries anew. */
class LookAwayTest {

    private final LookAway away = new LookAway(1000);

    /** Waits until it is tried to look away, and returns how many waits without it went before. */
    private int waitsToTry(int batch) {
        int n = 0;
        while (away.nanos(batch) == 0) {
            n++;
            assertTrue(n < 1000, "it is never tried");
        }
        return n;
    }

    @Test
    void nanos_valuesOneByOne_areTriedNowAndThen() {
        for (int i = 0; i < 10; i++) {
            assertEquals(LookAway.TRY_EVERY - 1, waitsToTry(1));
            assertEquals(LookAway.FIRST_NANOS / 2, away.nanos(1), "half as long, as it has brought but one");
            assertEquals(0, away.nanos(0));
        }
    }

    @Test
    void nanos_aValueForEachFiftyNanoseconds_doubleUpToTheMost() {
        waitsToTry(1);
        int nanos = LookAway.FIRST_NANOS;
        while (nanos < 1600) {
            nanos *= 2;
            assertEquals(nanos, away.nanos(nanos / 2 / LookAway.WORTH_NANOS));
        }
        assertEquals(1600, away.nanos(1600 / LookAway.WORTH_NANOS));
    }

    @Test
    void nanos_aValueLessThanThat_areHalved() {
        waitsToTry(1);
        assertEquals(200, away.nanos(2));
        assertEquals(100, away.nanos(3));
        assertEquals(50, away.nanos(1));
        assertEquals(100, away.nanos(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 49, 50, 51, 1 << 30})
    void nanos_neverLongerThanItTakesToFillTheBuffer(int capacity) {
        LookAway small = new LookAway(capacity);
        int most = 0;
        for (int i = 0; i < 100; i++) {
            most = Math.max(most, small.nanos(1000));
        }
        assertEquals(Math.min(1600, 32L * capacity), most);
    }
}
