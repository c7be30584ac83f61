package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rules: await returns if the counter was zero at some instant during it; reusable; negative is an
 * IllegalStateException.
 */
class WaitGroupTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @Test
    void await_zero_returnsAtOnce() throws Exception {
        WaitGroup group = new WaitGroup();
        group.await();
        group.add(2);
        group.done();
        group.done();
        group.await();
    }

    @Test
    void await_aboveZero_waitsForTheLastDone() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(3);
        var waiting = new ArrayList<Goroutines.Started<Void>>();
        for (int i = 0; i < 20; i++) {
            waiting.add(goroutines.go(group::await));
        }
        for (var one : waiting) {
            Await.parked(one.thread());
        }
        group.done();
        group.add(-1);
        for (var one : waiting) {
            Await.parked(one.thread());
            assertFalse(one.isDone());
        }
        group.done();
        for (var one : waiting) {
            one.get();
        }
    }

    @Test
    void add_belowZero_throwsAndTheCounterStays() throws Exception {
        WaitGroup group = new WaitGroup();
        assertNegative(assertThrows(IllegalStateException.class, group::done));
        assertNegative(assertThrows(IllegalStateException.class, () -> group.add(-5)));
        group.await();
        group.add(2);
        assertNegative(assertThrows(IllegalStateException.class, () -> group.add(-3)));
        assertNegative(assertThrows(IllegalStateException.class, () -> group.add(Integer.MIN_VALUE)));
        assertTrue(assertThrows(IllegalStateException.class, () -> group.add(-3)).getMessage()
                .endsWith("(counter 2, delta -3)"));
        assertEquals("WaitGroup[counter=2]", group.toString());
        group.add(-2);
        group.await();
    }

    private static void assertNegative(IllegalStateException e) {
        assertTrue(e.getMessage().startsWith("negative WaitGroup counter"), e.getMessage());
    }

    @Test
    void add_aboveTheLargestInt_throwsAndTheCounterStays() {
        WaitGroup group = new WaitGroup();
        group.add(Integer.MAX_VALUE);
        var e = assertThrows(IllegalStateException.class, () -> group.add(1));
        assertTrue(e.getMessage().startsWith("WaitGroup counter too large"), e.getMessage());
        assertThrows(IllegalStateException.class, () -> group.go(() -> {}));
        group.add(-Integer.MAX_VALUE);
        assertEquals("WaitGroup[counter=0]", group.toString());
    }

    @Test
    void add_zero_changesNothing() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(0);
        group.await();
        group.add(1);
        var waiting = goroutines.go(group::await);
        Await.parked(waiting.thread());
        group.add(0);
        assertFalse(waiting.isDone());
        group.done();
        waiting.get();
    }

    @Test
    void await_interrupted_throwsAndTheOthersWaitOn() throws Exception {
        WaitGroup group = new WaitGroup();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, group::await, "on entry, even at zero");

        group.add(1);
        var interrupted = goroutines.call(() -> {
            group.await();
            return null;
        });
        var other = goroutines.go(group::await);
        Await.parked(interrupted.thread());
        Await.parked(other.thread());
        interrupted.interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        assertFalse(other.isDone());
        group.done();
        other.get();
    }

    @Test
    void go_runsTheTaskAndIsDone() throws Exception {
        WaitGroup group = new WaitGroup();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            group.go(ran::incrementAndGet);
        }
        group.await();
        assertEquals(1_000, ran.get());
    }

    @Test
    void go_taskThrows_isDoneAndItIsReported() throws Exception {
        WaitGroup group = new WaitGroup();
        Chan<Throwable> reported = Chan.make(1);
        Chan<Boolean> start = Chan.make();
        Thread thread = group.go(() -> {
            start.receive();
            throw new java.io.IOException("from the task");
        });
        thread.setUncaughtExceptionHandler((t, e) -> reported.trySend(e));
        start.send(true);
        group.await();
        assertEquals("from the task", reported.receive().getMessage());
        assertThrows(NullPointerException.class, () -> group.go(null));
        group.await();
    }

    @Test
    void go_taskIsDoneItselfAndThrows_whatItThrewIsReported() throws Exception {
        WaitGroup group = new WaitGroup();
        Chan<Throwable> reported = Chan.make(1);
        Chan<Boolean> start = Chan.make();
        Thread thread = group.go(() -> {
            start.receive();
            group.done(); // one too many
            throw new java.io.IOException("from the task");
        });
        thread.setUncaughtExceptionHandler((t, e) -> reported.trySend(e));
        start.send(true);
        Throwable e = reported.receive();
        assertEquals("from the task", e.getMessage());
        assertTrue(e.getSuppressed()[0].getMessage().startsWith("negative WaitGroup counter"));
    }

    @Test
    void go_startFails_isUndone() throws Exception {
        WaitGroup group = new WaitGroup();
        Goroutines.failingToStart(() -> assertThrows(IllegalStateException.class, () -> group.go(() -> {})));
        assertEquals("WaitGroup[counter=0]", group.toString());
        group.await();
    }

    /** A group that is used for one round after another; who waits for one must not be held up by the next. */
    @Test
    void rounds_eachAwaitSeesTheEndOfItsOwn() throws Exception {
        WaitGroup group = new WaitGroup();
        AtomicInteger finished = new AtomicInteger();
        for (int round = 1; round <= Effort.times(5_000); round++) {
            for (int i = 0; i < 3; i++) {
                group.go(finished::incrementAndGet);
            }
            group.await();
            assertEquals(3 * round, finished.get());
        }
    }

    /** The counter goes to zero and up again at once: who waited is released, and who comes later waits. */
    @Test
    void await_counterUpAgainAtOnce_isReleasedAllTheSame() throws Exception {
        WaitGroup group = new WaitGroup();
        for (int round = 0; round < Effort.times(2_000); round++) {
            group.add(1);
            var waiting = goroutines.go(group::await);
            if (round % 2 == 0) {
                Await.until(() -> group.isAwaited(), () -> "somebody to wait");
                group.done();
                group.add(1);
                waiting.get();
                assertFalse(group.isAwaited(), "nobody waits for the new round");
                group.done();
            } else {
                group.done();
                waiting.get();
            }
        }
        group.await();
    }

    /** The last step to zero finds that the counter has gone up meanwhile: it is no longer the last one. */
    @Test
    void done_counterGoesUpBeforeItIsZero_isOneOfTwo() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(1);
        var waiting = goroutines.go(group::await);
        Await.until(group::isAwaited, () -> "somebody to wait");
        SpinLock lock = lockOf(group);
        Goroutines.Started<Void> last;
        lock.lock();
        try {
            last = goroutines.go(group::done);
            awaitStoppedAt(lock, last);
            assertFalse(last.isDone(), "with somebody waiting, zero is reached under the lock");
            group.add(1);
        } finally {
            lock.unlock();
        }
        last.get();
        assertEquals("WaitGroup[counter=1]", group.toString());
        assertFalse(waiting.isDone());
        group.done();
        waiting.get();
    }

    /** Who comes to wait does so under the lock, where the counter may have become zero by then. */
    @Test
    void await_counterBecomesZeroBeforeItWaits_returns() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(1);
        SpinLock lock = lockOf(group);
        Goroutines.Started<Void> waiting;
        lock.lock();
        try {
            waiting = goroutines.go(group::await);
            awaitStoppedAt(lock, waiting);
            assertFalse(group.isAwaited(), "it has not come yet");
            group.done();
        } finally {
            lock.unlock();
        }
        waiting.get();
        assertFalse(group.isAwaited());
    }

    private static void awaitStoppedAt(SpinLock lock, Goroutines.Started<?> one) {
        Await.until(() -> one.isDone() || LockSupport.getBlocker(one.thread()) == lock
                || LockSupport.getBlocker(one.thread()) instanceof LockedChan, () -> one.thread() + " to stop");
    }

    private static SpinLock lockOf(WaitGroup group) throws ReflectiveOperationException {
        Field lock = WaitGroup.class.getDeclaredField("lock");
        lock.setAccessible(true);
        return (SpinLock) lock.get(group);
    }

    /** No await returns while its round's counter is above zero: the count of those at work is never seen. */
    @Test
    void await_manyRoundsInParallel_neverReturnsEarly() throws Exception {
        WaitGroup group = new WaitGroup();
        AtomicInteger atWork = new AtomicInteger();
        int rounds = Effort.times(3_000);
        goroutines.go(() -> {
            for (int i = 0; i < rounds; i++) {
                atWork.incrementAndGet();
                group.add(1);
                var waiting = goroutines.call(() -> {
                    group.await();
                    return atWork.get();
                });
                var working = goroutines.call(() -> {
                    atWork.decrementAndGet();
                    group.done();
                    return null;
                });
                working.get();
                assertEquals(0, waiting.get());
            }
        });
        goroutines.join();
    }

    @Test
    void go_taskThrowsAnError_isDone() throws Exception {
        WaitGroup group = new WaitGroup();
        Chan<Throwable> reported = Chan.make(1);
        group.go(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.trySend(e));
            throw new AssertionError("from the task");
        });
        assertEquals("from the task", reported.receive().getMessage());
        assertEquals("WaitGroup[counter=0]", group.toString());
    }
}
