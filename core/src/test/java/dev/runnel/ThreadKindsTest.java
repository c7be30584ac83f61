package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Virtual threads, platform threads and the workers of a pool on one channel; and what a thread dump shows of them. */
class ThreadKindsTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines virtual = new Goroutines();

    @RegisterExtension
    final Goroutines platform = new Goroutines(Thread.ofPlatform().factory());

    /** The pool has one thread, so that it has to make up for each task that waits for one behind it. */
    @EveryCapacity
    void allKinds_shareAChannel(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int each = Effort.times(2_000, 200_000);
        AtomicLong sum = new AtomicLong();
        Task sending = () -> {
            for (int value = 0; value < each; value++) {
                chan.send(value);
            }
        };
        Task receiving = () -> {
            long received = 0;
            for (int n = 0; n < each; n++) {
                received += chan.receive();
            }
            sum.addAndGet(received);
        };
        try (ForkJoinPool pool = new ForkJoinPool(1)) {
            List<Future<?>> pooled = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                for (Goroutines kind : List.of(virtual, platform)) {
                    kind.go(sending);
                    kind.go(receiving);
                }
                for (Task task : List.of(sending, receiving)) {
                    pooled.add(pool.submit(() -> run(task)));
                }
            }
            virtual.join();
            platform.join();
            for (Future<?> one : pooled) {
                one.get(30, TimeUnit.SECONDS);
            }
        }
        assertEquals(6L * each * (each - 1) / 2, sum.get());
        assertEquals(0, chan.size());
    }

    private static Void run(Task task) throws Exception {
        try {
            task.run();
            return null;
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The pool has one thread, and the task that would release the first one comes after it: the pool must make up. */
    @Test
    void poolWorker_blocked_doesNotStarveItsPool() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> other = chans.make();
        try (ForkJoinPool pool = new ForkJoinPool(1)) {
            ForkJoinTask<Integer> blocked = pool.submit(() -> chan.receive() + select(other.onReceive()).value());
            Await.receivers(chan, 1);
            ForkJoinTask<?> releasing = pool.submit(() -> {
                chan.send(1);
                other.send(2);
                return null;
            });
            assertEquals(3, blocked.get(30, TimeUnit.SECONDS));
            releasing.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void poolWorker_withADeadline_isReleasedByIt() throws Exception {
        Chan<Integer> never = chans.make();
        try (ForkJoinPool pool = new ForkJoinPool(1)) {
            Case<Integer> timeout = after(Duration.ofMillis(20));
            ForkJoinTask<?> blocked = pool.submit(() -> select(never.onReceive(), timeout));
            assertSame(timeout, blocked.get(30, TimeUnit.SECONDS));
        }
    }

    /** A pool that may not grow refuses to make up for the worker; that is no reason for it not to wait. */
    @Test
    void poolWorker_poolMayNotGrow_waitsAllTheSame() throws Exception {
        Chan<Integer> chan = chans.make();
        try (ForkJoinPool pool = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 0,
                1, 1, null, 60, TimeUnit.SECONDS)) {
            AtomicReference<Thread> worker = new AtomicReference<>();
            ForkJoinTask<Integer> blocked = pool.submit(() -> {
                worker.set(Thread.currentThread());
                return chan.receive();
            });
            Await.receivers(chan, 1);
            Await.parked(worker.get());
            assertTrue(chan.trySend(1));
            assertEquals(1, blocked.get(30, TimeUnit.SECONDS));
        }
    }

    /** A pool in need of a thread that cannot be had: the error comes out, and the waiter has left the queue. */
    @Test
    void poolWorker_poolCannotStartAThread_throwsAndLeavesNoDeadWaiter() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> other = chans.make();
        for (Callable<?> blocked : List.<Callable<?>>of(chan::receive, () -> run(() -> chan.send(1)),
                () -> select(chan.onReceive(), other.onSend(1)))) {
            AtomicInteger threads = new AtomicInteger();
            ForkJoinPool pool = new ForkJoinPool(1, of -> {
                if (threads.getAndIncrement() > 0) {
                    throw new OutOfMemoryError("no more threads");
                }
                return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(of);
            }, null, false);
            try {
                var e = assertThrows(ExecutionException.class, () -> pool.submit(blocked).get(30, TimeUnit.SECONDS));
                assertTrue(isCausedBy(e, OutOfMemoryError.class), e.toString());
            } finally {
                pool.shutdownNow();
            }
            assertFalse(chan.trySend(1), "nobody is left who would swallow a value");
            assertNull(chan.tryReceive(), "nor one who would give one");
            assertNull(other.tryReceive());
        }
    }

    private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
        return e != null && (type.isInstance(e) || isCausedBy(e.getCause(), type));
    }

    @Test
    void parkedThread_itsBlockerIsTheChannel() throws Exception {
        Chan<Integer> chan = chans.make();
        var receiver = platform.call(chan::receive);
        Await.parked(receiver.thread());
        assertSame(chan, LockSupport.getBlocker(receiver.thread()));
        assertSame(Thread.State.WAITING, receiver.thread().getState(), "with no deadline");
        chan.send(1);
        assertEquals(1, receiver.get());
    }
}
