package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of groups: what is awaited, what comes out, who is stopped, how many run at once. After Go's errgroup. */
class GroupTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext parent = Context.background().withCancel();

    /** Waits until it is interrupted. */
    private static void block() throws InterruptedException {
        Chan.<Integer>absent().receive();
    }

    @Test
    void await_nothingStarted_returns() throws Exception {
        try (Group group = Group.open(parent)) {
            group.await();
            group.await();
        }
    }

    @Test
    void await_waitsForAll() throws Exception {
        try (Group group = Group.open(parent)) {
            Chan<Integer> release = Chan.make();
            AtomicInteger ended = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                group.go(() -> {
                    release.receive();
                    ended.incrementAndGet();
                });
            }
            assertEquals("Group[WaitGroup[counter=100], Context[not done]]", group.toString());
            var waiting = goroutines.go(group::await);
            Await.parked(waiting.thread());
            release.close();
            waiting.get();
            assertEquals(100, ended.get());
            group.go(ended::incrementAndGet);
            group.await();
            assertEquals(101, ended.get(), "it can be used again");
            ContextTest.assertNotDone(group.context());
        }
    }

    @Test
    void go_runsInAGoroutineOfItsOwn() throws Exception {
        try (Group group = Group.open(parent)) {
            var mine = group.call(Thread::currentThread);
            var other = group.call(Thread::currentThread);
            group.await();
            assertTrue(mine.get().isVirtual());
            assertNotSame(mine.get(), other.get());
        }
    }

    @Test
    void tasks_mayStartTasks() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Group group = Group.open(parent)) {
            startTree(group, 6, ended);
            group.await();
            assertEquals(127, ended.get());
        }
    }

    private static void startTree(Group group, int depth, AtomicInteger ended) throws InterruptedException {
        group.go(() -> {
            if (depth > 0) {
                startTree(group, depth - 1, ended);
                startTree(group, depth - 1, ended);
            }
            ended.incrementAndGet();
        });
    }

    // Failures.

    @Test
    void await_taskFailed_throwsTheVeryThing() throws Exception {
        for (Throwable failure : List.of(new IOException("checked"), new IllegalStateException("unchecked"),
                new StackOverflowError("error"), new Throwable("neither"), new InterruptedException("of its own"),
                new ContextException(null, true))) {
            try (Group group = Group.open(parent)) {
                group.go(() -> {});
                group.go(() -> {
                    throw failure;
                });
                assertSame(failure, assertThrows(Throwable.class, group::await));
                assertSame(failure, group.context().cause());
                assertSame(failure, assertThrows(Throwable.class, group::await), "once more");
                assertEquals(0, failure.getSuppressed().length);
            }
        }
        assertNull(parent.err());
    }

    @Test
    void await_firstFailure_stopsTheOthers() throws Exception {
        try (Group group = Group.open(parent)) {
            Throwable failure = new IOException("failure");
            AtomicInteger stopped = new AtomicInteger();
            WaitGroup begun = new WaitGroup();
            begun.add(30);
            for (int i = 0; i < 30; i++) {
                int how = i % 3;
                group.go(() -> {
                    begun.done();
                    try {
                        switch (how) {
                            case 0 -> block();
                            case 1 -> Chan.absent().receive(group.context());
                            default -> Go.sleep(Duration.ofHours(1));
                        }
                    } finally {
                        stopped.incrementAndGet();
                    }
                });
            }
            group.go(() -> {
                begun.await();
                throw failure;
            });
            assertSame(failure, assertThrows(IOException.class, group::await));
            assertEquals(30, stopped.get());
            assertEquals(List.of(), List.of(failure.getSuppressed()), "the others have only echoed it");
        }
    }

    @Test
    void await_furtherFailures_areSuppressedInTheFirst() throws Exception {
        IOException first = new IOException("first");
        Set<Throwable> others = Collections.synchronizedSet(new HashSet<>());
        try (Group group = Group.open(parent)) {
            WaitGroup begun = new WaitGroup();
            begun.add(10);
            for (int i = 0; i < 10; i++) {
                group.go(() -> {
                    begun.done();
                    try {
                        block();
                    } catch (InterruptedException e) {
                        Exception other = new InterruptedIOException("while it was stopped");
                        others.add(other);
                        throw other;
                    }
                });
            }
            group.go(() -> {
                begun.await();
                throw first;
            });
            assertSame(first, assertThrows(IOException.class, group::await));
            assertEquals(others, Set.of(first.getSuppressed()));
        }
    }

    @Test
    void await_sameFailureTwice_isNotSuppressedInItself() throws Exception {
        IOException failure = new IOException("failure");
        try (Group group = Group.open(parent)) {
            WaitGroup begun = new WaitGroup();
            begun.add(1);
            group.go(() -> {
                begun.done();
                try {
                    block();
                } catch (InterruptedException e) {
                    throw failure;
                }
            });
            begun.await();
            group.go(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IOException.class, group::await));
            assertEquals(0, failure.getSuppressed().length);
        }
    }

    /** All the ways to tell of having been stopped. */
    @Test
    void await_echoes_areNoFailures() throws Exception {
        for (Throwable echo : List.of(new InterruptedException(), new ContextException(null, true),
                new UncheckedInterruptedException("interrupted", new InterruptedException()),
                new ClosedByInterruptException(), new DeadlineExceededException(null, true))) {
            CancelContext context = Context.background().withCancel();
            try (Group group = Group.open(context)) {
                WaitGroup begun = new WaitGroup();
                begun.add(1);
                group.go(() -> {
                    begun.done();
                    try {
                        block();
                    } catch (InterruptedException e) {
                        throw echo;
                    }
                });
                begun.await();
                context.cancel(new Exception("why"));
                assertEquals("why", assertThrows(ContextException.class, group::await).getCause().getMessage());
            }
        }
    }

    /** What only looks like it: a future was cancelled, a channel closed, and not because of the group. */
    @Test
    void await_almostEchoes_areFailures() throws Exception {
        for (Throwable failure : List.of(new CancellationException(), new AsynchronousCloseException(),
                new ClosedChannelException(), new InterruptedIOException())) {
            CancelContext context = parent.withCancel();
            try (Group group = Group.open(context)) {
                Chan<Integer> begun = Chan.make();
                group.go(() -> {
                    begun.close();
                    try {
                        block();
                    } catch (InterruptedException e) {
                        throw failure;
                    }
                });
                begun.receive();
                context.cancel();
                assertSame(failure, assertThrows(Throwable.class, group::await));
            }
        }
    }

    @Test
    void await_interrupted_throwsAndTheGroupGoesOn() throws Exception {
        try (Group group = Group.open(parent)) {
            Chan<Integer> release = Chan.make();
            var result = group.call(release::receive);
            var waiting = goroutines.call(() -> {
                group.await();
                return null;
            });
            Await.parked(waiting.thread());
            waiting.interrupt();
            assertInstanceOf(InterruptedException.class, waiting.failure());
            release.send(1);
            group.await();
            assertEquals(1, result.get());
        }
    }

    // The context.

    @Test
    void parentCancelled_stopsAllAndComesOutOfAwait() throws Exception {
        Throwable why = new Exception("why");
        AtomicInteger stopped = new AtomicInteger();
        try (Group group = Group.open(parent, 7)) {
            WaitGroup begun = new WaitGroup();
            begun.add(7);
            for (int i = 0; i < 7; i++) {
                group.go(() -> {
                    begun.done();
                    try {
                        block();
                    } catch (InterruptedException e) {
                        assertSame(why, group.context().cause(), "it is done before they are interrupted");
                        stopped.incrementAndGet();
                    }
                });
            }
            begun.await();
            parent.cancel(why);
            assertSame(why, assertThrows(ContextException.class, group::await).getCause());
            assertEquals(7, stopped.get());
        }
    }

    @Test
    void parentDone_nothingIsRun() throws Exception {
        parent.cancel();
        AtomicBoolean ran = new AtomicBoolean();
        try (Group group = Group.open(parent, 1)) {
            group.go(() -> ran.set(true));
            group.go(() -> ran.set(true));
            assertFalse(group.tryGo(() -> ran.set(true)));
            var result = group.call(() -> 1);
            assertThrows(ContextException.class, group::await);
            assertThrows(IllegalStateException.class, result::get);
        }
        assertFalse(ran.get());
    }

    @Test
    void failed_nothingMoreIsRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        IOException failure = new IOException("failure");
        try (Group group = Group.open(parent)) {
            group.go(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IOException.class, group::await));
            group.go(() -> ran.set(true));
            assertFalse(group.tryGo(() -> ran.set(true)));
            assertSame(failure, assertThrows(IOException.class, group::await));
        }
        assertFalse(ran.get());
    }

    @Test
    void context_carriesTheValuesOfTheParentAndIsDoneWhenTheGroupIsClosed() throws Exception {
        Context.Key<Integer> key = Context.Key.of("key");
        Context context;
        try (Group group = Group.open(parent.with(key, 1))) {
            context = group.context();
            assertEquals(1, context.value(key));
            ContextTest.assertNotDone(context);
            group.await();
        }
        assertSame(context.err(), context.cause());
        assertNull(parent.err());
        assertEquals(0, ContextTest.dependents(parent), "it has left its parent");
    }

    // Close.

    @Test
    void close_stopsWhatRuns() throws Exception {
        AtomicInteger stopped = new AtomicInteger();
        try (Group group = Group.open(parent)) {
            WaitGroup begun = new WaitGroup();
            begun.add(10);
            for (int i = 0; i < 10; i++) {
                group.go(() -> {
                    begun.done();
                    try {
                        block();
                    } finally {
                        stopped.incrementAndGet();
                    }
                });
            }
            begun.await();
        }
        assertEquals(10, stopped.get());
    }

    @Test
    void close_failureNobodyWasToldOf_comesOut() {
        IOException failure = new IOException("failure");
        Group[] opened = new Group[1];
        assertSame(failure, assertThrows(CompletionException.class, () -> {
            try (Group group = Group.open(parent)) {
                opened[0] = group;
                group.go(() -> {
                    throw failure;
                });
                group.context().done().receive();
            }
        }).getCause());
        opened[0].close();
    }

    @Test
    void close_failureThatAwaitHasThrown_doesNotComeOutAgain() {
        IOException failure = new IOException("failure");
        assertSame(failure, assertThrows(IOException.class, () -> {
            try (Group group = Group.open(parent)) {
                group.go(() -> {
                    throw failure;
                });
                group.await();
            }
        }));
        assertEquals(0, failure.getSuppressed().length);
    }

    @Test
    void close_blockFailed_isWhatComesOut() throws Exception {
        IllegalStateException ofTheBlock = new IllegalStateException("block");
        IOException failure = new IOException("failure");
        assertSame(ofTheBlock, assertThrows(IllegalStateException.class, () -> {
            try (Group group = Group.open(parent)) {
                group.go(() -> {
                    throw failure;
                });
                group.context().done().receive();
                throw ofTheBlock;
            }
        }));
        assertSame(failure, ofTheBlock.getSuppressed()[0].getCause());
    }

    @Test
    void close_failuresWhileItStops_comeOut() {
        assertEquals("while it stops", assertThrows(CompletionException.class, () -> {
            try (Group group = Group.open(parent)) {
                Chan<Integer> begun = Chan.make();
                group.go(() -> {
                    begun.close();
                    try {
                        block();
                    } catch (InterruptedException e) {
                        throw new IOException("while it stops");
                    }
                });
                begun.receive();
            }
        }).getCause().getMessage());
    }

    @Test
    void close_tasksStartedWhileItStops_areNotRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        Group group = Group.open(parent);
        Chan<Integer> begun = Chan.make();
        group.go(() -> {
            begun.close();
            try {
                block();
            } catch (InterruptedException e) {
                group.go(() -> ran.set(true));
            }
        });
        begun.receive();
        group.close();
        assertFalse(ran.get());
        group.await();
    }

    @Test
    void close_again_doesNothing_andNothingCanBeStarted() {
        for (Group group : List.of(Group.open(parent), Group.open(Context.background(), 1))) {
            group.close();
            group.close();
            assertThrows(IllegalStateException.class, () -> group.go(() -> {}));
            assertThrows(IllegalStateException.class, () -> group.tryGo(() -> {}));
            assertThrows(IllegalStateException.class, () -> group.call(() -> 1));
        }
    }

    @Test
    void close_interrupted_waitsAllTheSame() throws Exception {
        Group group = Group.open(parent);
        Chan<Integer> release = Chan.make();
        Chan<Integer> begun = Chan.make();
        AtomicBoolean ended = new AtomicBoolean();
        group.go(() -> {
            begun.close();
            dawdle(release);
            ended.set(true);
        });
        begun.receive(); // else close would keep it from beginning
        var closing = goroutines.call(() -> {
            Thread.currentThread().interrupt();
            group.close();
            assertTrue(ended.get());
            return Thread.interrupted();
        });
        Await.parked(closing.thread());
        closing.interrupt();
        Await.until(() -> !closing.thread().isInterrupted(), () -> "it to take note");
        Await.parked(closing.thread());
        assertFalse(closing.isDone());
        release.close();
        assertTrue(closing.get(), "the status is set again");
    }

    /** A goroutine that does not care is named, with its stack; and again. */
    @Test
    void close_goroutineDoesNotEnd_isNamedInTheLog() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                String message = record.getMessage(); // there may be others than those of the group
                if (record.getLevel() == Level.WARNING && message.startsWith("close of a group")) {
                    logged.add(message);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.runnel");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            Group group = Group.open(parent);
            assertEquals(Duration.ofSeconds(10), group.patience);
            group.patience = Duration.ofMillis(5);
            Chan<Integer> quit = Chan.make();
            Chan<Thread> begun = Chan.make();
            group.go(() -> {
                begun.send(Thread.currentThread());
                dawdle(quit);
            });
            Thread thread = begun.receive();
            Await.receivers(quit, 1); // it is in dawdle, and does not leave that any more
            var closing = goroutines.go(group::close);
            Await.until(() -> logged.size() >= 3, () -> "three warnings");
            quit.close();
            closing.get();
            assertTrue(logged.get(0).contains("#" + thread.threadId()), logged.get(0));
            assertTrue(logged.get(0).contains("GroupTest.dawdle"), logged.get(0));
            assertTrue(logged.get(0).contains("PT0.005S"), logged.get(0));
            assertTrue(logged.get(1).contains("PT0.01S"), logged.get(1));
            assertTrue(logged.get(2).contains("PT0.02S"), logged.get(2));
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    /** Does not end when it is interrupted. It waits, for to yield in a loop would starve others on one carrier. */
    private static void dawdle(Chan<Integer> quit) {
        while (!quit.isDrained()) {
            try {
                quit.receive();
            } catch (InterruptedException e) {
                // not yet
            }
        }
    }

    // The limit.

    @Test
    void limit_neverMoreAtOnce() throws Exception {
        for (int limit : new int[] {1, 2, 10}) {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            try (Group group = Group.open(parent, limit)) {
                for (int i = 0; i < 200; i++) {
                    group.go(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Thread.yield();
                        running.decrementAndGet();
                        ended.incrementAndGet();
                    });
                }
                group.await();
            }
            assertEquals(200, ended.get());
            assertTrue(most.get() <= limit, most + " at once");
        }
    }

    @Test
    void go_limitReached_waitsForOneToEnd() throws Exception {
        try (Group group = Group.open(parent, 2)) {
            Chan<Integer> release = Chan.make();
            group.go(release::receive);
            assertTrue(group.tryGo(release::receive));
            assertFalse(group.tryGo(release::receive));
            AtomicBoolean ran = new AtomicBoolean();
            var starting = goroutines.go(() -> group.go(() -> ran.set(true)));
            Await.parked(starting.thread());
            release.send(1);
            starting.get();
            release.send(1);
            group.await();
            assertTrue(ran.get());
            assertTrue(group.tryGo(() -> {}));
            group.await();
        }
    }

    @Test
    void go_limitReachedAndCancelled_returnsAndDoesNotRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        try (Group group = Group.open(parent, 1)) {
            group.go(GroupTest::block);
            var starting = goroutines.go(() -> group.go(() -> ran.set(true)));
            Await.parked(starting.thread());
            parent.cancel();
            starting.get();
            assertThrows(ContextException.class, group::await);
        }
        assertFalse(ran.get());
    }

    @Test
    void go_limitReachedAndInterrupted_throwsAndDoesNotRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        try (Group group = Group.open(parent, 1)) {
            Chan<Integer> release = Chan.make();
            group.go(release::receive);
            var starting = goroutines.call(() -> {
                group.go(() -> ran.set(true));
                return null;
            });
            Await.parked(starting.thread());
            starting.interrupt();
            assertInstanceOf(InterruptedException.class, starting.failure());
            release.send(1);
            group.await();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> group.go(() -> ran.set(true)), "on entry");
        }
        assertFalse(ran.get());
    }

    @Test
    void go_noLimit_doesNotLookAtTheInterruptStatus() throws Exception {
        try (Group group = Group.open(parent)) {
            Thread.currentThread().interrupt();
            var result = group.call(() -> 1);
            assertTrue(Thread.interrupted());
            group.await();
            assertEquals(1, result.get());
        }
    }

    /** The places of tasks that failed, or were never run, are given back. */
    @Test
    void go_startFails_isUndone() throws Exception {
        try (Group group = Group.open(parent, 1)) {
            for (int i = 0; i < 3; i++) {
                Goroutines.failingToStart(() -> assertThrows(IllegalStateException.class, () -> group.go(() -> {})));
            }
            group.go(() -> {});
            group.await();
        }
    }

    // Results and arguments.

    @Test
    void call_resultIsThereOnceTheTaskHasEnded() throws Exception {
        try (Group group = Group.open(parent)) {
            Chan<Integer> release = Chan.make();
            Group.Result<Integer> result = group.call(release::receive);
            var e = assertThrows(IllegalStateException.class, result::get);
            assertTrue(e.getMessage().startsWith("there is no result"), e.getMessage());
            release.send(42);
            Group.Result<Object> none = group.call(() -> null);
            group.await();
            assertEquals(42, result.get());
            assertEquals(42, result.get());
            assertNull(none.get(), "null is a result too");
        }
    }

    @Test
    void call_failed_hasNoResult() throws Exception {
        try (Group group = Group.open(parent)) {
            Group.Result<Object> result = group.call(() -> {
                throw new IOException("failure");
            });
            assertThrows(IOException.class, group::await);
            assertThrows(IllegalStateException.class, result::get);
        }
    }

    @Test
    void badArguments_areRefused() throws Exception {
        assertThrows(NullPointerException.class, () -> Group.open(null));
        assertThrows(NullPointerException.class, () -> Group.open(null, 1));
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            var e = assertThrows(IllegalArgumentException.class, () -> Group.open(parent, limit));
            assertTrue(e.getMessage().startsWith("limit " + limit + ": give 1 or more"), e.getMessage());
        }
        try (Group group = Group.open(parent)) {
            assertThrows(NullPointerException.class, () -> group.go(null));
            assertThrows(NullPointerException.class, () -> group.tryGo(null));
            assertThrows(NullPointerException.class, () -> group.call(null));
            group.await();
        }
    }

    // Races.

    /** Whoever comes when: after the end of the group nothing runs, and whoever was accepted and begun has ended. */
    @Test
    void go_againstFailureAndClose_nothingIsLeft() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 300_000); round++) {
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            IOException failure = new IOException("failure");
            Group group = round % 2 == 0 ? Group.open(parent) : Group.open(parent, 2);
            Task task = () -> {
                begun.incrementAndGet();
                try {
                    block();
                } finally {
                    ended.incrementAndGet();
                }
            };
            List<Goroutines.Started<Void>> starting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                starting.add(goroutines.call(() -> {
                    group.go(task);
                    return null;
                }));
            }
            if (round % 3 == 0) {
                group.tryGo(() -> {
                    throw failure;
                });
            }
            try {
                group.close();
            } catch (CompletionException e) {
                assertSame(failure, e.getCause());
            }
            assertEquals(begun.get(), ended.get());
            for (var one : starting) {
                if (one.thread().join(Duration.ofSeconds(30)) && one.future().state() != Future.State.SUCCESS) {
                    assertInstanceOf(IllegalStateException.class, one.failure());
                }
            }
            assertEquals(begun.get(), ended.get());
            assertEquals("Group[WaitGroup[counter=0], Context[context cancelled]]", group.toString());
        }
        assertEquals(0, ContextTest.dependents(parent));
    }

    /** Of those that fail at once one is the first, and all the others are suppressed in it. */
    @Test
    void failures_atOnce_oneIsTheFirst() throws Exception {
        for (int round = 0; round < Effort.times(500, 100_000); round++) {
            try (Group group = Group.open(parent)) {
                Chan<Integer> start = Chan.make();
                for (int i = 0; i < 4; i++) {
                    group.go(() -> {
                        while (!start.isDrained()) {
                            Thread.yield();
                        }
                        throw new IOException("failure");
                    });
                }
                start.close();
                IOException first = assertThrows(IOException.class, group::await);
                assertSame(group.context().cause(), first);
                assertTrue(first.getSuppressed().length <= 3, "those that had not begun are not run");
            }
        }
    }

    /** It cannot be suppressed in itself, and its thread is told nothing of an attempt at that. */
    @Test
    void await_sameFailureTwice_noThreadIsToldOfIt() throws Exception {
        IOException failure = new IOException("failure");
        Set<Throwable> uncaught = Collections.synchronizedSet(new HashSet<>());
        try (Group group = Group.open(parent)) {
            Chan<Thread> begun = Chan.make();
            group.go(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
                begun.send(Thread.currentThread());
                try {
                    block();
                } catch (InterruptedException e) {
                    throw failure;
                }
            });
            Thread second = begun.receive();
            group.go(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IOException.class, group::await));
            second.join();
        }
        assertEquals(Set.of(), uncaught);
    }

    /** Who starts a task takes note of it before looking at the context; else nobody would interrupt it. */
    @Test
    void go_cancelledBeforeItIsTakenNoteOf_isNotRunOrInterrupted() throws Exception {
        for (int round = 0; round < 20; round++) {
            CancelContext context = parent.withCancel();
            Chan<Integer> quit = Chan.make();
            try (Group group = Group.open(context)) {
                SpinLock lock = Waiting.lock(group);
                Goroutines.Started<Void> starting;
                lock.lock();
                try {
                    starting = goroutines.go(() -> group.go(quit::receive));
                    Await.stoppedAt(lock, starting.thread());
                    Await.stoppedAt(lock, goroutines.go(context::cancel).thread());
                } finally {
                    lock.unlock();
                }
                starting.get();
                try {
                    Await.until(() -> Waiting.running(group).toString().endsWith("=0]"), () -> "its end: " + group);
                } finally {
                    quit.close();
                }
                assertThrows(ContextException.class, group::await);
            }
        }
    }

    /** The end of the context is enough; that of those who run may be a long time coming. */
    @Test
    void go_limitReachedAndCancelled_doesNotWaitForThoseWhoRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        Chan<Integer> quit = Chan.make();
        try (Group group = Group.open(parent, 1)) {
            group.go(() -> dawdle(quit));
            Await.receivers(quit, 1);
            var starting = goroutines.go(() -> group.go(() -> ran.set(true)));
            Await.parked(starting.thread());
            parent.cancel();
            try {
                starting.get();
            } finally {
                quit.close();
            }
        }
        assertFalse(ran.get());
    }

    /** Those who leave while others are interrupted keep nobody from being so: here when the first is, the next two. */
    @Test
    void cancel_someEndMeanwhile_theRestIsInterrupted() throws Exception {
        Chan<Integer> quit = Chan.make();
        Chan<Integer> never = Chan.make();
        WaitGroup interrupted = new WaitGroup();
        interrupted.add(2);
        try (Group group = Group.open(parent)) {
            Chan<Integer> begun = Chan.make();
            group.go(() -> new WhenInterrupted(() -> {
                quit.close();
                Await.until(() -> Waiting.running(group).toString().endsWith("=3]"), () -> "two to leave: " + group);
            }).block(begun));
            begun.receive();
            for (int i = 0; i < 4; i++) {
                Chan<Integer> from = i < 2 ? quit : never;
                group.go(() -> {
                    try {
                        from.receive();
                    } catch (InterruptedException e) {
                        interrupted.done();
                    }
                });
            }
            Await.receivers(quit, 2);
            Await.receivers(never, 2);
            try {
                parent.cancel();
                Await.until(() -> interrupted.gate() == null, () -> "the last two: " + interrupted);
            } finally {
                never.close();
            }
        }
    }

    /** Has whoever interrupts a goroutine run something, before any other is interrupted. */
    private static final class WhenInterrupted extends AbstractInterruptibleChannel {

        private final Runnable task;

        WhenInterrupted(Runnable task) {
            this.task = task;
        }

        void block(Chan<Integer> begun) throws InterruptedException {
            begin();
            begun.send(1);
            GroupTest.block();
        }

        @Override
        protected void implCloseChannel() {
            task.run();
        }
    }

    /** The lock of a group guards its ring and its failure: whoever comes to change them stops at it. */
    @Test
    void lockIsHeld_whoeverWouldChangeSomething_stopsAtIt() throws Exception {
        try (Group group = Group.open(parent)) {
            SpinLock lock = Waiting.lock(group);
            Chan<Integer> quit = Chan.make();
            Chan<Thread> begun = Chan.make();
            group.go(() -> {
                begun.send(Thread.currentThread());
                quit.receive();
            });
            Thread member = begun.receive();
            lock.lock();
            try {
                var starting = goroutines.go(() -> group.go(() -> {}));
                Await.stoppedAt(lock, starting.thread());
                quit.close();
                Await.stoppedAt(lock, member);
            } finally {
                lock.unlock();
            }
            group.await();
        }
    }

    /** The context ends after it was looked at, and before the goroutine has begun: nobody would interrupt that. */
    @Test
    void go_cancelledBeforeItBegins_isNotRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        InheritableThreadLocal<Boolean> inherited = new InheritableThreadLocal<>() {
            @Override
            protected Boolean childValue(Boolean parentValue) {
                parent.cancel();
                return parentValue;
            }
        };
        try (Group group = Group.open(parent)) {
            inherited.set(true);
            try {
                group.go(() -> ran.set(true));
            } finally {
                inherited.remove();
            }
            assertThrows(ContextException.class, group::await);
        }
        assertFalse(ran.get());
    }

    /** Who has awaited finds room for one more. */
    @Test
    void end_placeIsGivenBackBeforeItIsCounted() throws Exception {
        try (Group group = Group.open(parent, 1)) {
            LockedChan<?> places = (LockedChan<?>) Waiting.places(group);
            Chan<Integer> quit = Chan.make();
            Chan<Thread> begun = Chan.make();
            group.go(() -> {
                begun.send(Thread.currentThread());
                quit.receive();
            });
            Thread member = begun.receive();
            Await.receivers(quit, 1);
            Await.parked(member);
            places.lockAll();
            try {
                quit.close();
                Await.until(() -> LockSupport.getBlocker(member) instanceof SpinLock at && at != quit,
                        () -> member + " to stop at the lock");
                assertEquals("WaitGroup[counter=1]", Waiting.running(group).toString());
            } finally {
                places.unlockAll();
            }
            group.await();
        }
    }

    /** Who has awaited is told of each failure. */
    @Test
    void end_failureIsTakenNoteOfBeforeItIsCounted() throws Exception {
        IOException failure = new IOException("failure");
        try (Group group = Group.open(parent)) {
            SpinLock lock = group.context().cancellation().lock;
            Chan<Integer> quit = Chan.make();
            Chan<Thread> begun = Chan.make();
            group.go(() -> {
                begun.send(Thread.currentThread());
                quit.receive();
                throw failure;
            });
            Thread member = begun.receive();
            lock.lock();
            try {
                quit.close();
                Await.stoppedAt(lock, member);
                assertEquals("WaitGroup[counter=1]", Waiting.running(group).toString());
            } finally {
                lock.unlock();
            }
            assertSame(failure, assertThrows(IOException.class, group::await));
        }
    }

    /** No thread can be started for what is to be done once the context is: the group ends all the same. */
    @Test
    void end_cancelThrows_isCountedAllTheSame() throws Exception {
        IOException failure = new IOException("failure");
        Chan<Throwable> reported = Chan.make(1);
        try (Group group = Group.open(parent)) {
            group.context().afterFunc(() -> {});
            group.go(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.trySend(e));
                new InheritableThreadLocal<Boolean>() {
                    @Override
                    protected Boolean childValue(Boolean parentValue) {
                        throw new IllegalStateException("no thread can be started here");
                    }
                }.set(true);
                throw failure;
            });
            Await.until(() -> Waiting.running(group).gate() == null, () -> "its end: " + group);
            assertSame(failure, assertThrows(IOException.class, group::await));
            assertInstanceOf(IllegalStateException.class, reported.receive());
        }
    }

    /** A group that lives long keeps none of the tasks that have ended, or could not be started. */
    @Test
    void end_groupLetsGoOfTheTask() throws Exception {
        List<WeakReference<?>> gone = new ArrayList<>();
        try (Group group = Group.open(parent)) {
            for (int i = 0; i < 3; i++) {
                gone.add(startOne(group));
            }
            Goroutines.failingToStart(() -> {
                for (int i = 0; i < 3; i++) {
                    Object much = new Object();
                    gone.add(new WeakReference<>(much));
                    assertThrows(IllegalStateException.class, () -> group.go(() -> Reference.reachabilityFence(much)));
                }
            });
            group.await();
            for (WeakReference<?> one : gone) {
                Await.until(() -> {
                    System.gc();
                    return one.refersTo(null);
                }, () -> "the tasks to be collected");
            }
        }
    }

    private static WeakReference<?> startOne(Group group) throws InterruptedException {
        Object much = new Object();
        group.go(() -> Reference.reachabilityFence(much));
        return new WeakReference<>(much);
    }
}
