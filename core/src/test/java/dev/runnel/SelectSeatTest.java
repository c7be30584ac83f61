package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule: a select that spins sits at one of its channels, where whoever comes finds it, and from there moves to the head
 * of the queue. What is done to it in the seat stands; what is not, leaves nothing behind.
 */
class SelectSeatTest {

    /** Longer than any test takes. */
    private static final int LONG = Integer.MAX_VALUE;

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final Chan<Integer> other = chans.make();
    private final Case<Integer> fromOther = other.onReceive();

    private LockedChan<Integer> chan(int capacity) {
        return (LockedChan<Integer>) chans.<Integer>make(capacity);
    }

    /** Of a send or a receive in a seat, what it places there, what a partner leaves, and what is queued after it. */
    private final class Seat {
        final LockedChan<Integer> chan = new UnbufferedChan<>();
        final boolean sends;
        final Object placed;
        final Waiter waiter = new Waiter(true, null, true);
        final SelectNode node;
        final Selection selection;

        Seat(boolean sends) throws InterruptedException {
            this.sends = sends;
            placed = sends ? (Object) 1 : WaitQueues.WAITING;
            node = new SelectNode(sends, waiter, 0);
            Case<?> mine = sends ? chan.onSend(1) : chan.onReceive();
            select(mine, fromOther, otherwise());
            selection = mine.selection;
        }

        Object transfer(int nanos) throws InterruptedException {
            return chan.transferInSeat(sends, placed, selection, nanos, node);
        }

        Goroutines.Started<Object> sitting() {
            var sitting = goroutines.call(() -> transfer(LONG));
            Await.until(() -> seated() != null, () -> "it to sit");
            return sitting;
        }

        Object seated() {
            return sends ? chan.senderSeat : chan.receiverSeat;
        }

        /** Does the opposite. */
        boolean meet() {
            return sends ? Integer.valueOf(1).equals(chan.tryReceive()) : chan.trySend(2);
        }

        Object outcome() {
            return sends ? WaitQueues.TAKEN : 2;
        }

