package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.RateLimit;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of a rate: never more than it allows, those who wait in their order, and nothing taken by who gives up. */
class RateLimitTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();

    @AfterEach
    void nothingIsLeft() {
        Patterns.assertNoneLeft(context);
    }

    private Goroutines.Started<Void> awaiting(RateLimit limit, Context until) {
        return goroutines.call(() -> {
            limit.await(until);
            return null;
        });
    }

    private static int waiting(RateLimit limit) {
        String text = limit.toString();
        return Integer.parseInt(text.substring(text.lastIndexOf('=') + 1, text.length() - 1));
    }

    /** Starts one that waits, and gives it when it stands in the queue. */
    private Goroutines.Started<Void> queued(RateLimit limit, Context until) {
        int others = waiting(limit);
        var one = awaiting(limit, until);
        Await.until(() -> waiting(limit) == others + 1, () -> "one more to wait: " + limit);
        Await.parked(one.thread());
        return one;
    }

    @Test
    void tryAcquire_full_givesAllPermitsAndNoMore() {
        for (int permits : new int[] {1, 2, 1000}) {
            RateLimit limit = RateLimit.of(permits, HOUR.multipliedBy(permits));
            for (int i = 0; i < permits; i++) {
                assertTrue(limit.tryAcquire());
            }
            assertFalse(limit.tryAcquire());
        }
    }

    @Test
    void await_full_givesAllPermitsAtOnce() throws Exception {
        RateLimit limit = RateLimit.of(100, HOUR);
        for (int i = 0; i < 100; i++) {
            limit.await(context);
        }
        assertFalse(limit.tryAcquire());
        assertEquals("RateLimit[permits=100, per=PT1H, waiting=0]", limit.toString());
    }

    @Test
    void await_empty_waitsForItsToken() throws Exception {
        Duration interval = Duration.ofMillis(2);
        RateLimit limit = RateLimit.of(5, interval.multipliedBy(5));
        long start = System.nanoTime();
        for (int i = 0; i < 5 + 10; i++) {
            limit.await(context);
        }
        assertTrue(System.nanoTime() - start >= interval.toNanos() * 10 - 1000, "ten had to come");
    }

    /** Whatever the times are at which it is asked. */
    @Test
    void tryAcquire_manyAtOnce_neverGivesMoreThanTheRate() throws Exception {
        int permits = 3;
        Duration per = Duration.ofNanos(100_000);
        long start = System.nanoTime();
        RateLimit limit = RateLimit.of(permits, per);
        AtomicInteger taken = new AtomicInteger();
        for (int w = 0; w < 3; w++) {
            goroutines.go(() -> {
                for (int i = 0; i < Effort.times(20_000, 10_000_000); i++) {
                    if (limit.tryAcquire()) {
                        taken.incrementAndGet();
                    }
                }
            });
        }
        goroutines.join();
        double elapsed = System.nanoTime() - start;
        assertTrue(taken.get() <= permits + elapsed * permits / per.toNanos() + 1e-3, taken + " in " + elapsed);
        assertTrue(taken.get() >= permits);
    }

    @Test
    void tryAcquire_afterARest_givesNoMoreThanTheBucketHolds() throws Exception {
        RateLimit limit = RateLimit.of(2, Duration.ofMillis(1));
        Go.sleep(Duration.ofMillis(20)); // forty would have come
        long start = System.nanoTime();
        int taken = 0;
        while (limit.tryAcquire()) {
            taken++;
        }
        assertTrue(taken <= 2 + (System.nanoTime() - start) / 500_000.0 + 1e-3, taken + " at once");
        assertTrue(taken >= 2);
    }

    /** Each one leaves the queue with its permit: who comes back finds only those behind it there. */
    @Test
    void await_several_areServedInOrder() throws Exception {
        int n = 8;
        RateLimit limit = RateLimit.of(n, Duration.ofMillis(n * 10L));
        while (limit.tryAcquire()) {
            Thread.yield();
        }
        List<Goroutines.Started<Integer>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            var one = goroutines.call(() -> {
                limit.await(context);
                return waiting(limit);
            });
            Await.until(() -> one.isDone() || LockSupport.getBlocker(one.thread()) instanceof Selection,
                    () -> "it to wait for its turn, or in it, and not for a lock");
            all.add(one);
        }
        for (int i = 0; i < n; i++) {
            assertTrue(all.get(i).get() <= n - 1 - i, "somebody ahead of it was still waiting");
        }
    }

    @Test
    void tryAcquire_somebodyWaits_doesNotOvertake() throws Exception {
        RateLimit limit = RateLimit.of(1, Duration.ofMillis(5));
        for (int round = 0; round < 10; round++) {
            while (!limit.tryAcquire()) {
                Thread.yield();
            }
            var one = awaiting(limit, context);
            while (!one.isDone()) {
                boolean waitsBefore = waiting(limit) == 1;
                boolean taken = limit.tryAcquire();
                assertFalse(waitsBefore && taken && waiting(limit) == 1, "it has overtaken the one who waits");
                Thread.yield();
            }
            one.get();
            assertEquals(0, waiting(limit));
        }
    }

    // Giving up.

    @Test
    void await_cancelledFirstOrBehind_leavesTheQueueAndTakesNothing() throws Exception {
        RateLimit limit = RateLimit.of(1, HOUR);
        assertTrue(limit.tryAcquire());
        List<CancelContext> contexts = new ArrayList<>();
        List<Goroutines.Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            contexts.add(context.withCancel());
            all.add(queued(limit, contexts.getLast()));
        }
        int left = 4;
        for (int i : new int[] {0, 2, 1, 3}) {
            Throwable why = new IOException("why");
            contexts.get(i).cancel(why);
            assertSame(why, assertInstanceOf(ContextException.class, all.get(i).failure()).getCause());
            left--;
            assertEquals(left, waiting(limit));
        }
    }

    @Test
    void await_firstGivesUp_nextGetsThePermit() throws Exception {
        RateLimit limit = RateLimit.of(1, Duration.ofMillis(200));
        assertTrue(limit.tryAcquire());
        CancelContext sub = context.withCancel();
        var first = awaiting(limit, sub);
        var second = awaiting(limit, context);
        sub.cancel();
        second.get();
        first.thread().join();
        assertEquals(0, waiting(limit));
    }

    @Test
    void await_interrupted_leavesTheQueue() throws Exception {
        RateLimit limit = RateLimit.of(1, HOUR);
        assertTrue(limit.tryAcquire());
        var first = queued(limit, context);
        var second = queued(limit, context);
        second.interrupt();
        assertInstanceOf(InterruptedException.class, second.failure());
        first.interrupt();
        assertInstanceOf(InterruptedException.class, first.failure());
        assertEquals(0, waiting(limit));
    }

    @Test
    void await_onEntry_looksAtTheInterruptionAndThenAtTheContext() throws Exception {
        RateLimit limit = RateLimit.of(1, HOUR);
        context.cancel();
        assertThrows(ContextException.class, () -> limit.await(context));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> limit.await(context));
        assertFalse(Thread.interrupted());
        assertTrue(limit.tryAcquire(), "it was not taken");
    }

    @Test
    void await_givingUpAtAnyTime_leavesTheRestInOrder() throws Exception {
        RateLimit limit = RateLimit.of(1, Duration.ofNanos(20_000));
        for (int round = 0; round < Effort.times(500, 50_000); round++) {
            try (CancelContext sub = context.withCancel()) {
                var cancelled = awaiting(limit, sub);
                var interrupted = awaiting(limit, context);
                var staying = awaiting(limit, context);
                sub.cancel();
                interrupted.interrupt();
                staying.get();
                cancelled.thread().join();
                interrupted.thread().join();
                assertEquals(0, waiting(limit));
            }
        }
    }

    @Test
    void of_badInput_saysWhatIsWrong() {
        assertEquals("permits 0: give 1 or more, or there would never be one",
                assertThrows(IllegalArgumentException.class, () -> RateLimit.of(0, HOUR)).getMessage());
        assertEquals("the time is null",
                assertThrows(NullPointerException.class, () -> RateLimit.of(1, null)).getMessage());
        for (Duration time : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertEquals("time " + time + ": give the time in which there are 7 permits, more than zero",
                    assertThrows(IllegalArgumentException.class, () -> RateLimit.of(7, time)).getMessage());
        }
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> RateLimit.of(1, HOUR).await(null)).getMessage());
    }

    private static void assertTooLate(RateLimit limit, Context until) {
        var e = assertThrows(DeadlineExceededException.class, () -> limit.await(until));
        String why = assertInstanceOf(TimeoutException.class, e.getCause()).getMessage();
        assertTrue(why.matches("the permit would come in PT.+, after the deadline"), why);
    }

    /** Each has to wait an hour more than the one before. */
    @Test
    void await_deadlineBeforeThePermit_throwsAtOnce() throws Exception {
        RateLimit limit = RateLimit.of(1, HOUR);
        assertTrue(limit.tryAcquire());
        assertTooLate(limit, context.withTimeout(Duration.ofMinutes(50)));
        assertEquals(0, waiting(limit));
        var first = queued(limit, context.withTimeout(Duration.ofMinutes(70)));
        assertTooLate(limit, context.withTimeout(Duration.ofMinutes(110)));
        assertEquals(1, waiting(limit));
        var second = queued(limit, context.withTimeout(Duration.ofMinutes(130)));
        context.cancel();
        assertInstanceOf(ContextException.class, first.failure());
        assertInstanceOf(ContextException.class, second.failure());
        assertEquals(0, waiting(limit));
    }

    @Test
    void await_deadlineThatHasPassed_takesNone() {
        RateLimit limit = RateLimit.of(1, HOUR);
        assertThrows(DeadlineExceededException.class, () -> limit.await(context.withTimeout(Duration.ZERO)));
        assertTrue(limit.tryAcquire());
    }

    @Test
    void await_intervalOfSecondsAndAFraction_isTheSumOfBoth() {
        RateLimit limit = RateLimit.of(1, Duration.ofMillis(30_900));
        Context until = context.withTimeout(Duration.ofMillis(30_500));
        assertTrue(limit.tryAcquire());
        assertTooLate(limit, until);
        context.cancel();
    }

    /** The first has the turn and sleeps until its token comes, the second waits for the turn. */
    @Test
    void await_firstGivesUpInItsTurn_nextHasTheTurn() throws Exception {
        for (boolean interrupted : new boolean[] {false, true}) {
            RateLimit limit = RateLimit.of(1, HOUR);
            assertTrue(limit.tryAcquire());
            CancelContext sub = context.withCancel();
            var first = queued(limit, sub);
            var second = queued(limit, context);
            Await.senders(turn(limit), 1);
            if (interrupted) {
                first.interrupt();
            } else {
                sub.cancel();
            }
            Await.senders(turn(limit), 0);
            first.thread().join();
            sub.close();
            assertEquals(1, waiting(limit));
            second.interrupt();
            assertInstanceOf(InterruptedException.class, second.failure());
            assertEquals(0, turn(limit).size());
        }
    }

    private static Chan<?> turn(RateLimit limit) throws ReflectiveOperationException {
        Field turn = RateLimit.class.getDeclaredField("turn");
        turn.setAccessible(true);
        return (Chan<?>) turn.get(limit);
    }

    /** Starts one that has to sleep and cannot, for the lock of the alarms is held. */
    private Goroutines.Started<Void> sleepless(RateLimit limit) {
        for (;;) {
            var one = awaiting(limit, context);
            Await.until(() -> one.isDone() || LockSupport.getBlocker(one.thread()) == Deadlines.ALL,
                    () -> one.thread() + " to stop at the lock");
            if (!one.isDone()) { // else a token had come
                return one;
            }
        }
    }

    /** Who sleeps longer than it had to has taken one token, and left the others that have come meanwhile. */
    @Test
    void await_wokenLate_takesOnlyOne() throws Exception {
        Duration interval = Duration.ofMillis(5);
        RateLimit limit = RateLimit.of(100, interval.multipliedBy(100));
        while (limit.tryAcquire()) {
            Thread.yield();
        }
        Goroutines.Started<Void> one;
        Deadlines.ALL.lock();
        try {
            one = sleepless(limit);
            Await.pass(interval.multipliedBy(20));
        } finally {
            Deadlines.ALL.unlock();
        }
        one.get();
        for (int i = 0; i < 15; i++) {
            assertTrue(limit.tryAcquire(), i + " were left");
        }
    }

    /** Its token has come, but it has not woken up yet. */
    @Test
    void await_somebodyWaits_queuesBehindThoughThereIsAPermit() throws Exception {
        Duration interval = Duration.ofMillis(5);
        RateLimit limit = RateLimit.of(10, interval.multipliedBy(10));
        while (limit.tryAcquire()) {
            Thread.yield();
        }
        Goroutines.Started<Void> first;
        Goroutines.Started<Void> second;
        Deadlines.ALL.lock();
        try {
            first = sleepless(limit);
            Await.pass(interval.multipliedBy(4));
            second = awaiting(limit, context);
            Await.until(() -> waiting(limit) == 2 || second.isDone(), () -> "the second one to wait: " + limit);
            assertFalse(second.isDone());
            assertFalse(limit.tryAcquire());
        } finally {
            Deadlines.ALL.unlock();
        }
        first.get();
        second.get();
        assertEquals(0, waiting(limit));
    }

    /** An hour for each of four in four hours. */
    @Test
    void await_severalPermits_eachComesAfterItsShareOfTheTime() throws Exception {
        RateLimit limit = RateLimit.of(4, HOUR.multipliedBy(4));
        while (limit.tryAcquire()) {
            Thread.yield();
        }
        assertTooLate(limit, context.withTimeout(Duration.ofMinutes(50)));
        var one = queued(limit, context.withTimeout(Duration.ofMinutes(70)));
        context.cancel();
        assertInstanceOf(ContextException.class, one.failure());
    }
}
