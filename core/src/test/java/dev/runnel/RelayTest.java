package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule: whoever was woken wakes the next, so that there is one at a time on its way; and nobody is forgotten. */
class RelayTest {

    private static final long MUCH_LATER = 3_600_000_000_000L;

    private final RingChan.End end = RingChan.End.make(2);
    private final Relay relay = end.relay;
    private final Waiter a = new Waiter(true, "a", true);
    private final Waiter b = new Waiter(true, "b", true);
    private final Waiter c = new Waiter(true, "c", true);
    private final Waiter d = new Waiter(true, "d", true);

    private Waiter join(Waiter waiter) {
        return relay.join(waiter, end);
    }

    /** Comes without delay. */
    private Waiter arrive(Waiter waiter) {
        return relay.arrive(waiter, end, Clock.nanoTime() - MUCH_LATER);
    }

    private Waiter arriveLate(Waiter waiter) {
        return relay.arrive(waiter, end, Clock.nanoTime() + MUCH_LATER);
    }

    @Test
    void join_first_isWoken() {
        assertSame(a, join(a));
        assertNull(arrive(a));
        assertSame(b, join(b), "there is nobody on the way any more");
    }

    @Test
    void join_behindOthers_isWokenByTheOneAhead() {
        assertSame(a, join(a));
        assertNull(join(b));
        assertNull(join(c));
        assertSame(b, arrive(a));
        assertNull(join(d));
        assertSame(c, arrive(b));
        assertSame(d, arrive(c));
        assertNull(arrive(d));
    }

    @Test
    void arrive_beforeItsTurn_isPassedOver() {
        for (Waiter early : List.of(b, c, d)) {
            List<Waiter> all = new ArrayList<>(List.of(a, b, c, d));
            for (Waiter one : all) {
                one.arrived = false;
                join(one);
            }
            assertNull(arrive(early));
            assertFalse(early.relayed, "it has left");
            all.remove(early);
            for (int i = 0; i < 2; i++) {
                assertSame(all.get(i + 1), arrive(all.get(i)));
            }
            assertNull(arrive(all.get(2)));
        }
    }

    /** From wherever they stood in the queue, whoever joins behind it still has its turn. */
    @Test
    void arrive_twoBeforeTheirTurns_nobodyElseIsForgotten() {
        List<Waiter> queued = List.of(b, c, d);
        for (Waiter first : queued) {
            for (Waiter second : queued) {
                List<Waiter> all = new ArrayList<>(List.of(a, b, c, d));
                all.forEach(one -> one.arrived = false);
                all.forEach(this::join);
                assertNull(arrive(first));
                assertNull(arrive(second));
                all.removeAll(List.of(first, second));
                Waiter last = new Waiter(true, "last", true);
                assertNull(join(last));
                all.add(last);
                for (int i = 1; i < all.size(); i++) {
                    assertSame(all.get(i), arrive(all.get(i - 1)));
                }
                assertNull(arrive(last));
            }
        }
    }

    @Test
    void arrive_beforeItJoins_doesNotJoin() {
        assertNull(arrive(a));
        assertNull(join(a), "it runs");
        assertSame(b, join(b));
    }

    @Test
    void arrive_inTime_wakesOne() {
        join(a);
        join(b);
        join(c);
        assertSame(b, arrive(a));
        assertFalse(relay.isLate());
        assertNull(relay.nextLate(null));
    }

    @Test
    void arrive_late_wakesAll() {
        join(a);
        join(b);
        join(c);
        join(d);
        assertSame(b, arriveLate(a));
        assertTrue(relay.isLate());
        assertSame(c, relay.nextLate(null));
        assertSame(c, relay.nextLate(null), "it has not been woken, as when the stack overflows");
        assertSame(d, relay.nextLate(c));
        assertNull(relay.nextLate(d));
        assertNull(arrive(c), "it was woken without the baton");
        assertNull(arrive(b));
    }

    @Test
    void nextLate_theOneBeforeHasComeMeanwhile_isTheNextAllTheSame() {
        join(a);
        join(b);
        join(c);
        join(d);
        assertSame(b, arriveLate(a));
        assertSame(c, relay.nextLate(null));
        assertNull(arrive(c));
        assertSame(d, relay.nextLate(c));
        assertNull(relay.nextLate(d));
    }

    @Test
    void arrive_lateAndThenInTime_wakesOneAgain() {
        join(a);
        join(b);
        join(c);
        join(d);
        assertSame(b, arriveLate(a));
        assertSame(c, arrive(b));
        assertFalse(relay.isLate());
        assertNull(relay.nextLate(null));
    }

    @Test
    void now_nobodyToWake_isNotAskedOfTheClock() {
        join(a);
        join(b);
        assertSame(b, arriveLate(a));
        assertTrue(relay.now() - Clock.nanoTime() > 0, "when the baton was passed, as it was told");
    }

    /** One has asked for the time, and then another has joined. */
    @Test
    void arrive_timeIsOlderThanTheQueue_isNotTurnedBack() {
        join(a);
        long before = Clock.nanoTime();
        join(b);
        assertSame(b, arrive(a));
        assertTrue(relay.now() - before >= 0);
    }

    /** A goroutine whose stack overflowed when it was to wake the next. */
    @Test
    void join_batonWasDropped_theHolderIsWokenAgain() {
        join(a);
        join(b);
        relay.dropped = true;
        assertSame(a, join(c));
        assertNull(join(d));
        assertSame(b, arrive(a));
        assertSame(c, arrive(b));
        assertSame(d, arrive(c));
    }

    @Test
    void join_batonWasDroppedByOneThatHasCome_goesOn() {
        join(a);
        join(b);
        a.arrived = true;
        relay.dropped = true;
        assertSame(c, join(c));
        assertSame(b, arrive(c));
        assertNull(arrive(b));
        assertSame(d, join(d));
    }

    @Test
    void arrive_nextOneHasComeAndCouldNotSaySo_isPassedOver() {
        join(a);
        join(b);
        join(c);
        b.arrived = true;
        assertSame(c, arrive(a));
    }

    @Test
    void isOnlyOnItsWay_somebodyIsAndNobodyElseWasThere() {
        assertFalse(relay.isOnlyOnItsWay(end));
        join(a);
        assertTrue(relay.isOnlyOnItsWay(end));
        end.passed++;
        assertFalse(relay.isOnlyOnItsWay(end));
        join(b);
        assertFalse(relay.isOnlyOnItsWay(end), "it is the first that matters");
        arrive(a);
        assertTrue(relay.isOnlyOnItsWay(end));
        arrive(b);
        assertFalse(relay.isOnlyOnItsWay(end));
    }

    /** Or else it would never be found to be late. */
    @Test
    void now_somebodyIsToBeWoken_isAskedOfTheClock() {
        join(a);
        join(b);
        long joined = Clock.nanoTime();
        assertTrue(relay.now() - joined >= 0);
    }
}
