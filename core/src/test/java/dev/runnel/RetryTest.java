package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of trying again: how often, after what, and what comes out. */
class RetryTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();
    private final List<Throwable> thrown = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        Patterns.assertNoneLeft(context);
    }

    private int fail() throws IOException {
        IOException failure = new IOException("failure " + thrown.size());
        thrown.add(failure);
        throw failure;
    }

    /** What comes out of a retry without pauses. */
    private Throwable failure(int attempts, Callable<?> task) {
        return assertThrows(Throwable.class, () -> Retry.retry(context, attempts, Duration.ZERO, task));
    }

    private void assertThrown(Throwable failure, int times) {
        assertEquals(times, thrown.size());
        assertSame(thrown.getLast(), failure);
        assertEquals(thrown.subList(Math.max(0, times - 11), times - 1), List.of(failure.getSuppressed()));
    }

    @Test
    void retry_returnsAtOnce_isCalledOnce() throws Exception {
        int[] calls = new int[1];
        int result = Retry.retry(context, 5, HOUR, () -> ++calls[0]);
        assertEquals(1, result);
        assertNull(Retry.retry(context, 1, HOUR, () -> null));
    }

    @Test
    void retry_returnsInTheEnd_givesThat() throws Exception {
        for (int failures = 0; failures < 5; failures++) {
            int times = failures;
            thrown.clear();
            int result = Retry.retry(context, 5, Duration.ZERO, () -> thrown.size() < times ? fail() : times);
            assertEquals(times, result);
            assertEquals(times, thrown.size());
        }
    }

    @Test
    void retry_neverReturns_throwsTheLastWithTheOthersSuppressed() {
        for (int attempts : new int[] {1, 2, 5, 11, 12, 50}) {
            thrown.clear();
            assertThrown(failure(attempts, this::fail), attempts);
        }
    }

    @Test
    void retry_sameObjectThrownAgain_isNotSuppressedInItself() {
        IOException one = new IOException("one");
        IOException other = new IOException("other");
        int[] calls = new int[1];
        assertSame(one, failure(5, () -> {
            throw calls[0]++ % 2 == 0 ? one : other;
        }));
        assertEquals(List.of(other), List.of(one.getSuppressed()));
        assertEquals(5, calls[0]);
    }

    @Test
    void retry_pauses_double() {
        long start = System.nanoTime();
        assertThrows(IOException.class, () -> Retry.retry(context, 5, Duration.ofMillis(2), this::fail));
        assertTrue(System.nanoTime() - start >= (2 + 4 + 8 + 16) * 1_000_000 / 2, "half of each at least");
    }

    // Not tried again.

    @Test
    void retry_afterAnErrorOrAnInterruption_isNotTriedAgain() {
        for (Throwable failure : List.of(new AssertionError("error"), new InterruptedException(),
                new UncheckedInterruptedException("interrupted", new InterruptedException()))) {
            thrown.clear();
            int[] calls = new int[1];
            assertSame(failure, failure(5, () -> {
                if (calls[0]++ == 0) {
                    fail();
                }
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (Exception) failure;
            }));
            assertEquals(thrown, List.of(failure.getSuppressed()));
            assertEquals(2, calls[0]);
        }
    }

    @Test
    void retry_contextDoneBefore_callsNothing() {
        context.cancel();
        assertInstanceOf(ContextException.class, failure(5, this::fail));
        assertEquals(List.of(), thrown);
    }

    @Test
    void retry_contextDoneInTheTask_isNotTriedAgain() {
        Throwable why = new IOException("why");
        Throwable failure = failure(5, () -> {
            context.cancel(why);
            return fail();
        });
        assertSame(why, assertInstanceOf(ContextException.class, failure).getCause());
        assertEquals(thrown, List.of(failure.getSuppressed()));
        assertEquals(1, thrown.size());
    }

    @Test
    void retry_contextDoneInTheLastAttempt_throwsWhatThatHasThrown() {
        assertThrown(failure(2, () -> {
            if (thrown.size() == 1) {
                context.cancel();
            }
            return fail();
        }), 2);
    }

    @Test
    void retry_taskSaysThatTheContextIsDone_isThatVeryThing() {
        Throwable[] told = new Throwable[1];
        Throwable failure = failure(5, () -> {
            context.cancel();
            try {
                context.check();
                return 1;
            } catch (ContextException e) {
                told[0] = e;
                throw e;
            }
        });
        assertSame(told[0], failure);
        assertEquals(0, failure.getSuppressed().length);
    }

    @Test
    void retry_anotherContextIsDone_isAFailureLikeAny() throws Exception {
        CancelContext other = Context.background().withCancel();
        other.cancel();
        int[] calls = new int[1];
        int result = Retry.retry(context, 5, Duration.ZERO, () -> {
            if (++calls[0] < 3) {
                other.check();
            }
            return calls[0];
        });
        assertEquals(3, result);
    }

    @Test
    void retry_cancelledInAPause_endsWithTheContext() throws Exception {
        var trying = goroutines.call(() -> Retry.retry(context, 5, HOUR, this::fail));
        Await.parked(trying.thread());
        Throwable why = new IOException("why");
        context.cancel(why);
        assertSame(why, assertInstanceOf(ContextException.class, trying.failure()).getCause());
        assertEquals(thrown, List.of(trying.failure().getSuppressed()));
    }

    /** The longest pauses there are, too. */
    @Test
    void retry_interruptedInAPause_endsWithThat() throws Exception {
        for (Duration first : List.of(HOUR, Duration.ofSeconds(Long.MAX_VALUE))) {
            thrown.clear();
            var trying = goroutines.call(() -> Retry.retry(context, 5, first, this::fail));
            Await.parked(trying.thread());
            trying.interrupt();
            assertInstanceOf(InterruptedException.class, trying.failure());
            assertEquals(thrown, List.of(trying.failure().getSuppressed()));
        }
    }

    @Test
    void retry_badInput_saysWhatIsWrong() {
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> Retry.retry(null, 1, HOUR, this::fail)).getMessage());
        assertEquals("the time is null",
                assertThrows(NullPointerException.class, () -> Retry.retry(context, 1, null, this::fail)).getMessage());
        assertEquals("the task is null",
                assertThrows(NullPointerException.class, () -> Retry.retry(context, 1, HOUR, null)).getMessage());
        assertEquals("attempts 0: give 1 or more, the first one counts",
                assertThrows(IllegalArgumentException.class, () -> Retry.retry(context, 0, HOUR, this::fail))
                        .getMessage());
        assertEquals("time PT-1S: give zero or more",
                assertThrows(IllegalArgumentException.class,
                        () -> Retry.retry(context, 1, Duration.ofSeconds(-1), this::fail)).getMessage());
        assertEquals(List.of(), thrown);
    }
}
