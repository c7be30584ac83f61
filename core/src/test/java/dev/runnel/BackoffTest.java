package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/** Rule: what fails is tried after twice as many chances as the time before, up to a limit; what succeeds, at once. */
class BackoffTest {

    private final Backoff backoff = new Backoff();

    /** Lets chances go by until one is to be taken, and returns how many they were. */
    private int skipped() {
        int n = 0;
        while (!backoff.isDue()) {
            n++;
        }
        return n;
    }

    @Test
    void isDue_atFirstAndAfterSuccess_always() {
        for (int i = 0; i < 10; i++) {
            assertTrue(backoff.isDue());
            assertTrue(backoff.isDue(), "not to have taken a chance changes nothing");
            backoff.learn(true);
        }
    }

    @Test
    void isDue_failures_leaveOutTwiceAsManyUpToALimit() {
        for (int doublings = 1; doublings <= Backoff.MOST_DOUBLINGS + 3; doublings++) {
            backoff.learn(false);
            assertEquals((1 << Math.min(doublings, Backoff.MOST_DOUBLINGS)) - 1, skipped());
        }
    }

    @Test
    void isDue_successAfterFailures_beginsAnew() {
        for (int i = 0; i < 5; i++) {
            backoff.learn(false);
            skipped();
        }
        backoff.learn(true);
        assertTrue(backoff.isDue());
        backoff.learn(false);
        assertEquals(1, skipped());
    }

    /** Two who count the same chance at the same time must not have all be left out for good. */
    @Test
    void isDue_belowZero_always() throws Exception {
        Field toSkip = Backoff.class.getDeclaredField("toSkip");
        toSkip.setAccessible(true);
        toSkip.setInt(backoff, -1);
        assertEquals(0, skipped());
        assertEquals(0, skipped());
        backoff.learn(false);
        assertEquals(1, skipped());
    }
}
