package dev.runnel;

import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules: a deadline ends a context and those under it, the first one counts, and none is left when it is done. */
class ContextDeadlineTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(2);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext parent = Context.background().withCancel();
    private final Throwable cause = new Exception("cause");

    @RegisterExtension
    final Alarms alarms = new Alarms();

    private void assertAlarms(int n) {
        assertEquals(n, alarms.set());
    }

    private static void assertExceeded(Context context, Throwable why) {
        ContextTest.assertDone(context);
        assertInstanceOf(DeadlineExceededException.class, context.err());
        assertEquals("context deadline exceeded", context.err().getMessage());
        assertEquals(0, context.err().getStackTrace().length);
        assertSame(why == null ? context.err() : why, context.cause());
        assertEquals("Context[context deadline exceeded]", context.toString());
    }

    private List<Function<Context, CancelContext>> limits(Duration timeout, Throwable why) {
        return why == null
                ? List.of(context -> context.withTimeout(timeout),
                        context -> context.withDeadline(Instant.now().plus(timeout)))
                : List.of(context -> context.withTimeout(timeout, why),
                        context -> context.withDeadline(Instant.now().plus(timeout), why));
    }

    @Test
    void deadline_passes_ends() throws Exception {
        for (Throwable why : new Throwable[] {null, cause}) {
            for (var limit : limits(SHORT, why)) {
                long start = System.nanoTime();
                CancelContext context = limit.apply(parent);
                Context child = context.withCancel();
                child.done().receive();
                assertTrue(System.nanoTime() - start >= SHORT.toNanos() / 2, "not before, but for the clocks' steps");
                assertExceeded(context, why);
                assertExceeded(child, why);
                assertSame(context.err(), child.err());
                Await.until(() -> ContextTest.dependents(parent) == 0, () -> "it to leave its parent");
                context.cancel(new Exception("too late"));
                assertExceeded(context, why);
            }
        }
        assertNull(parent.err());
        assertAlarms(0);
    }

    /** Those who compute are not made to make way for anybody, but are told when they ask. */
    @Test
    void deadline_passesWhileOthersComputeOnAllCarriers_ends() throws Exception {
        AtomicBoolean givenUp = new AtomicBoolean();
        List<Goroutines.Started<Boolean>> computing = new ArrayList<>();
        try (CancelContext context = parent.withTimeout(SHORT)) {
            Context child = context.withCancel();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                computing.add(goroutines.call(() -> {
                    while (child.err() == null) {
                        if (givenUp.get()) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (var one : computing) {
                assertTrue(one.get());
            }
        } finally {
            givenUp.set(true);
        }
    }

    @Test
    void deadline_isWithinTheCall() {
        Instant before = Instant.now();
        CancelContext context = parent.withTimeout(HOUR);
        Instant after = Instant.now();
        assertNotNull(context.deadline());
        assertFalse(context.deadline().isBefore(before.plus(HOUR)));
        assertFalse(context.deadline().isAfter(after.plus(HOUR)));
        assertAlarms(1);
        assertEquals(context.deadline(), context.withCancel().deadline());
        assertEquals(context.deadline(), context.with(Context.Key.of("key"), 1).deadline());
        assertNull(context.withoutCancel().deadline());
        assertNull(parent.deadline());
        assertNull(Context.background().deadline());
        Instant instant = before.plusSeconds(60);
        assertEquals(instant, context.withDeadline(instant).deadline());
        assertAlarms(2);
        parent.cancel();
        assertAlarms(0);
        assertNotNull(context.deadline());
    }

    /** Also the shortest and the longest there are. */
    @Test
    void deadline_hasPassed_isDoneAtOnce() {
        List<CancelContext> done = new ArrayList<>();
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            done.add(parent.withTimeout(timeout));
            assertExceeded(parent.withTimeout(timeout, cause), cause);
        }
        for (Instant instant : List.of(Instant.now(), Instant.EPOCH, Instant.MIN)) {
            done.add(parent.withDeadline(instant));
            assertEquals(instant, done.getLast().deadline());
            assertExceeded(Context.background().withDeadline(instant, cause), cause);
        }
        for (CancelContext context : done) {
            assertExceeded(context, null);
        }
        assertAlarms(0);
        assertEquals(0, ContextTest.dependents(parent));
    }

    @Test
    void deadline_inTheFarFuture_isNotDone() throws Exception {
        CancelContext longest = parent.withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
        ContextTest.assertNotDone(longest);
        assertTrue(longest.deadline().isAfter(Instant.now().plus(Duration.ofDays(365 * 145))));
        CancelContext latest = parent.withDeadline(Instant.MAX);
        ContextTest.assertNotDone(latest);
        assertEquals(Instant.MAX, latest.deadline());
        parent.cancel();
        assertAlarms(0);
    }

    @Test
    void cancelledBefore_isCancelledAndTheAlarmGone() {
        for (var limit : limits(HOUR, cause)) {
            CancelContext context = limit.apply(parent);
            assertAlarms(1);
            context.cancel();
            assertAlarms(0);
            assertFalse(context.err() instanceof DeadlineExceededException);
            assertSame(context.err(), context.cause());
        }
    }

    @Test
    void parentDone_isDoneAsThatIs() {
        parent.cancel(cause);
        for (Duration timeout : List.of(HOUR, Duration.ZERO)) {
            CancelContext context = parent.withTimeout(timeout, new Exception("of no consequence"));
            ContextTest.assertDone(context);
            assertSame(cause, context.cause());
            assertSame(parent.err(), context.err());
        }
        assertAlarms(0);
    }

    @Test
    void parentHasAnEarlierOne_thatCounts() throws Exception {
        CancelContext first = parent.withTimeout(Duration.ofMillis(20), cause);
        CancelContext later = first.withTimeout(HOUR, new Exception("of no consequence"));
        assertTrue(alarms.set() <= 1, "but for that of the first, which may have gone off, there is none");
        assertEquals(first.deadline(), later.deadline());
        later.done().receive();
        assertExceeded(later, cause);
        assertSame(first.err(), later.err());
        assertAlarms(0);
    }

    @Test
    void parentHasALaterOne_onlyTheChildEnds() throws Exception {
        CancelContext later = parent.withTimeout(HOUR);
        CancelContext first = later.withCancel().withTimeout(SHORT, cause);
        first.done().receive();
        assertExceeded(first, cause);
        ContextTest.assertNotDone(later);
        assertAlarms(1);
        later.close();
        assertAlarms(0);
    }

    @Test
    void blocked_deadlinePasses_throws() throws Exception {
        Chan<Integer> chan = Chan.make();
        assertThrows(DeadlineExceededException.class, () -> chan.receive(parent.withTimeout(SHORT)));
        assertThrows(DeadlineExceededException.class, () -> chan.send(1, parent.withTimeout(SHORT)));
        assertThrows(DeadlineExceededException.class, () -> Go.sleep(HOUR, parent.withTimeout(SHORT)));
        CancelContext context = parent.withTimeout(SHORT, cause);
        var thrown = assertThrows(DeadlineExceededException.class, () -> select(chan.onReceive(), context.onDone()));
        assertSame(cause, thrown.getCause());
        assertEquals(0, Waiting.receivers(chan) + Waiting.senders(chan));
    }

    @Test
    void afterFunc_deadlinePasses_runs() throws Exception {
        Chan<Throwable> seen = Chan.make();
        CancelContext context = parent.withTimeout(SHORT);
        context.afterFunc(() -> seen.send(context.err()));
        assertSame(seen.receive(), context.err());
    }

    @Test
    void null_isRefused() {
        assertRefused("the timeout", () -> parent.withTimeout(null));
        assertRefused("the timeout", () -> parent.withTimeout(null, cause));
        assertRefused("the deadline", () -> parent.withDeadline(null));
        assertRefused("the deadline", () -> parent.withDeadline(null, cause));
        assertRefused("the cause", () -> parent.withTimeout(HOUR, null));
        assertRefused("the cause", () -> parent.withDeadline(Instant.now(), null));
        assertAlarms(0);
    }

    private static void assertRefused(String what, Runnable call) {
        assertTrue(assertThrows(NullPointerException.class, call::run).getMessage().startsWith(what + " is null"));
    }

    /** Whoever is first; all agree, and no alarm stays. */
    @Test
    void deadline_againstCancel_oneOfThem() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 300_000); round++) {
            CancelContext above = parent.withCancel();
            CancelContext[] context = new CancelContext[1];
            int pause = round % 100;
            var making = goroutines.call(() -> {
                context[0] = above.withTimeout(Duration.ofNanos(1_000L * pause));
                return context[0].withCancel();
            });
            for (int i = 0; i < 10 * pause; i++) {
                Thread.onSpinWait();
            }
            above.cancel();
            CancelContext child = making.get();
            child.done().receive();
            ContextTest.assertDone(context[0]);
            assertSame(context[0].err(), child.err());
            if (!(context[0].err() instanceof DeadlineExceededException)) {
                assertSame(above.err(), child.err());
            }
        }
        Await.until(() -> alarms.set() == 0, () -> "the alarms to be taken back");
        assertEquals(0, ContextTest.dependents(parent));
    }

    @Test
    void contextsWithDeadlines_manyThatAreClosed_leaveNothing() {
        Heap before = null;
        int turns = Effort.times(100_000, 20_000_000);
        for (int n = 0; n < turns; n++) {
            if (n == turns / 10) {
                before = Heap.now();
            }
            try (CancelContext context = parent.withTimeout(HOUR)) {
                assertNotNull(context.deadline());
            }
        }
        assertAlarms(0);
        Heap after = Heap.now();
        assertTrue(after.bytes() <= before.bytes() + (2 << 20), before + " has become " + after);
    }

    @Test
    void deadline_passesWithACause_errHasItToo() throws Exception {
        CancelContext context = parent.withTimeout(SHORT, cause);
        context.done().receive();
        assertSame(cause, context.err().getCause());
        assertSame(cause, parent.withTimeout(Duration.ZERO, cause).err().getCause());
        assertNull(parent.withTimeout(Duration.ZERO).err().getCause());
    }

    /** Whoever holds up the end of one context, be it by its many children, holds up nobody who waits for a time. */
    @Test
    void deadline_itsEndIsHeldUp_otherAlarmsGoOff() throws Exception {
        Duration timeout = Duration.ofMillis(20);
        CancelContext context = lockedBeforeItsDeadline(timeout);
        try {
            var sleeping = goroutines.go(() -> Go.sleep(timeout)); // which is over after the deadline
            Await.until(sleeping::isDone, () -> "the sleeper to wake up");
            assertNull(context.err());
        } finally {
            context.cancellation().lock.unlock();
        }
        context.done().receive();
        assertExceeded(context, null);
    }

    private CancelContext lockedBeforeItsDeadline(Duration timeout) {
        for (;;) {
            CancelContext context = parent.withTimeout(timeout);
            SpinLock lock = context.cancellation().lock;
            lock.lock();
            if (context.err() == null) {
                return context;
            }
            lock.unlock();
        }
    }

    /** Who cancels finds no alarm yet, and who has made the context sets it then; both stop at the lock of all alarms. */
    @Test
    void withTimeout_parentEndsBeforeTheAlarmIsSet_noneStays() throws Exception {
        for (int round = 0; round < 20; round++) {
            CancelContext above = parent.withCancel();
            Goroutines.Started<CancelContext> making;
            Goroutines.Started<Void> cancelling;
            Deadlines.ALL.lock();
            try {
                making = goroutines.call(() -> above.withTimeout(HOUR));
                Await.stoppedAt(Deadlines.ALL, making.thread());
                cancelling = goroutines.go(above::cancel);
                Await.stoppedAt(Deadlines.ALL, cancelling.thread());
            } finally {
                Deadlines.ALL.unlock();
            }
            cancelling.get();
            assertSame(above.err(), making.get().err());
            assertAlarms(0);
        }
    }
}
