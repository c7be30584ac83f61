package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: sending and receiving take the lock of their end, and that one is enough while nobody waits; everything else
 * takes both.
 */
class RingChanTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final RingChan<Integer> chan = RingChan.make(2);

    @Test
    void trySend_receiversAreLocked_goesOn() throws Exception {
        assertEquals(0, chan.size(), "who has had both locks leaves nothing behind");
        chan.receivers.lock();
        try {
            assertTrue(goroutines.call(() -> chan.trySend(1)).get());
        } finally {
            chan.receivers.unlock();
        }
        assertEquals(1, chan.tryReceive());
    }

    @Test
    void tryReceive_sendersAreLocked_goesOn() throws Exception {
        chan.send(1);
        assertEquals(1, chan.size(), "who has had both locks leaves nothing behind");
        chan.senders.lock();
        try {
            assertEquals(1, goroutines.call(() -> chan.tryReceive()).get());
        } finally {
            chan.senders.unlock();
        }
    }

    @Test
    void anyOther_oneEndIsLocked_waitsForIt() throws Exception {
        for (RingChan.End end : List.of(chan.senders, chan.receivers)) {
            assertWaitsFor(end, () -> chan.size());
            assertWaitsFor(end, () -> chan.isDrained());
        }
    }

    @Test
    void trySend_sendersAreLocked_waitsForThem() throws Exception {
        assertWaitsFor(chan.senders, () -> chan.trySend(1));
    }

    @Test
    void tryReceive_receiversAreLocked_waitsForThem() throws Exception {
        assertWaitsFor(chan.receivers, () -> chan.tryReceive());
    }

    private void assertWaitsFor(SpinLock lock, Callable<?> operation) throws Exception {
        Goroutines.Started<?> waiting;
        lock.lock();
        try {
            waiting = goroutines.call(operation);
            Await.until(() -> waiting.isDone() || waiting.thread().getState() == Thread.State.WAITING,
                    () -> "it to wait for the lock");
            assertFalse(waiting.isDone(), "done without the lock");
        } finally {
            lock.unlock();
        }
        waiting.get();
    }

    /** What who spins looks at. */
    @Test
    void mayBeReady_isWhetherThereIsRoomOrAValueOrACrowd() throws Exception {
        assertMayBeReady(true, false);
        chan.send(1);
        assertMayBeReady(true, true);
        chan.send(2);
        assertMayBeReady(false, true);
        chan.receive();
        chan.receive();
        assertMayBeReady(true, false);
        chan.close();
        assertMayBeReady(true, true);
    }

    private void assertMayBeReady(boolean toSend, boolean toReceive) {
        assertEquals(toSend, chan.mayBeReady(true));
        assertEquals(toReceive, chan.mayBeReady(false));
    }

    /** Who has to wait looks for a while before it queues up, as long as that pays. */
    @Test
    void wait_inVainAgainAndAgain_spinningRests() throws Exception {
        for (int n = 0; !chan.receivers.patience.isResting(); n++) {
            assertTrue(n < 1000, "no end to it");
            chan.leave((Waiter) chan.pollOrWait());
        }
        chan.send(1);
        chan.send(2);
        for (int n = 0; !chan.senders.patience.isResting(); n++) {
            assertTrue(n < 1000, "no end to it");
            chan.leave((Waiter) chan.offerOrWait(3));
        }
    }

    @Test
    void batch_isWhatHasPassedSinceSomebodyHadToWait() {
        assertTrue(chan.trySend(1) && chan.trySend(2));
        assertEquals(2, chan.senders.batch);
        chan.leave((Waiter) chan.offerOrWait(3));
        assertEquals(0, chan.senders.batch);
        assertEquals(1, chan.tryReceive());
        assertEquals(2, chan.tryReceive());
        assertEquals(2, chan.receivers.batch);
        chan.leave((Waiter) chan.pollOrWait());
        assertEquals(0, chan.receivers.batch);
    }
}
