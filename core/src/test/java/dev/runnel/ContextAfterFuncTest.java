package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules: a task given to afterFunc runs once when the context is done, in a goroutine of its own, unless it is stopped. */
class ContextAfterFuncTest {

    private final CancelContext context = Context.background().withCancel();
    private final Chan<Thread> ran = Chan.make(10);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private AfterFunc afterFunc(Context on) {
        return on.afterFunc(() -> ran.send(Thread.currentThread()));
    }

    @Test
    void afterFunc_contextCancelled_runsInAGoroutineOfItsOwn() throws Exception {
        AfterFunc func = afterFunc(context);
        assertNull(ran.tryReceive());
        context.cancel();
        Thread thread = ran.receive();
        assertTrue(thread.isVirtual());
        assertNotSame(Thread.currentThread(), thread);
        assertFalse(func.stop(), "it has been started");
        context.cancel();
        assertTrue(thread.join(java.time.Duration.ofSeconds(30)));
        assertNull(ran.tryReceive(), "once");
    }

    /** What it waits for, the one who cancels does not. */
    @Test
    void afterFunc_taskBlocks_cancelDoesNot() throws Exception {
        Chan<Integer> go = Chan.make();
        Chan<Integer> over = Chan.make();
        context.afterFunc(() -> {
            go.receive();
            over.close();
        });
        context.cancel();
        assertFalse(over.isDrained());
        go.send(1);
        over.receive();
    }

    @Test
    void afterFunc_doneAlready_runsAtOnce() throws Exception {
        context.cancel();
        AfterFunc func = afterFunc(context);
        assertTrue(ran.receive().isVirtual());
        assertFalse(func.stop());
        assertEquals(0, ContextTest.dependents(context));
    }

    @Test
    void afterFunc_parentCancelled_runs() throws Exception {
        afterFunc(context.withCancel());
        afterFunc(context.with(Context.Key.of("key"), 1));
        context.cancel();
        assertNotSame(ran.receive(), ran.receive());
    }

    @Test
    void afterFunc_stopped_doesNotRun() throws Exception {
        AfterFunc func = afterFunc(context);
        AfterFunc other = afterFunc(context);
        assertTrue(func.stop());
        assertFalse(func.stop(), "it was stopped before");
        assertEquals(1, ContextTest.dependents(context));
        context.cancel();
        assertFalse(func.stop());
        assertFalse(other.stop());
        ran.receive();
        context.afterFunc(ran::close);
        assertNull(ran.receive(), "of the two, one has run");
    }

    @Test
    void afterFunc_neverDone_canBeStoppedAndNeverRuns() {
        for (Context never : List.of(Context.background(), context.withoutCancel())) {
            AfterFunc func = afterFunc(never);
            context.cancel();
            assertTrue(func.stop());
            assertFalse(func.stop());
        }
        assertNull(ran.tryReceive());
    }

    @Test
    void afterFunc_whatHappenedBeforeTheCancel_isSeen() throws Exception {
        for (int i = 1; i <= 1_000; i++) {
            int[] plain = new int[1];
            int expected = i;
            Chan<Integer> seen = Chan.make(1);
            CancelContext one = Context.background().withCancel();
            one.afterFunc(() -> seen.send(plain[0]));
            plain[0] = i;
            one.close();
            assertEquals(expected, seen.receive());
        }
    }

    @Test
    void afterFunc_taskThrows_reachesTheHandler() throws Exception {
        Chan<Throwable> reported = Chan.make(1);
        Throwable failure = new Exception("failure");
        context.afterFunc(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.trySend(e));
            throw failure;
        });
        context.cancel();
        assertSame(failure, reported.receive());
    }

    /** No thread can be started for one: the others, and the contexts beside, are told all the same. */
    @Test
    void afterFunc_cannotBeStarted_theOthersAreTold() {
        AfterFunc first = afterFunc(context);
        CancelContext child = context.withCancel();
        afterFunc(child);
        CancelContext last = child.withCancel();
        ReceiveChan<Void> done = last.done();
        Goroutines.failingToStart(() -> assertThrows(IllegalStateException.class, context::cancel));
        assertEquals("context cancelled", last.err().getMessage());
        assertTrue(done.isDrained());
        assertFalse(first.stop());
    }

    /** Stop against cancel: exactly one of the two decides, and whoever it is, the other one knows. */
    @Test
    void stop_againstCancel_eitherStopsOrRuns() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        int stopped = 0;
        int rounds = Effort.times(3_000, 1_000_000);
        for (int i = 0; i < rounds; i++) {
            CancelContext one = Context.background().withCancel();
            WaitGroup started = new WaitGroup();
            started.add(1);
            AfterFunc func = one.afterFunc(() -> {
                runs.incrementAndGet();
                started.done();
            });
            Chan<Integer> start = Chan.make();
            var stopping = goroutines.call(() -> {
                start.receive();
                return func.stop();
            });
            var cancelling = goroutines.call(() -> {
                start.receive();
                one.cancel();
                return null;
            });
            start.close();
            if (stopping.get()) {
                stopped++;
                started.done();
            }
            cancelling.get();
            started.await();
            assertEquals(0, ContextTest.dependents(one));
        }
        assertEquals(rounds, stopped + runs.get());
    }

    @Test
    void add_againstCancel_alwaysRuns() throws Exception {
        List<Goroutines.Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < Effort.times(3_000, 1_000_000); i++) {
            CancelContext one = Context.background().withCancel();
            WaitGroup runs = new WaitGroup();
            runs.add(2);
            all.clear();
            Chan<Integer> start = Chan.make();
            for (int n = 0; n < 2; n++) {
                all.add(goroutines.call(() -> {
                    start.receive();
                    one.afterFunc(runs::done);
                    return null;
                }));
            }
            start.close();
            one.cancel();
            for (var each : all) {
                each.get();
            }
            runs.await();
        }
    }
}
