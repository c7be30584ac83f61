package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules of what blocks and is given a context: interruption, then the context, is looked at on entry and while waiting;
 * if the operation happened first it returns; if it throws, it has not happened.
 */
class ContextOperationsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final Throwable cause = new Exception("cause");
    private final CancelContext context = Context.background().withCancel();

    /** What blocks, where it has to wait, and where it has not. */
    enum Operation {
        SEND {
            @Override
            Callable<Object> waiting(Chan<Integer> chan, WaitGroup group, Context context) {
                return done(() -> chan.send(1, context));
            }

            @Override
            void serve(Chan<Integer> chan, WaitGroup group) throws InterruptedException {
                assertEquals(1, chan.receive());
            }
        },
        RECEIVE {
            @Override
            Callable<Object> waiting(Chan<Integer> chan, WaitGroup group, Context context) {
                return () -> chan.receive(context);
            }

            @Override
            void serve(Chan<Integer> chan, WaitGroup group) throws InterruptedException {
                chan.send(1);
            }
        },
        AWAIT {
            @Override
            Callable<Object> waiting(Chan<Integer> chan, WaitGroup group, Context context) {
                return done(() -> group.await(context));
            }

            @Override
            void serve(Chan<Integer> chan, WaitGroup group) {
                group.done();
            }
        },
        SLEEP {
            @Override
            Callable<Object> waiting(Chan<Integer> chan, WaitGroup group, Context context) {
                return done(() -> Go.sleep(HOUR, context));
            }

            @Override
            void serve(Chan<Integer> chan, WaitGroup group) {
                throw new AssertionError("nobody can");
            }
        };

        /** The operation on an unbuffered channel where nobody waits, or a group whose counter is one. */
        abstract Callable<Object> waiting(Chan<Integer> chan, WaitGroup group, Context context);

        /** Ends its wait. */
        abstract void serve(Chan<Integer> chan, WaitGroup group) throws InterruptedException;

        private static Callable<Object> done(Action action) {
            return () -> {
                action.run();
                return 1;
            };
        }
    }

    private final Chan<Integer> chan = Chan.make();
    private final WaitGroup group = new WaitGroup();

    private Started<Object> waiting(Operation operation, Context on) {
        group.add(1);
        Started<Object> one = goroutines.call(operation.waiting(chan, group, on));
        Await.parked(one.thread());
        return one;
    }

    private void assertNobodyWaits() {
        assertEquals(0, Waiting.receivers(chan) + Waiting.senders(chan) + Waiting.awaiting(group));
        if (context.err() == null) {
            assertEquals(0, Waiting.receivers((Chan<?>) context.done()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelled_whileItWaits_throws(Operation operation) throws Exception {
        Started<Object> one = waiting(operation, context.withCancel());
        context.cancel(cause);
        ContextException thrown = assertInstanceOf(ContextException.class, one.failure());
        assertSame(cause, thrown.getCause());
        assertTrue(Arrays.stream(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(ContextOperationsTest.class.getName())),
                "it has the stack of the caller");
        assertNobodyWaits();
    }

    @ParameterizedTest
    @EnumSource
    void cancelled_onEntry_throwsEvenIfItNeedNotWait(Operation operation) throws Exception {
        context.cancel(cause);
        Chan<Integer> ready = chans.make(2);
        ready.send(7);
        Callable<Object> call = operation.waiting(ready, new WaitGroup(), context);
        assertSame(cause, assertThrows(ContextException.class, call::call).getCause());
        assertEquals(1, ready.size());
    }

    @ParameterizedTest
    @EnumSource
    void interrupted_onEntry_isLookedAtBeforeTheContext(Operation operation) {
        context.cancel();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, operation.waiting(chan, group, context)::call);
        assertFalse(Thread.interrupted());
    }

    @ParameterizedTest
    @EnumSource
    void interrupted_whileItWaits_throws(Operation operation) throws Exception {
        for (Context on : new Context[] {context, Context.background()}) {
            Started<Object> one = waiting(operation, on);
            one.interrupt();
            assertInstanceOf(InterruptedException.class, one.failure());
            assertNobodyWaits();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SLEEP")
    void served_whileItWaits_returns(Operation operation) throws Exception {
        for (Context on : new Context[] {context, Context.background(), context.withoutCancel()}) {
            Started<Object> one = waiting(operation, on);
            operation.serve(chan, group);
            assertEquals(1, one.get());
            assertNobodyWaits();
            group.add(-Math.toIntExact(counter(group)));
        }
    }

    private static long counter(WaitGroup group) {
        return Long.parseLong(group.toString().replaceAll("\\D", ""));
    }

    @EveryCapacity
    void sendAndReceive_ready_doNotWait(int capacity) throws Exception {
        Chan<Integer> buffered = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            buffered.send(i, context);
        }
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, buffered.receive(context));
        }
        Started<Integer> receiving = goroutines.call(() -> buffered.receive(context));
        Await.parked(receiving.thread());
        buffered.send(1, context);
        assertEquals(1, receiving.get());
    }

    @Test
    void closed_sendThrowsAndReceiveGivesNull() throws Exception {
        Started<Object> receiving = waiting(Operation.RECEIVE, context);
        chan.close();
        assertNull(receiving.get());
        assertNull(chan.receive(context));
        assertThrows(ChanClosedException.class, () -> chan.send(1, context));
        context.cancel();
        assertThrows(ContextException.class, () -> chan.receive(context));
        assertThrows(ContextException.class, () -> chan.send(1, context));
    }

    @Test
    void closed_whileItWaitsToSend_throws() throws Exception {
        Started<Object> sending = waiting(Operation.SEND, context);
        chan.close();
        assertInstanceOf(ChanClosedException.class, sending.failure());
    }

    @Test
    void absent_waitsForTheContext() throws Exception {
        Chan<Integer> absent = Chan.absent();
        Started<Integer> receiving = goroutines.call(() -> absent.receive(context));
        Started<Integer> sending = goroutines.call(() -> {
            absent.send(1, context);
            return null;
        });
        Await.parked(receiving.thread());
        Await.parked(sending.thread());
        context.cancel();
        assertInstanceOf(ContextException.class, receiving.failure());
        assertInstanceOf(ContextException.class, sending.failure());
    }

    @Test
    void await_zero_returns() throws Exception {
        group.await(context);
        group.await(Context.background());
    }

    @Test
    void sleep_timeOver_returns() throws Exception {
        for (Context on : new Context[] {context, Context.background()}) {
            Go.sleep(Duration.ofNanos(1), on);
            Go.sleep(Duration.ZERO, on);
            Go.sleep(Duration.ofSeconds(-1), on);
        }
        context.cancel();
        assertThrows(ContextException.class, () -> Go.sleep(Duration.ZERO, context));
    }

    /** It is kept from being over by the lock of the deadlines, which it needs to wait. */
    @Test
    void sleep_soShortThatItIsNoSelect_cancelledMeanwhile_throws() throws Exception {
        Started<Void> sleeping;
        Deadlines.ALL.lock();
        try {
            sleeping = goroutines.call(() -> {
                Go.sleep(Duration.ofNanos(1), context);
                return null;
            });
            Await.parked(sleeping.thread());
            context.cancel(cause);
        } finally {
            Deadlines.ALL.unlock();
        }
        assertSame(cause, assertInstanceOf(ContextException.class, sleeping.failure()).getCause());
    }

    @Test
    void null_isRefused() {
        assertThrows(NullPointerException.class, () -> chan.send(null, context));
        for (Callable<?> call : new Callable<?>[] {() -> chan.receive(null), () -> {
            chan.send(1, null);
            return null;
        }, () -> {
            group.await(null);
            return null;
        }, () -> {
            Go.sleep(HOUR, null);
            return null;
        }}) {
            assertEquals("the context is null", assertThrows(NullPointerException.class, call::call).getMessage());
        }
        assertEquals("the duration is null",
                assertThrows(NullPointerException.class, () -> Go.sleep(null, context)).getMessage());
    }

    /** Whoever wins: what was sent is received, and what throws has not happened. */
    @EveryCapacity
    void cancelled_againstPartners_nothingIsLost(int capacity) throws Exception {
        for (int round = 0; round < Effort.times(500, 100_000); round++) {
            Chan<Integer> on = chans.make(capacity);
            CancelContext cancelled = Context.background().withCancel();
            AtomicInteger sent = new AtomicInteger();
            AtomicInteger received = new AtomicInteger();
            Task sending = () -> {
                try {
                    for (;;) {
                        on.send(1, cancelled);
                        sent.incrementAndGet();
                    }
                } catch (ContextException e) {
                    // enough
                }
            };
            Task receiving = () -> {
                try {
                    for (;;) {
                        received.addAndGet(on.receive(cancelled));
                    }
                } catch (ContextException e) {
                    // enough
                }
            };
            WaitGroup all = new WaitGroup();
            for (Task task : new Task[] {sending, receiving, sending, receiving}) {
                all.go(task);
            }
            int enough = round % 50;
            Await.until(() -> received.get() >= enough, () -> "values to pass");
            cancelled.cancel();
            all.await();
            assertEquals(sent.get(), received.get() + on.size());
        }
    }
}
