package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule: spinning goes on while it pays, rests while it does not, and is tried again, ever more rarely. */
class PatienceTest {

    private final Patience patience = new Patience();
    private final int most = new Patience().turns();

    @BeforeEach
    void needsTwoCarriers() {
        assumeTrue(most > 0, "with one carrier nobody spins");
    }

    /** Lets a number of waits go by. */
    private void waits(int n, boolean paid) {
        for (int i = 0; i < n; i++) {
            patience.learn(patience.turns(), paid);
        }
    }

    /** Waits in vain until there is a rest, and returns how many waits that lasts. */
    private int nextRest() {
        for (int i = 0; !patience.isResting(); i++) {
            assertTrue(i < 1000, "no rest");
            waits(1, false);
        }
        int n = 0;
        for (; patience.isResting(); n++) {
            assertEquals(0, patience.turns());
        }
        return n;
    }

    @Test
    void turns_spinningPays_areTheMost() {
        waits(1000, true);
        assertEquals(most, patience.turns());
    }

    @Test
    void turns_aFewInVain_areFewerAndThenAgainTheMost() {
        waits(10, false);
        int fewer = patience.turns();
        assertTrue(0 < fewer && fewer < most, "turns " + fewer);
        waits(10, true);
        assertEquals(most, patience.turns());
    }

    @Test
    void rest_spinningPaysHalfOfTheTime_doesNotCome() {
        for (int i = 0; i < 10_000; i++) {
            waits(1, i % 2 == 0);
            assertFalse(patience.isResting());
        }
    }

    @Test
    void rest_spinningIsAlwaysInVain_comesAgainAndIsTwiceAsLong() {
        int first = nextRest();
        assertTrue(patience.turns() > 0, "it is tried again");
        int second = nextRest();
        assertEquals(2 * first, second);
        assertEquals(2 * second, nextRest());
    }

    @Test
    void rest_spinningHasPaidSince_isShortAgain() {
        int first = nextRest();
        nextRest();
        waits(1000, true);
        assertEquals(first, nextRest());
    }

    @Test
    void rest_spinningIsInVainForEver_hasALimit() {
        int rest = 0;
        for (int i = 0; i < 20; i++) {
            rest = nextRest();
        }
        assertEquals(rest, nextRest());
    }
}
