package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A holder of a lock that does not go on makes the others park, and not burn their cores; when it goes on, so do they.
 */
class StalledLockTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @Test
    void lockHeldForLong_othersParkAndThenGoOn() throws Exception {
        for (int round = 0; round < 20; round++) {
            Chan<Integer> chan = chans.make(10);
            LockedChan<?> lock = (LockedChan<?>) chan;
            List<Goroutines.Started<Void>> senders = new ArrayList<>();
            lock.lockAll();
            try {
                for (int i = 0; i < 5; i++) {
                    senders.add(goroutines.go(() -> chan.send(1)));
                }
                for (var sender : senders) {
                    Await.parked(sender.thread());
                    assertFalse(sender.isDone());
                }
            } finally {
                lock.unlockAll();
            }
            for (var sender : senders) {
                sender.get();
            }
            assertEquals(5, chan.size());
        }
    }

    /**
     * What needs the lock.
     *
     * @param from with which capacities: those that find nobody at an unbuffered channel do without
     */
    record Operation(String name, int from, Consumer<LockedChan<Integer>> on) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Operation> operations() {
        return Stream.of(
                new Operation("trySend", 1, chan -> chan.trySend(1)),
                new Operation("tryReceive", 1, chan -> chan.tryReceive()),
                new Operation("select", 1, chan -> receiveOr(chan)),
                new Operation("close", 0, chan -> chan.close()),
                new Operation("size", 0, chan -> chan.size()),
                new Operation("leave", 0, chan -> chan.leave(new Waiter(true, 1, true))),
                new Operation("sendersQueued", 0, chan -> chan.sendersQueued()),
                new Operation("receiversQueued", 0, chan -> chan.receiversQueued()));
    }

    private static void receiveOr(Chan<Integer> chan) {
        try {
            Go.select(chan.onReceive(), Chan.<Integer>absent().onReceive(), Go.otherwise());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void lockHeld_operationWaitsForIt(Operation operation) throws Exception {
        for (int capacity = operation.from; capacity < 3; capacity++) {
            LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(capacity);
            Goroutines.Started<Void> waiting;
            chan.lockAll();
            try {
                waiting = goroutines.go(() -> operation.on.accept(chan));
                Await.until(() -> waiting.isDone() || waiting.thread().getState() == Thread.State.WAITING,
                        () -> "it to wait for the lock");
                assertFalse(waiting.isDone(), "done without the lock");
            } finally {
                chan.unlockAll();
            }
            waiting.get();
        }
    }

    /** What a close makes known with its lock, as the end of a context, is known to who has found the channel closed. */
    @EveryCapacity
    void closeIsUnderWay_tryReceiveWaitsForIt(int capacity) throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(capacity);
        Goroutines.Started<Integer> receiving;
        chan.lockAll();
        try {
            chan.closed = true;
            receiving = goroutines.call(() -> chan.tryReceive());
            Await.until(() -> receiving.isDone() || receiving.thread().getState() == Thread.State.WAITING,
                    () -> "it to wait for the lock");
            assertFalse(receiving.isDone(), "done before the close");
        } finally {
            chan.unlockAll();
        }
        assertNull(receiving.get());
    }

    @Test
    void interruptedWhileTheLockIsHeld_theOperationGoesOnAndTheStatusIsKept() throws Exception {
        Chan<Integer> chan = chans.make(1);
        LockedChan<?> lock = (LockedChan<?>) chan;
        Goroutines.Started<Boolean> sender;
        lock.lockAll();
        try {
            sender = goroutines.call(() -> chan.trySend(1) && Thread.currentThread().isInterrupted());
            Await.parked(sender.thread());
            sender.interrupt();
            Await.parked(sender.thread());
            assertFalse(sender.isDone());
        } finally {
            lock.unlockAll();
        }
        assertTrue(sender.get());
    }

    /** Else it would be a stopped holder itself, and for as long as others run that want what it holds. */
    @Test
    void oneOfTwoLocksHeld_whoWaitsForItDoesNotKeepTheOther() throws Exception {
        RingChan<Integer> chan = RingChan.make(2);
        chan.receivers.lock();
        Goroutines.Started<Integer> waiting;
        try {
            waiting = goroutines.call(chan::size);
            Await.parked(waiting.thread());
            assertTrue(goroutines.call(() -> chan.trySend(1)).get());
        } finally {
            chan.receivers.unlock();
        }
        assertEquals(1, waiting.get());
        assertEquals(1, chan.tryReceive());
    }

    @Test
    void oneOfTwoChannelsHeld_aSelectThatWaitsForItDoesNotKeepTheOther() throws Exception {
        for (int capacity = 1; capacity < 3; capacity++) {
            Chan<Integer> first = chans.make(capacity);
            LockedChan<Integer> second = (LockedChan<Integer>) chans.<Integer>make(capacity);
            Case<Integer> one = first.onReceive();
            Goroutines.Started<Case<?>> waiting;
            second.lockAll();
            try {
                waiting = goroutines.call(() -> Go.select(one, second.onReceive(), Go.otherwise()));
                Await.parked(waiting.thread());
                assertTrue(goroutines.call(() -> first.trySend(1)).get());
            } finally {
                second.unlockAll();
            }
            assertSame(one, waiting.get());
            assertEquals(1, one.value());
        }
    }

    /** Interrupted for good, it could not park any more. */
    @Test
    void keeper_interrupted_parksAgain() {
        StalledLocks.awaitFree(new SpinLock());
        Thread keeper = Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().equals("runnel-stalled-locks"))
                .findAny()
                .orElseThrow();
        keeper.interrupt();
        Await.until(() -> !keeper.isInterrupted(), () -> "it to clear its status");
        Await.parked(keeper);
    }

    /** More threads than processors, so that the operating system does stop some of them where it hurts. */
    @Test
    void manyPlatformThreads_allGetThrough() throws Exception {
        Chan<Integer> chan = chans.make(3);
        int threads = 32;
        int each = Effort.times(3_000);
        List<Thread> all = new ArrayList<>();
        long[] sums = new long[threads];
        for (int t = 0; t < threads; t++) {
            int me = t;
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        if (me % 2 == 0) {
                            chan.send(i);
                        } else {
                            sums[me] += chan.receive();
                        }
                    }
                } catch (InterruptedException e) {
                    sums[me] = -1;
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        long sum = 0;
        for (long one : sums) {
            sum += one;
        }
        assertEquals(threads / 2 * (long) each * (each - 1) / 2, sum);
    }
}
