package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules that hold for whatever waits: an interruption that is thrown has cleared the status; one that came too late has
 * not, and what the partner did stands; and a return from parking that nobody asked for means nothing.
 */
class WaiterTest {

    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    /** Something that waits, and what a partner does to end that; it returns whether it has. */
    record Blocking(String name, Task operation, BooleanSupplier partner) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Blocking> operationsWithAPartner() {
        Chan<Integer> chan = Chan.make();
        Chan<Integer> never = Chan.make();
        Case<Integer> receive = chan.onReceive();
        Case<Integer> send = chan.onSend(1);
        Case<Integer> fromNever = never.onReceive();
        return Stream.of(
                new Blocking("receive", () -> assertEquals(1, chan.receive()), () -> chan.trySend(1)),
                new Blocking("send", () -> chan.send(1), () -> chan.tryReceive() != null),
                new Blocking("select that receives", () -> assertEquals(1, select(fromNever, receive).value()),
                        () -> chan.trySend(1)),
                new Blocking("select that sends", () -> assertSame(send, select(fromNever, send)),
                        () -> chan.tryReceive() != null),
                new Blocking("select with a deadline",
                        () -> assertEquals(1, select(chan.onReceive(), after(LONG)).value()), () -> chan.trySend(1)),
                new Blocking("iteration", () -> {
                    try {
                        assertEquals(1, chan.iterator().next());
                    } catch (UncheckedInterruptedException e) {
                        assertTrue(Thread.interrupted(), "iteration has set it again");
                        throw e.getCause();
                    }
                }, () -> chan.trySend(1)));
    }

    static Stream<Blocking> operations() {
        WaitGroup group = new WaitGroup();
        group.add(1);
        return Stream.concat(operationsWithAPartner(), Stream.of(
                new Blocking("await", group::await, null),
                new Blocking("sleep", () -> Go.sleep(LONG), null),
                new Blocking("receive from the absent channel", () -> Chan.absent().receive(), null)));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_interruptedWhileParked_throwsAndClearsTheStatus(Blocking blocking) throws Exception {
        var interrupted = goroutines.call(() -> {
            try {
                run(blocking.operation);
                return "it has returned";
            } catch (InterruptedException e) {
                return Thread.currentThread().isInterrupted() ? "the status is still set" : "interrupted";
            }
        });
        Await.parked(interrupted.thread());
        interrupted.interrupt();
        assertEquals("interrupted", interrupted.get());
    }

    /** The partner comes at any point of the waking up of the one that was interrupted. */
    @ParameterizedTest
    @MethodSource("operationsWithAPartner")
    void operation_partnerAndInterruptionRace_exactlyOneOfThemHasHappened(Blocking blocking) throws Exception {
        AtomicBoolean late = new AtomicBoolean();
        for (int round = 0; round < Effort.times(5_000); round++) {
            late.set(false);
            var racing = goroutines.call(() -> {
                try {
                    run(blocking.operation);
                } catch (InterruptedException e) {
                    assertFalse(Thread.currentThread().isInterrupted(), "thrown, and the status set");
                    return false;
                }
                Await.until(late::get, () -> "the interruption");
                assertTrue(Thread.currentThread().isInterrupted(), "returned, and the status lost");
                return true;
            });
            Await.parked(racing.thread());
            racing.interrupt();
            for (int i = 0; i < round % 250; i++) {
                Thread.onSpinWait();
            }
            boolean happened = blocking.partner.getAsBoolean();
            late.set(true);
            assertEquals(happened, racing.get());
        }
    }

    @Test
    void await_doneAndInterruptionRace_returnedMeansTheStatusIsKept() throws Exception {
        for (int round = 0; round < Effort.times(5_000); round++) {
            WaitGroup group = new WaitGroup();
            group.add(1);
            AtomicBoolean late = new AtomicBoolean();
            var racing = goroutines.call(() -> {
                try {
                    group.await();
                } catch (InterruptedException e) {
                    return !Thread.currentThread().isInterrupted();
                }
                Await.until(late::get, () -> "the interruption");
                return Thread.currentThread().isInterrupted();
            });
            Await.parked(racing.thread());
            if (round % 2 == 0) {
                group.done();
            }
            racing.interrupt();
            late.set(true);
            if (round % 2 != 0) {
                group.done();
            }
            assertTrue(racing.get());
        }
    }

    @ParameterizedTest
    @MethodSource("operationsWithAPartner")
    void operation_unparkedForNoReason_waitsOn(Blocking blocking) throws Exception {
        var parked = goroutines.go(blocking.operation);
        for (int i = 0; i < 20; i++) {
            Await.parked(parked.thread());
            LockSupport.unpark(parked.thread());
        }
        Await.parked(parked.thread());
        assertTrue(blocking.partner.getAsBoolean(), "it still waits");
        parked.get();
    }

    @Test
    void sleep_unparkedForNoReason_sleepsOn() throws Exception {
        var sleeping = goroutines.call(() -> {
            long start = System.nanoTime();
            Go.sleep(Duration.ofMillis(20));
            return System.nanoTime() - start;
        });
        while (!sleeping.isDone()) {
            LockSupport.unpark(sleeping.thread());
        }
        assertTrue(sleeping.get() >= 20_000_000);
    }

    /** It parks on, without using the core. */
    @Test
    void awaitUninterruptibly_interrupted_waitsOnAndSetsTheStatusAgain() throws Exception {
        AtomicReference<Waiter> made = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        var waiting = goroutines.call(() -> {
            Waiter waiter = new Waiter();
            made.set(waiter);
            waiter.awaitUninterruptibly(this);
            over.set(true);
            return Thread.interrupted();
        });
        Await.until(() -> made.get() != null, () -> "the waiter");
        Await.parked(waiting.thread());
        waiting.interrupt();
        Await.until(() -> !waiting.thread().isInterrupted(), () -> "it to be told");
        Await.parked(waiting.thread());
        assertFalse(over.get());
        made.get().completeAndWake();
        assertTrue(waiting.get());
    }

    @Test
    void select_partnerComesBeforeTheDeadline_leavesNoAlarm() throws Exception {
        Alarms alarms = new Alarms();
        alarms.beforeEach(null);
        Chan<Integer> chan = Chan.make();
        var selecting = goroutines.call(() -> select(chan.onReceive(), after(LONG)).value());
        Await.until(() -> alarms.set() == 1, () -> "the alarm");
        chan.send(1);
        assertEquals(1, selecting.get());
        assertEquals(0, alarms.set());
    }

    /** However short a sleep is, one who polls with it does not keep others from running. */
    @Test
    void sleep_ofANanosecond_letsOthersRun() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(Runtime.getRuntime().availableProcessors());
        for (long left = begun.getCount(); left > 0; left--) {
            goroutines.go(() -> {
                begun.countDown();
                while (!over.get()) {
                    Go.sleep(Duration.ofNanos(1));
                }
            });
        }
        try {
            Await.until(() -> begun.getCount() == 0, () -> begun.getCount() + " more to begin");
            goroutines.go(() -> over.set(true)).get();
        } finally {
            over.set(true);
        }
    }