        WaitNode first() {
            return sends ? chan.firstSender : chan.firstReceiver;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_somebodyComes_isServed(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        var sitting = seat.sitting();
        assertTrue(seat.meet());
        assertEquals(seat.outcome(), sitting.get());
        assertNull(seat.seated());
        assertNull(seat.first());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_somebodyWaits_needsNoSeat(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        Waiter partner = new Waiter(!sends, sends ? null : 2, true);
        seat.chan.lockAll();
        seat.chan.enqueue(partner);
        seat.chan.unlockAll();
        assertEquals(seat.outcome(), seat.transfer(LONG));
        assertEquals(0, partner.state);
        assertNull(seat.seated());
        assertNull(seat.first());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_closedMeanwhile_isTold(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        var sitting = seat.sitting();
        seat.chan.close();
        assertSame(WaitQueues.CLOSED, sitting.get());
        assertNull(seat.seated());
        assertNull(seat.first());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_inVain_isQueuedBeforeWhoCameMeanwhile(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        var sitting = seat.sitting();
        Waiter behind = new Waiter(sends, 3, true);
        seat.chan.lockAll();
        seat.chan.enqueue(behind);
        seat.chan.unlockAll();
        other.close(); // so that another case is possible
        assertNull(sitting.get());
        assertNull(seat.seated());
        assertSame(seat.node, seat.first());
        assertSame(behind, seat.node.next);
        Chans.check(seat.chan);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_forSoLong_isQueued(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        assertNull(seat.transfer(200));
        assertNull(seat.seated());
        assertSame(seat.node, seat.first());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_othersAreAhead_overtakesNobody(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        Waiter ahead = new Waiter(sends, 3, true);
        seat.chan.lockAll();
        seat.chan.enqueue(ahead);
        seat.chan.unlockAll();
        assertNull(seat.transfer(LONG));
        assertNull(seat.seated());
        assertSame(ahead, seat.first());
        assertNull(ahead.next);
        assertFalse(seat.node.queued);
    }

    /** The select has lost its cases, which stands for whatever may go wrong while it sits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_error_comesOutAndLeavesNobodyThere(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        ((Case<?>[]) SelectSpinTest.field(Selection.class, "cases").get(seat.selection))[1] = null;
        var sitting = goroutines.call(() -> seat.transfer(LONG));
        assertInstanceOf(NullPointerException.class, sitting.failure());
        assertNull(seat.seated());
        assertNull(seat.first());
        assertFalse(seat.meet());
    }

    /** … but if a partner was first, what that one did stands. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferInSeat_errorAfterItWasServed_isServed(boolean sends) throws Exception {
        Seat seat = new Seat(sends);
        Case<?>[] cases = (Case<?>[]) SelectSpinTest.field(Selection.class, "cases").get(seat.selection);
        var sitting = seat.sitting();
        seat.chan.lockAll();
        try {
            cases[1] = null;
            Await.stoppedAt(seat.chan, sitting.thread()); // to give the seat back
            assertTrue(sends ? seat.chan.pollLocked() != null : seat.chan.offerLocked(2) != null);
        } finally {
            seat.chan.unlockAll();
        }
        assertEquals(seat.outcome(), sitting.get());
        assertNull(seat.seated());
        assertNull(seat.first());
    }

    // Where it sits.

    private static Case<?> favourite(Case<?> first) throws ReflectiveOperationException {
        return (Case<?>) SelectSpinTest.field(Selection.class, "favourite").get(first.selection);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void favourite_isTheFirstThatHasASeat(int capacity) throws Exception {
        Case<Integer> absent = Chan.<Integer>absent().onReceive();
        Case<Integer> ring = chan(2).onReceive();
        Case<Integer> seat = chan(capacity).onReceive();
        select(absent, ring, seat, fromOther, after(Duration.ZERO));
        assertSame(seat, favourite(absent));
        select(ring, absent, after(Duration.ZERO));
        assertNull(favourite(ring));
    }

    @Test
    void favourite_aChannelThatDropsHasASeat() throws Exception {
        Case<Integer> receive = Chan.make(Buffer.<Integer>dropOldest(3, dropped -> {})).onReceive();
        select(receive, after(Duration.ZERO));
        assertSame(receive, favourite(receive));
    }

    /** It would come upon itself there. */
    @Test
    void favourite_anotherCaseIsAboutTheSameChannel_isNotThat() throws Exception {
        Chan<Integer> twice = chan(0);
        Case<Integer> receive = twice.onReceive();
        Case<Integer> send = twice.onSend(1);
        select(receive, fromOther, send, after(Duration.ZERO));
        assertSame(fromOther, favourite(receive));
        Case<Integer> again = twice.onReceive();
        select(again, receive, after(Duration.ZERO));
        assertNull(favourite(again));
    }

    @Test
    void favourite_isTheLastThatHappenedAfterAWait() throws Exception {
        Chan<Integer> ring = chan(2);
        Chan<Integer> a = chan(0);
        Chan<Integer> b = chan(1);
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        Case<Integer> fromRing = ring.onReceive();
        assertSame(fromB, afterAWait(() -> select(fromA, fromB, fromRing), b));
        assertSame(fromB, favourite(fromA));
        assertSame(fromRing, afterAWait(() -> select(fromA, fromB, fromRing), ring));
        assertSame(fromB, favourite(fromA), "that one has no seat");
        select(fromA, fromB, after(Duration.ZERO));
        assertSame(fromB, favourite(fromA), "it is one of the others, too");
        select(fromA, fromRing, after(Duration.ZERO));
        assertSame(fromA, favourite(fromA), "it is none of the others");
    }

    private Object afterAWait(Callable<?> select, Chan<Integer> chan) throws Exception {
        var selecting = goroutines.call(select);
        Await.parked(selecting.thread());
        chan.send(1);
        return selecting.get();
    }

    // On the way from the seat to all queues. The test holds the lock of the second channel, so that it stops there.

    private final LockedChan<Integer> first = chan(0);
    private final LockedChan<Integer> second = chan(0);
    private final Case<Integer> fromFirst = first.onReceive();
    private final Case<Integer> fromSecond = second.onReceive();
    private final Waiter sender = new Waiter(true, 2, true);

    /** Has a select sit in vain at the first channel and stop before the second; then goes on, and releases that. */
    private Goroutines.Started<Integer> stoppedAfterSitting(Action then) throws Exception {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody sits");
        select(fromFirst, fromSecond, otherwise());
        Patience patience = SelectSpinTest.patience(fromFirst);
        for (int tries = 0;; tries++) { // it does not sit while way is made for others
            assertTrue(tries < 1000, "it never sits");
            patience.resting = false;
            second.lockAll();
            Goroutines.Started<Integer> selecting;
            try {
                selecting = goroutines.call(() -> select(fromFirst, fromSecond).value());
                Await.stoppedAt(second, selecting.thread());
                if (first.firstReceiver != null) {
                    then.run();
                    return selecting;
                }
            } finally {
                second.unlockAll();
            }
            first.send(0);
            selecting.get();
        }
    }

    @Test
    void moved_isServedBeforeItIsQueuedEverywhere_thatStands() throws Exception {
        var selecting = stoppedAfterSitting(() -> {
            assertTrue(first.trySend(1));
            second.enqueue(sender);
        });
        assertEquals(1, selecting.get());
        assertTrue(sender.state < 0, "it has taken both");
        assertEquals(2, second.tryReceive());
    }

    @Test
    void moved_anotherCaseIsReady_leavesTheQueue() throws Exception {
        var selecting = stoppedAfterSitting(() -> second.enqueue(sender));
        assertEquals(2, selecting.get());
        assertEquals(0, sender.state);
        assertSame(fromSecond, favourite(fromFirst), "where it sits next");
        assertEquals(0, Waiting.receivers(first));
        assertFalse(first.trySend(1), "it waits for nothing any more");
    }

    @Test
    void moved_othersComeMeanwhile_staysBeforeThem() throws Exception {
        Object[] behind = new Object[1];
        var selecting = stoppedAfterSitting(() -> {
            behind[0] = goroutines.call(first::receive);
            Await.receivers(first, 2);
        });
        Await.receivers(second, 1);
        first.send(1);
        assertEquals(1, selecting.get());
        first.send(2);
        assertEquals(2, ((Goroutines.Started<?>) behind[0]).get());
        assertEquals(0, Waiting.receivers(second));
    }

    @Test
    void served_isTheCaseThatIsGoneOnWith() throws Exception {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody sits");
        select(fromFirst, fromSecond, otherwise());
        Patience patience = SelectSpinTest.patience(fromFirst);
        int served = 0;
        for (int tries = 0; served < 10; tries++) {
            assertTrue(tries < 100_000, "it never sits");
            patience.resting = false;
            int value = tries;
            var selecting = goroutines.call(() -> select(fromFirst, fromSecond));
            boolean sat;
            do {
                sat = hasServedSeat(value);
            } while (!sat && first.firstReceiver == null);
            if (sat) {
                served++;
            } else {
                first.send(value);
            }
            assertSame(fromFirst, selecting.get());
            assertEquals(value, fromFirst.value());
        }
    }

    /** Serves who sits at the first channel, if anybody does. */
    private boolean hasServedSeat(int value) {
        first.lockAll();
        try {
            return first.isReceiverSeated() && first.offerLocked(value) != null;
        } finally {
            first.unlockAll();
        }
    }

    @Test
    void othersAreAhead_queuesBehindThem() throws Exception {
        var ahead = goroutines.call(first::receive);
        Await.parked(ahead.thread());
        var selecting = goroutines.call(() -> select(fromFirst, fromSecond).value());
        Await.receivers(first, 2);
        Await.receivers(second, 1);
        first.send(1);
        assertEquals(1, ahead.get());
        first.send(2);
        assertEquals(2, selecting.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void mayBeReady_saysWhatIsPossible(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<?> receive = chan.onReceive();
        Case<?> send = chan.onSend(-1);
        assertFalse(receive.mayBeReady());
        assertEquals(capacity > 0, send.mayBeReady());
        for (int i = 0; i < chan.capacity(); i++) {
            chan.send(i);
        }
        assertEquals(capacity > 0, receive.mayBeReady());
        assertFalse(send.mayBeReady());
        var sending = goroutines.call(() -> {
            chan.send(9);
            return null;
        });
        Await.parked(sending.thread());
        assertTrue(receive.mayBeReady());
        for (int i = 0; i <= chan.capacity(); i++) {
            chan.receive();
        }
        sending.get();
        var receiving = goroutines.call(chan::receive);
        Await.parked(receiving.thread());
        assertTrue(send.mayBeReady());
        chan.close();
        receiving.get();
        assertTrue(receive.mayBeReady() && send.mayBeReady());
        assertFalse(Chan.<Integer>absent().onReceive().mayBeReady());
        assertFalse(after(Duration.ofHours(1)).mayBeReady());
        assertTrue(after(Duration.ZERO).mayBeReady());
    }

    @Test
    void mayBeReady_aChannelThatDrops_isWhenItHasAValue() throws Exception {
        Chan<Integer> chan = Chan.make(Buffer.<Integer>dropOldest(2, dropped -> {}));
        Case<?> receive = chan.onReceive();
        assertFalse(receive.mayBeReady());
        chan.send(1);
        assertTrue(receive.mayBeReady());
    }

    /** Two that look at each other's channels: each has a value for the other, and none is lost or comes twice. */
    @Test
    void selectsOnBothSides_everyValueArrivesOnce() throws Exception {
        int n = Effort.times(100_000);
        Chan<Integer> done = chans.make();
        Chan<Integer> chan = chans.make();
        var sending = goroutines.call(() -> {
            SendCase<Integer> send = chan.onSend();
            Case<Integer> quit = done.onReceive();
            int sent = 0;
            while (select(send.with(sent), quit) == send) {
                sent++;
            }
            return sent;
        });
        Case<Integer> receive = chan.onReceive();
        Case<Integer> quit = done.onReceive();
        for (int i = 0; i < n; i++) {
            assertSame(receive, select(receive, quit));
            assertEquals(i, receive.value());
        }
        done.close();
        assertEquals(n, sending.get());
    }
}
