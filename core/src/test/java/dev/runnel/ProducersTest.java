package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rules: the last producer to end closes the channel, once, with the first failure as the cause and the others
 * suppressed in it; the block counts as a producer, and its end does not wait.
 */
class ProducersTest {

    private static final int ROUNDS = Effort.times(2_000, 200_000);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private static ChanClosedException failure(Chan<?> chan) {
        return assertThrows(ChanClosedException.class, chan::receive);
    }

    @EveryCapacity
    void producers_allEnded_closeTheChannel(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        try (Producers producers = Producers.of(chan)) {
            for (int p = 0; p < 5; p++) {
                int from = p * 100;
                producers.go(() -> {
                    for (int i = 0; i < 100; i++) {
                        chan.send(from + i);
                    }
                });
            }
        }
        Set<Integer> received = new HashSet<>();
        for (int value : chan) {
            assertTrue(received.add(value));
        }
        assertEquals(500, received.size());
        assertTrue(chan.isDrained());
    }

    @Test
    void close_noTasks_closesTheChannel() throws Exception {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        assertFalse(chan.isDrained());
        producers.close();
        assertTrue(chan.isDrained());
        assertNull(chan.receive());
        producers.close();
    }

    @Test
    void close_tasksRun_doesNotWaitAndLeavesItToThem() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> go = chans.make();
        Producers producers = Producers.of(chan);
        Thread first = producers.go(go::receive);
        Thread second = producers.go(go::receive);
        Await.receivers(go, 2);
        producers.close();
        producers.close();
        assertEquals("Producers[running=2]", producers.toString());
        go.send(1);
        Await.until(() -> !(first.isAlive() && second.isAlive()), () -> "one to end");
        assertFalse(chan.isDrained());
        go.send(2);
        assertNull(chan.receive());
    }

    @Test
    void block_hasNotEnded_keepsTheChannelOpen() throws Exception {
        Chan<Integer> chan = chans.make();
        try (Producers producers = Producers.of(chan)) {
            producers.go(() -> {}).join();
            assertFalse(chan.isDrained());
            producers.go(() -> {}).join();
            assertFalse(chan.isDrained());
        }
        assertTrue(chan.isDrained());
    }

    @Test
    void task_startsOthersAfterTheBlock_channelWaitsForThem() throws Exception {
        Chan<Integer> chan = chans.make();
        try (Producers producers = Producers.of(chan)) {
            spread(producers, chan, 6);
        }
        int sum = 0;
        for (int value : chan) {
            sum += value;
        }
        assertEquals(64, sum);
    }

    private static void spread(Producers producers, Chan<Integer> chan, int depth) {
        producers.go(() -> {
            if (depth == 0) {
                chan.send(1);
            } else {
                spread(producers, chan, depth - 1);
                spread(producers, chan, depth - 1);
            }
        });
    }

    @EveryCapacity
    void task_fails_isTheCauseOfTheClose(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Exception failure = new Exception("failed");
        try (Producers producers = Producers.of(chan)) {
            producers.go(() -> chan.send(1));
            producers.go(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.set(e));
                throw failure;
            }).join();
            producers.go(() -> chan.send(2));
        }
        List<Integer> received = new ArrayList<>();
        ChanClosedException e = assertThrows(ChanClosedException.class, () -> {
            for (int value : chan) {
                received.add(value);
            }
        });
        assertSame(failure, e.getCause());
        assertArrayEquals(new Throwable[0], failure.getSuppressed());
        assertEquals(Set.of(1, 2), new HashSet<>(received), "the others are not stopped");
        assertNull(uncaught.get(), "it is told once");
    }

    /** In the order in which they fail, an Error and an interruption too; one that is thrown twice counts once. */
    @Test
    void tasks_fail_theFirstIsTheCauseAndHasTheOthers() throws Exception {
        Chan<Integer> chan = chans.make();
        Throwable first = new AssertionError("first");
        Throwable second = new InterruptedException("second");
        Throwable third = new IllegalStateException("third");
        try (Producers producers = Producers.of(chan)) {
            for (Throwable thrown : List.of(first, second, first, third)) {
                producers.go(() -> {
                    throw thrown;
                }).join();
            }
        }
        assertSame(first, failure(chan).getCause());
        assertArrayEquals(new Throwable[] {second, third}, first.getSuppressed());
    }

    @Test
    void task_isInterrupted_isAFailure() throws Exception {
        Chan<Integer> chan = chans.make();
        Thread waiting;
        try (Producers producers = Producers.of(chan)) {
            waiting = producers.go(() -> chan.send(1));
        }
        Await.senders(chan, 1);
        waiting.interrupt();
        waiting.join();
        assertInstanceOf(InterruptedException.class, failure(chan).getCause());
    }

    @Test
    void go_ended_throws() {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        producers.close();
        assertThrows(IllegalStateException.class, () -> producers.go(() -> chan.send(1)));
        assertEquals("Producers[running=0]", producers.toString());
    }

    @Test
    void go_null_throwsAndCountsNothing() {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        assertThrows(NullPointerException.class, () -> producers.go(null));
        producers.close();
        assertTrue(chan.isDrained());
    }

    @Test
    void go_threadCannotStart_countsNothing() {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        Goroutines.failingToStart(
                () -> assertThrows(IllegalStateException.class, () -> producers.go(() -> chan.send(1))));
        assertEquals("Producers[running=1]", producers.toString());
        producers.close();
        assertTrue(chan.isDrained());
        assertNull(chan.tryReceive(), "without a cause: it was told to the caller");
    }

    /** The block ends while the thread is being started: what could not be started is the last, and closes. */
    @Test
    void go_threadCannotStartAndItIsTheLast_isToldOfBoth() {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        chan.close();
        IllegalStateException failure = new IllegalStateException("no thread can be started here");
        InheritableThreadLocal<Boolean> inherited = new InheritableThreadLocal<>() {
            @Override
            protected Boolean childValue(Boolean parentValue) {
                producers.close();
                throw failure;
            }
        };
        inherited.set(true);
        try {
            assertSame(failure, assertThrows(IllegalStateException.class, () -> producers.go(() -> {})));
        } finally {
            inherited.remove();
        }
        assertInstanceOf(ChanClosedException.class, failure.getSuppressed()[0]);
    }

    @Test
    void of_badChannel_throws() {
        assertThrows(NullPointerException.class, () -> Producers.of(null));
        assertThrows(IllegalArgumentException.class, () -> Producers.of(Chan.absent()));
    }

    @Test
    void close_channelIsClosedAlready_throws() {
        Chan<Integer> chan = chans.make();
        Producers producers = Producers.of(chan);
        chan.close();
        assertThrows(ChanClosedException.class, producers::close);
        producers.close();
    }

    /** With the failure in it: if it cannot be told to who receives, it comes to the handler. */
    @Test
    void lastTask_channelIsClosedAlready_itsThreadIsToldOfTheFailure() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> go = chans.make();
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Exception failure = new Exception("failed");
        Thread last;
        try (Producers producers = Producers.of(chan)) {
            last = producers.go(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.set(e));
                go.receive();
                throw failure;
            });
        }
        chan.close();
        go.send(1);
        last.join();
        Throwable e = assertInstanceOf(ChanClosedException.class, uncaught.get());
        assertArrayEquals(new Throwable[] {failure}, e.getSuppressed());
    }

    /** However the ends of tasks and block fall together: closed once, and with all failures told. */
    @Test
    void ends_race_closeOnceWithAllFailures() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(round % 3);
            Set<Throwable> thrown = new HashSet<>();
            try (Producers producers = Producers.of(chan)) {
                for (int p = 0; p < 4; p++) {
                    Exception failure = p < round % 5 ? new Exception("failure " + p) : null;
                    if (failure != null) {
                        thrown.add(failure);
                    }
                    producers.go(() -> {
                        if (failure != null) {
                            throw failure;
                        }
                    });
                }
            }
            Callable<Integer> receive = chan::receive;
            if (thrown.isEmpty()) {
                assertNull(receive.call());
            } else {
                Throwable cause = assertThrows(ChanClosedException.class, receive::call).getCause();
                Set<Throwable> told = new HashSet<>(List.of(cause.getSuppressed()));
                assertTrue(told.add(cause));
                assertEquals(thrown, told);
            }
        }
    }

    /** A go that falls together with the end either throws, or its task runs before the close. */
    @Test
    void go_racesWithTheEnd_isRefusedOrRunsBeforeTheClose() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(1);
            Producers producers = Producers.of(chan);
            var late = goroutines.call(() -> {
                try {
                    producers.go(() -> chan.send(1));
                    return 1;
                } catch (IllegalStateException e) {
                    return null;
                }
            });
            producers.close();
            assertEquals(late.get(), chan.receive());
            if (late.get() != null) {
                assertNull(chan.receive());
            }
        }
    }

    @Test
    void producers_dropped_areCollectedThoughTheChannelLives() throws Exception {
        Chan<Integer> chan = chans.make();
        WeakReference<?> dropped = drop(chan);
        Await.until(() -> {
            System.gc();
            return dropped.refersTo(null);
        }, () -> "the producers to be let go");
        assertNull(chan.receive());
    }

    private static WeakReference<?> drop(Chan<Integer> chan) throws InterruptedException {
        try (Producers producers = Producers.of(chan)) {
            producers.go(() -> {}).join();
            return new WeakReference<>(producers);
        }
    }

    /** It cannot be suppressed in itself; and as it is the cause of the close, its thread is told nothing. */
    @Test
    void task_failsWithTheFirstFailure_itsThreadIsToldNothing() throws Exception {
        Chan<Integer> chan = chans.make();
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        Exception failure = new Exception("failed");
        try (Producers producers = Producers.of(chan)) {
            for (int i = 0; i < 2; i++) {
                producers.go(() -> {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
                    throw failure;
                }).join();
            }
        }
        assertSame(failure, failure(chan).getCause());
        assertEquals(List.of(), List.copyOf(uncaught));
    }
}