    @Test
    void spin_tellsWhetherTheWaitHasEnded() {
        Waiter waiter = new Waiter();
        assertFalse(waiter.spin(new Patience(false)));
        waiter.state = 0;
        assertTrue(waiter.spin(new Patience(false)));
        waiter.state = 1;
        assertTrue(waiter.spin(new Patience(false)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spinInSeat_tellsWhetherItWasServed(boolean sends) {
        LockedChan<Integer> chan = new UnbufferedChan<>();
        Object placed = sends ? 1 : WaitQueues.WAITING;
        chan.senderSeat = sends ? placed : null;
        chan.receiverSeat = sends ? null : placed;
        assertFalse(Waiter.spinInSeat(chan, sends, placed, 200, null));
        chan.close();
        assertTrue(Waiter.spinInSeat(chan, sends, placed, 200, null));
        assertTrue(Waiter.spinInSeat(chan, sends, placed, 1, null));
        assertFalse(Waiter.spinInSeat(chan, sends, placed, 0, null), "it has not looked");
    }

    @Test
    void spinAtRing_tellsWhetherItMayGoOn() throws Exception {
        RingChan<Integer> chan = RingChan.make(2);
        assertFalse(Waiter.spinAtRing(chan, false, 0, 200));
        chan.send(1);
        assertFalse(Waiter.spinAtRing(chan, false, 0, 0), "it has not looked");
        for (int away = 0; away < 600; away += 200) {
            assertTrue(Waiter.spinAtRing(chan, false, away, 200));
            assertTrue(Waiter.spinAtRing(chan, false, away, 1));
        }
        assertTrue(Waiter.spinAtRing(chan, false, 200, 0), "it looks when it has looked away");
        assertTrue(Waiter.spinAtRing(chan, true, 0, 1));
        chan.send(2);
        assertFalse(Waiter.spinAtRing(chan, true, 0, 1));
    }

    private static void run(Task task) throws Exception {
        try {
            task.run();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
