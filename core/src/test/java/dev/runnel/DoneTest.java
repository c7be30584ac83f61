package dev.runnel;

import static dev.runnel.Go.done;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: done gives a channel that is closed once a thread has ended, a stage is complete, a counter is zero. */
class DoneTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private static Thread.Builder builder(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thread_runs_isClosedWhenItHasEnded(boolean virtual) throws Exception {
        Chan<Integer> go = Chan.make();
        Thread thread = builder(virtual).start(() -> {
            for (Integer ignored : go) {
                throw new AssertionError(ignored);
            }
        });
        ReceiveChan<Void> done = done(thread);
        ReceiveChan<Void> again = done(thread);
        var waiting = goroutines.go(() -> select(done.onReceive()));
        Await.receivers((Chan<?>) done, 1);
        assertFalse(done.isDrained());
        go.close();
        waiting.get();
        assertNull(again.receive());
        assertTrue(done.isDrained());
        assertFalse(thread.isAlive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thread_hasEnded_isClosedAtOnce(boolean virtual) throws Exception {
        Thread thread = builder(virtual).start(() -> {});
        thread.join();
        assertTrue(done(thread).isDrained());
    }

    @Test
    void thread_endsByAnException_isClosed() throws Exception {
        Thread thread = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> {}).start(() -> {
            throw new IllegalStateException();
        });
        assertNull(done(thread).receive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thread_notStarted_throws(boolean virtual) {
        Thread thread = builder(virtual).unstarted(() -> {});
        assertThrows(IllegalArgumentException.class, () -> done(thread));
    }

    @Test
    void null_throws() {
        assertThrows(NullPointerException.class, () -> done((Thread) null));
        assertThrows(NullPointerException.class, () -> done((CompletionStage<?>) null));
        assertThrows(NullPointerException.class, () -> done((WaitGroup) null));
    }

    /** As ThreadGroup.interrupt would: the thread that watches does not take it for the end of the other. */
    @Test
    void thread_watcherIsInterrupted_waitsOn() throws Exception {
        Chan<Integer> go = Chan.make();
        Thread thread = Thread.ofPlatform().start(() -> {
            for (Integer ignored : go) {
                throw new AssertionError(ignored);
            }
        });
        ReceiveChan<Void> done = done(thread);
        String name = "runnel-done-" + thread.threadId();
        Thread watcher = Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(t -> t.getName().equals(name))
                .findAny()
                .orElseThrow();
        assertTrue(watcher.isDaemon());
        Await.parked(watcher);
        watcher.interrupt();
        Await.until(() -> !watcher.isInterrupted(), () -> "it to have seen that");
        Await.parked(watcher);
        assertFalse(done.isDrained());
        go.close();
        assertNull(done.receive());
        watcher.join();
    }

    /** There may be many of them: those of goroutines are as cheap as these. */
    @Test
    void thread_virtual_hasNoPlatformThreadToWatchIt() throws Exception {
        Chan<Integer> quit = Chan.make();
        Thread thread = Thread.ofVirtual().start(() -> {
            for (Integer ignored : quit) {
                throw new AssertionError(ignored);
            }
        });
        ReceiveChan<Void> done = done(thread);
        String name = "runnel-done-" + thread.threadId();
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals(name)));
        quit.close();
        assertNull(done.receive());
    }

    /** What it would inherit from the one who asks may be large, or throw. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thread_watcher_inheritsNothing(boolean virtual) throws Exception {
        Chan<Integer> quit = Chan.make();
        Thread thread = builder(virtual).start(() -> {
            for (Integer ignored : quit) {
                throw new AssertionError(ignored);
            }
        });
        AtomicReference<ReceiveChan<Void>> done = new AtomicReference<>();
        Goroutines.failingToStart(() -> done.set(done(thread)));
        quit.close();
        assertNull(done.get().receive());
    }

    @Test
    void thread_watched_isNoMoreThanOneGoroutine() throws Exception {
        Await.until(() -> Go.goroutines() == 1, () -> "those of others to end; there are " + Go.goroutines());
        int before = Go.goroutines();
        Chan<Integer> go = Chan.make();
        Thread thread = Go.go(() -> go.receive());
        ReceiveChan<Void> done = done(thread);
        assertEquals(before + 1, Go.goroutines());
        go.close();
        done.receive();
        assertEquals(before, Go.goroutines());
    }

    @Test
    void stage_completesInAnyWay_isClosed() throws Exception {
        List<Task> ways = new ArrayList<>();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(new CompletableFuture<>());
        }
        ways.add(() -> futures.get(0).complete(1));
        ways.add(() -> futures.get(1).completeExceptionally(new IllegalStateException()));
        ways.add(() -> futures.get(2).cancel(true));
        for (int i = 0; i < 3; i++) {
            ReceiveChan<Void> done = done(futures.get(i));
            assertFalse(done.isDrained());
            goroutines.go(ways.get(i));
            assertNull(done.receive());
            assertTrue(done(futures.get(i)).isDrained(), "complete already");
            assertTrue(futures.get(i).isDone());
        }
    }

    @Test
    void group_counterAboveZero_isClosedAtZero() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(2);
        ReceiveChan<Void> done = done(group);
        assertSame(done, done(group), "all wait for the same zero");
        var awaiting = goroutines.go(group::await);
        Await.awaiting(group, 1);
        group.done();
        assertFalse(done.isDrained());
        group.done();
        assertNull(done.receive());
        awaiting.get();
    }

    @Test
    void group_counterIsZero_isClosedAtOnce() {
        assertTrue(done(new WaitGroup()).isDrained());
    }

    @Test
    void group_usedAgain_staysClosedAndTheNextIsAnother() throws Exception {
        WaitGroup group = new WaitGroup();
        group.add(1);
        ReceiveChan<Void> first = done(group);
        group.done();
        group.add(1);
        ReceiveChan<Void> second = done(group);
        assertTrue(first.isDrained());
        assertFalse(second.isDrained());
        group.done();
        assertTrue(second.isDrained());
    }

    /** Whatever the step to zero meets: who asked before it is told, and what was done before is seen. */
    @Test
    void group_askedWhileItComesToZero_isClosed() throws Exception {
        int[] written = new int[1];
        for (int i = 1; i <= Effort.times(5_000, 1_000_000); i++) {
            int round = i;
            WaitGroup group = new WaitGroup();
            group.add(1);
            var last = goroutines.call(() -> {
                written[0] = round;
                group.done();
                return null;
            });
            assertNull(done(group).receive());
            assertEquals(round, written[0]);
            last.get();
        }
    }
}
