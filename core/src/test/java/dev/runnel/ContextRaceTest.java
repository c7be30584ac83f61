package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules: whatever meets whatever, each context under one that is cancelled is done, and at once with its channel. */
class ContextRaceTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Goroutines platformThreads = new Goroutines(Thread.ofPlatform().factory());

    @RegisterExtension
    final Seed seed = new Seed();

    /**
     * Runs some things at the same time; on platform threads, for a virtual one that waits for another by yielding
     * starves it if there is but one carrier.
     */
    private void together(List<Runnable> tasks) throws Exception {
        Chan<Integer> start = Chan.make();
        List<Goroutines.Started<Void>> all = new ArrayList<>();
        for (Runnable task : tasks) {
            all.add(platformThreads.call(() -> {
                start.receive();
                task.run();
                return null;
            }));
        }
        start.close();
        for (var one : all) {
            one.get();
        }
    }

    @Test
    void cancel_aWholeTreeAtOnce_allAreDone() throws Exception {
        for (int round = 0; round < Effort.times(30, 3_000); round++) {
            CancelContext root = Context.background().withCancel();
            List<CancelContext> all = new ArrayList<>(List.of(root));
            SplittableRandom random = seed.random(round);
            while (all.size() < 100) {
                all.add(all.get(random.nextInt(all.size())).withCancel());
            }
            List<Runnable> cancels = new ArrayList<>();
            for (CancelContext one : all) {
                cancels.add(random.nextInt(cancels.size() + 1), () -> one.cancel(new Exception("cause")));
            }
            together(cancels);
            for (CancelContext one : all) {
                ContextTest.assertDone(one);
                assertEquals(0, ContextTest.dependents(one));
            }
        }
    }

    /** Of those that cancel one context at once, one is the first, and all see the same. */
    @Test
    void cancel_oneContextByMany_oneCauseForAll() throws Exception {
        for (int round = 0; round < Effort.times(500, 100_000); round++) {
            CancelContext context = Context.background().withCancel();
            Context child = context.withCancel();
            Throwable[] causes = new Throwable[4];
            List<Runnable> cancels = new ArrayList<>();
            for (int i = 0; i < causes.length; i++) {
                int me = i;
                cancels.add(() -> {
                    context.cancel(new Exception("cause " + me));
                    causes[me] = context.cause();
                });
            }
            together(cancels);
            for (Throwable cause : causes) {
                assertSame(context.cause(), cause);
            }
            assertSame(context.cause(), child.cause());
        }
    }

    /** A parent that waits for its child to be done before it is cancelled, and the other way round. */
    @Test
    void cancel_interlocked_bothAreDone() throws Exception {
        CancelContext parent = Context.background().withCancel();
        CancelContext child = parent.withCancel();
        goroutines.go(() -> {
            child.done().receive();
            parent.cancel();
        });
        goroutines.go(() -> {
            parent.done().receive();
            child.cancel();
        });
        if (seed.random(0).nextBoolean()) {
            child.cancel();
        } else {
            parent.cancel();
        }
        goroutines.join();
        assertNotNull(parent.err());
    }

    /** Either it is there in time, or it finds that it is too late. */
    @Test
    void withCancel_againstCancel_childIsDone() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 300_000); round++) {
            CancelContext parent = Context.background().withCancel();
            CancelContext[] children = new CancelContext[3];
            List<Runnable> tasks = new ArrayList<>(List.of(parent::cancel));
            for (int i = 0; i < children.length; i++) {
                int me = i;
                tasks.add(() -> children[me] = parent.withCancel().withCancel());
            }
            together(tasks);
            for (CancelContext child : children) {
                ContextTest.assertDone(child);
                assertSame(parent.err(), child.err());
            }
            assertEquals(0, ContextTest.dependents(parent));
        }
    }

    /** Children come and go while the parent is cancelled. */
    @Test
    void cancel_amongThoseThatComeAndGo_allAreDone() throws Exception {
        for (int round = 0; round < Effort.times(200, 30_000); round++) {
            CancelContext parent = Context.background().withCancel();
            List<CancelContext> kept = Collections.synchronizedList(new ArrayList<>());
            Runnable comeAndGo = () -> {
                for (int i = 0; i < 160; i++) {
                    CancelContext child = parent.withCancel();
                    AfterFunc func = child.afterFunc(() -> {});
                    if (i % 8 == 0) {
                        kept.add(child);
                        Thread.yield();
                    } else if (i % 2 == 0) {
                        func.stop();
                        child.close();
                    } else {
                        child.close();
                    }
                }
            };
            int before = seed.random(round).nextInt(40);
            together(List.of(comeAndGo, comeAndGo, () -> {
                while (kept.size() < before) {
                    Thread.yield();
                }
                parent.cancel();
            }));
            for (CancelContext child : kept) {
                ContextTest.assertDone(child);
            }
            assertEquals(0, ContextTest.dependents(parent));
        }
    }

    /** Who ends the parent stops at the first child; the second one leaves meanwhile, and must not take the third away. */
    @Test
    void child_endsWhileItsParentDoes_theOthersAreDone() throws Exception {
        CancelContext parent = Context.background().withCancel();
        CancelContext first = parent.withCancel();
        CancelContext second = parent.withCancel();
        CancelContext third = parent.withCancel();
        SpinLock lock = first.cancellation().lock;
        Goroutines.Started<Void> cancelling;
        lock.lock();
        try {
            cancelling = goroutines.go(parent::cancel);
            Await.stoppedAt(lock, cancelling.thread());
            assertNotNull(parent.err());
            assertNull(first.err());
            second.cancel();
            assertNull(third.err());
        } finally {
            lock.unlock();
        }
        cancelling.get();
        assertSame(parent.err(), first.err());
        assertNotSame(parent.err(), second.err());
        assertSame(parent.err(), third.err());
    }

    /** Nobody sees one without the other, nor a child that is done by a parent that is not. */
    @Test
    void cancel_watched_errAndChannelAreOne() throws Exception {
        for (int round = 0; round < Effort.times(2_000, 300_000); round++) {
            CancelContext parent = Context.background().withCancel();
            CancelContext child = parent.withCancel();
            if (round % 2 == 0) {
                child.done();
            }
            together(List.of(parent::cancel, () -> {
                while (!child.done().isDrained()) {
                    Thread.yield();
                }
                assertNotNull(child.err());
                assertNotNull(parent.err());
            }, () -> {
                while (child.err() == null) {
                    Thread.yield();
                }
                assertTrue(child.done().isDrained());
                assertNotNull(parent.err());
            }));
        }
    }

    @Test
    void done_askedForByMany_isOneChannel() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 300_000); round++) {
            CancelContext context = Context.background().withCancel();
            Object[] seen = new Object[3];
            List<Runnable> tasks = new ArrayList<>(round % 2 == 0 ? List.of(context::cancel) : List.of());
            for (int i = 0; i < seen.length; i++) {
                int me = i;
                tasks.add(() -> seen[me] = context.done());
            }
            together(tasks);
            for (Object one : seen) {
                assertSame(context.done(), one);
            }
            assertEquals(round % 2 == 0, context.done().isDrained());
        }
    }

    @Test
    void cancel_aChainOf100000_doesNotRecurse() {
        CancelContext root = Context.background().withCancel();
        Context last = root;
        for (int i = 0; i < 100_000; i++) {
            last = i % 2 == 0 ? last.withCancel() : last.with(Context.Key.of("key"), i);
        }
        ReceiveChan<Void> done = last.done();
        assertNull(last.value(Context.Key.of("no such key")));
        root.cancel();
        assertTrue(done.isDrained());
        ContextTest.assertDone(last);
    }

    /** The lock of a context guards its ring and its end: whoever comes to change them, or to wait, stops at it. */
    @Test
    void lockIsHeld_whoeverWouldChangeSomething_stopsAtIt() throws Exception {
        CancelContext context = Context.background().withCancel();
        CancelContext child = context.withCancel();
        AfterFunc func = context.afterFunc(() -> {});
        SpinLock lock = context.cancellation().lock;
        List<Goroutines.Started<Void>> stopped = new ArrayList<>();
        lock.lock();
        try {
            for (Task one : List.<Task>of(context::done, context::withCancel, () -> context.afterFunc(() -> {}),
                    func::stop, child::close, context::close)) {
                var started = goroutines.go(one);
                Await.stoppedAt(lock, started.thread());
                stopped.add(started);
            }
        } finally {
            lock.unlock();
        }
        for (var one : stopped) {
            one.get();
        }
        ContextTest.assertDone(context);
        assertEquals(0, ContextTest.dependents(context));
    }

    /** The end and the close of the channel are made under the channel's lock: whoever holds it sees neither. */
    @Test
    void cancel_lockOfTheChannelIsHeld_isNotDoneYet() throws Exception {
        CancelContext context = Context.background().withCancel();
        LockedChan<?> done = context.cancellation().done();
        Goroutines.Started<Void> cancelling;
        done.lockAll();
        try {
            cancelling = goroutines.go(context::cancel);
            Await.stoppedAt(done, cancelling.thread());
            assertNull(context.err());
            assertFalse(done.closed);
        } finally {
            done.unlockAll();
        }
        cancelling.get();
        ContextTest.assertDone(context);
    }
}
