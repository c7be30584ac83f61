package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
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

    @EveryCapacity
    void virtualAndPlatformThreads_shareAChannel(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int each = 2_000;
        for (Goroutines kind : new Goroutines[] {virtual, platform}) {
            for (int i = 0; i < 2; i++) {
                kind.go(() -> {
                    for (int value = 0; value < each; value++) {
                        chan.send(value);
                    }
                });
                kind.go(() -> {
                    for (int n = 0; n < each; n++) {
                        chan.receive();
                    }
                });
            }
        }
        virtual.join();
        platform.join();
        assertEquals(0, chan.size());
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
            ForkJoinTask<Integer> blocked = pool.submit(() -> chan.receive());
            Await.receivers(chan, 1);
            chan.send(1);
            assertEquals(1, blocked.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void parkedThread_itsBlockerIsTheChannel() throws Exception {
        Chan<Integer> chan = chans.make();
        var receiver = platform.call(chan::receive);
        Await.parked(receiver.thread());
        assertSame(chan, LockSupport.getBlocker(receiver.thread()));
        chan.send(1);
        assertEquals(1, receiver.get());
    }
}
