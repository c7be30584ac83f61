package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.Goroutines.Started;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        }
        chan.close();
        for (RingChan.End end : List.of(chan.senders, chan.receivers)) {
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

    /** What fails has to be certain, and whoever has that lock may be about to make it possible. */
    @Test
    void whatWouldFail_theOtherEndIsLocked_waitsForIt() throws Exception {
        assertWaitsFor(chan.senders, () -> chan.tryReceive());
        assertWaitsFor(chan.senders, () -> chan.drain(1));
        Case<Integer> receive = chan.onReceive();
        assertWaitsFor(chan.senders, () -> Go.select(receive, Go.otherwise()));
        while (chan.trySend(1)) {}
        assertWaitsFor(chan.receivers, () -> chan.trySend(2));
        Case<Integer> send = chan.onSend(2);
        assertWaitsFor(chan.receivers, () -> Go.select(send, Go.otherwise()));
    }

    @Test
    void batches_theirEndIsLocked_waitForIt() throws Exception {
        assertWaitsFor(chan.senders, () -> {
            chan.sendAll(List.of(1, 2));
            return null;
        });
        assertWaitsFor(chan.receivers, () -> chan.drain(2));
        assertEquals(0, chan.size());
    }

    private void assertWaitsFor(SpinLock lock, Callable<?> operation) throws Exception {
        Started<?> waiting;
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

    /** Somebody at the other end was woken and has not come: whether to spin for it is learnt apart. */
    @Test
    void wait_forWhoWasWokenInVain_isTriedLessAndLess() {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody spins");
        assertTrue(chan.trySend(1) && chan.trySend(2));
        chan.receivers.relay.join(new Waiter(false, null, true), chan.receivers);
        sendInVainUntilItIsNotSpun();
        for (int n = 0; n < 200; n++) {
            chan.leave((Waiter) chan.offerOrWait(3));
        }
        assertFalse(chan.senders.patience.resting, "of others nothing is known");
    }

    /** The look ends at once, as others wait; but what it was for has not come. */
    @Test
    void wait_forWhoWasWokenAndOthersQueueUp_isInVain() {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody spins");
        assertTrue(chan.trySend(1) && chan.trySend(2));
        chan.receivers.relay.join(new Waiter(false, null, true), chan.receivers);
        Waiter other = (Waiter) chan.offerOrWait(3);
        sendInVainUntilItIsNotSpun();
        chan.leave(other);
    }

    private void sendInVainUntilItIsNotSpun() {
        chan.senders.forWoken.learn(true);
        for (int n = 0; chan.senders.forWoken.isDue(); n++) {
            assertTrue(n < 1000, "no end to it");
            chan.leave((Waiter) chan.offerOrWait(3));
        }
    }

    @Test
    void passed_isWhatHasPassedAndBefore_whenSomebodyHadToWait() {
        assertTrue(chan.trySend(1) && chan.trySend(2));
        assertPassed(2, 0, chan.senders);
        chan.leave((Waiter) chan.offerOrWait(3));
        assertPassed(2, 2, chan.senders);
        assertEquals(1, chan.tryReceive());
        assertEquals(2, chan.tryReceive());
        assertPassed(2, 0, chan.receivers);
        chan.leave((Waiter) chan.pollOrWait());
        assertPassed(2, 2, chan.receivers);
    }

    @Test
    void passed_severalAtOnceOrUnderBothLocks_areCountedToo() throws Exception {
        chan.sendAll(List.of(1, 2));
        assertEquals(2, chan.senders.passed);
        assertEquals(List.of(1, 2), chan.drain(3));
        assertEquals(2, chan.receivers.passed);
        chan.lockAll();
        try {
            assertTrue(chan.offerLocked(3) != null);
            assertEquals(3, chan.pollLocked());
        } finally {
            chan.unlockAll();
        }
        assertEquals(3, chan.senders.passed);
        assertEquals(3, chan.receivers.passed);
    }

    private static void assertPassed(int now, int before, RingChan.End end) {
        assertEquals(now, end.passed);
        assertEquals(before, end.passedBefore);
    }

    /** One that parks until it is woken, and a waiter that stands for it. */
    private record Parked(Started<Void> started, Waiter waiter) {}

    private Parked parked(Goroutines some, boolean sends) {
        Started<Void> started = some.go(LockSupport::park);
        Await.parked(started.thread());
        Waiter waiter = new Waiter(sends, null, false);
        waiter.thread = started.thread();
        return new Parked(started, waiter);
    }

    /** The one that came before the second came late: so the third does not wait for the second. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void arrive_late_wakesAll(boolean sends) throws Exception {
        RingChan.End end = sends ? chan.senders : chan.receivers;
        Waiter first = new Waiter(sends, null, false);
        Parked second = parked(goroutines, sends);
        Parked third = parked(goroutines, sends);
        end.relay.join(first, end);
        end.relay.join(second.waiter, end);
        end.relay.join(third.waiter, end);
        long start = Clock.nanoTime();
        while (Clock.nanoTime() - start <= 50_000) {
            Thread.onSpinWait();
        }
        chan.arrive(first);
        third.started.get();
        second.started.get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toWake_goroutinesOfGoroutines_oneAtATime(boolean sends) throws Exception {
        Parked first = parked(goroutines, sends);
        Parked second = parked(goroutines, sends);
        assertSame(first.waiter.thread, toWakeFromGoroutine(first));
        assertNull(toWakeFromGoroutine(second), "the first will wake it");
        LockSupport.unpark(first.waiter.thread);
        chan.arrive(first.waiter);
        second.started.get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void completeFirst_byAGoroutine_leavesItToTheRelayWhomToWake(boolean sends) throws Exception {
        Parked first = parked(goroutines, sends);
        Parked second = parked(goroutines, sends);
        chan.lockAll();
        try {
            chan.enqueue(first.waiter);
            chan.enqueue(second.waiter);
        } finally {
            chan.unlockAll();
        }
        assertSame(first.waiter.thread, completeFirst(first));
        assertNull(completeFirst(second), "the first will wake it");
        chan.arrive(first.waiter);
        second.started.get();
        LockSupport.unpark(first.waiter.thread);
    }

    /** Completes a wait in a goroutine; returns whom the channel would wake then, and does not have it woken. */
    private Thread completeFirst(Parked one) throws Exception {
        return goroutines.call(() -> {
            chan.lockAll();
            try {
                assertTrue(chan.completeFirst(one.waiter));
                return chan.wake;
            } finally {
                chan.wake = null;
                chan.unlockAll();
            }
        }).get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toWake_platformThreads_takeNoPart(boolean sends) throws Exception {
        Goroutines threads = new Goroutines(Thread.ofPlatform().factory());
        for (Parked one : List.of(parked(threads, sends), parked(threads, sends))) {
            assertSame(one.waiter.thread, toWakeFromGoroutine(one));
            LockSupport.unpark(one.waiter.thread);
        }
        for (Parked one : List.of(parked(goroutines, sends), parked(goroutines, sends))) {
            assertSame(one.waiter.thread, chan.toWake(one.waiter, one.waiter.thread), "woken by a platform thread");
            LockSupport.unpark(one.waiter.thread);
        }
        Parked last = parked(goroutines, sends);
        assertSame(last.waiter.thread, toWakeFromGoroutine(last), "nobody is on the way");
        LockSupport.unpark(last.waiter.thread);
    }

    private Thread toWakeFromGoroutine(Parked one) throws Exception {
        return goroutines.call(() -> chan.toWake(one.waiter, one.waiter.thread)).get();
    }

    /** What one goroutine completes in one go, the others are woken for by each other. */
    @Test
    void receive_sendersWait_allReturnThoughNobodyComesAgain() throws Exception {
        List<Started<Void>> sending = senders(100);
        goroutines.go(() -> {
            for (int n = 0; n < 100; n++) {
                chan.receive();
            }
        });
        for (Started<Void> one : sending) {
            one.get();
        }
    }

    @Test
    void send_receiversWait_allReturnThoughNobodyComesAgain() throws Exception {
        List<Started<Integer>> receiving = receivers(100);
        goroutines.go(() -> {
            for (int n = 0; n < 100; n++) {
                chan.send(n);
            }
        });
        assertEquals(IntStream.range(0, 100).boxed().toList(), results(receiving));
    }

    @Test
    void close_receiversWait_allReturnThoughNobodyComesAgain() throws Exception {
        List<Started<Integer>> receiving = receivers(100);
        goroutines.go(chan::close);
        assertEquals(Collections.nCopies(100, null), results(receiving));
    }

    /** Some are not woken in their turn but by the interruption, before it or at the same time. */
    @Test
    void interrupt_whileTheOthersAreWoken_allReturnAndWhatWasSentIsReceived() throws Exception {
        int rounds = Effort.times(30, 3_000);
        for (int round = 0; round < rounds; round++) {
            List<Started<Integer>> receiving = receivers(50);
            goroutines.go(() -> {
                for (int n = 0; n < 50; n++) {
                    chan.send(n);
                }
            });
            for (int i = round % 3; i < 50; i += 3) {
                receiving.get(i).interrupt();
            }
            int received = 0;
            for (Started<Integer> one : receiving) {
                assertTrue(one.thread().join(Effort.PATIENCE), "it has not ended");
                received += one.future().state() == Future.State.SUCCESS ? 1 : 0;
            }
            for (; received < 50; received++) {
                chan.receive();
            }
            assertEquals(0, chan.size());
        }
    }

    private List<Started<Void>> senders(int n) throws Exception {
        chan.send(-1);
        chan.send(-2);
        List<Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int value = i;
            all.add(goroutines.go(() -> chan.send(value)));
            Await.senders(chan, i + 1);
            Await.parked(all.getLast().thread());
        }
        return all;
    }

    private List<Started<Integer>> receivers(int n) {
        List<Started<Integer>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(goroutines.call(chan::receive));
            Await.receivers(chan, i + 1);
            Await.parked(all.getLast().thread());
        }
        return all;
    }

    private static List<Integer> results(List<Started<Integer>> all) throws Exception {
        List<Integer> results = new ArrayList<>();
        for (Started<Integer> one : all) {
            results.add(one.get());
        }
        return results;
    }
}
