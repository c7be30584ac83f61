package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static dev.runnel.Go.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code after} is ready once its time has come, and not before; {@code sleep} waits for just that. */
class SelectAfterTest {

    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Goroutines platformThreads = new Goroutines(Thread.ofPlatform().factory());

    @Test
    void after_nothingElseReady_isChosenOnceItsTimeHasCome() throws Exception {
        Chan<Integer> chan = chans.make();
        long start = System.nanoTime();
        Case<Integer> timeout = after(Duration.ofMillis(30));
        assertSame(timeout, select(chan.onReceive(), timeout));
        assertTrue(System.nanoTime() - start >= 30_000_000);
        assertNull(timeout.value());
        assertEquals(0, Waiting.receivers(chan));
    }

    @Test
    void after_isCountedFromWhenItWasMade() throws Exception {
        Case<Integer> timeout = after(Duration.ofMillis(20));
        Case<Integer> never = chans.<Integer>make().onReceive();
        sleep(Duration.ofMillis(20));
        assertSame(timeout, select(never, timeout, otherwise()), "its time has come already");
        assertSame(timeout, select(never, timeout, otherwise()), "nor does a select begin it anew");
    }

    @Test
    void after_somethingComesFirst_isNotChosen() throws Exception {
        Chan<Integer> chan = chans.make();
        var selecting = goroutines.call(() -> select(chan.onReceive(), after(LONG)).value());
        Await.receivers(chan, 1);
        Await.parked(selecting.thread());
        chan.send(1);
        assertEquals(1, selecting.get());
    }

    @Test
    void after_severalTimes_theEarliestIsChosen() throws Exception {
        Case<Integer> late = after(LONG);
        Case<Integer> early = after(Duration.ofMillis(10));
        Case<Integer> later = after(LONG.plusHours(1));
        assertSame(early, select(late, early, later));
    }

    /** The readings of a clock are compared by their difference: those that come later may be the smaller numbers. */
    @Test
    void after_laterThanTheClockWrapsAround_theEarliestIsChosen() throws Exception {
        Case<Integer> late = new AfterCase<>(Clock.nanoTime() + Long.MAX_VALUE, null);
        Case<Integer> otherwise = otherwise();
        assertSame(otherwise, select(late, otherwise));
        Case<Integer> early = after(Duration.ofMillis(10));
        assertSame(early, select(late, early));
        early = after(Duration.ofMillis(10));
        assertSame(early, select(early, late));
    }

    @Test
    void after_zeroOrNegative_isReadyAtOnce() throws Exception {
        Case<Integer> never = chans.<Integer>make().onReceive();
        for (Duration duration : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-160_000),
            Duration.ofSeconds(Long.MIN_VALUE)}) {
            Case<Integer> timeout = after(duration);
            assertSame(timeout, select(never, timeout, otherwise()));
        }
    }

    @Test
    void after_hugeDuration_neverComes() throws Exception {
        Chan<Integer> chan = chans.make();
        for (Duration huge : new Duration[] {Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofDays(365_000), Duration.ofSeconds(1L << 32)}) {
            var selecting = goroutines.call(() -> select(chan.onReceive(), after(huge)).value());
            Await.receivers(chan, 1);
            Await.parked(selecting.thread());
            chan.send(1);
            assertEquals(1, selecting.get());
        }
    }

    @Test
    void after_interruptedWhileWaiting_throws() throws Exception {
        var selecting = goroutines.call(() -> select(after(LONG)));
        Await.parked(selecting.thread());
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
    }

    /** The deadline and a sender race; either way the value is not lost. */
    @Test
    void after_racesWithASend_theValueIsNeverLost() throws Exception {
        int received = 0;
        int sent = 0;
        for (int turn = 0; turn < Effort.times(300); turn++) {
            Chan<Integer> chan = chans.make();
            int micros = turn % 100 * 10;
            var receiving =
                    goroutines.call(() -> select(chan.onReceive(), after(Duration.ofNanos(micros * 1000L))).value());
            var sending = goroutines.call(() -> {
                long start = System.nanoTime();
                while (System.nanoTime() - start < micros * 1000L) {
                    Thread.onSpinWait();
                }
                return chan.trySend(1);
            });
            received += receiving.get() == null ? 0 : 1;
            sent += sending.get() ? 1 : 0;
        }
        assertEquals(sent, received);
    }

    /** The same with deadlines that come while the select is about to park, and a sender that tries all the time. */
    @Test
    void after_comesAtOnce_theValueOfASendThatRacesIsNeverLost() throws Exception {
        Chan<Integer> chan = chans.make();
        Case<Integer> receive = chan.onReceive();
        var receiving = goroutines.call(() -> {
            int received = 0;
            for (int turn = 0; turn < Effort.times(10_000, 50_000); turn++) {
                received += select(receive, after(Duration.ofNanos(turn % 64 * 100L))) == receive ? 1 : 0;
            }
            return received;
        });
        var sending = platformThreads.call(() -> {
            int sent = 0;
            for (int turn = 0; !receiving.isDone(); turn++) {
                sent += chan.trySend(turn) ? 1 : 0;
                for (int i = 0; i < turn % 100; i++) {
                    Thread.onSpinWait();
                }
            }
            return sent;
        });
        assertEquals(receiving.get(), sending.get());
    }

    @Test
    void sleep_returnsAfterItsTime() throws Exception {
        long start = System.nanoTime();
        sleep(Duration.ofMillis(20));
        assertTrue(System.nanoTime() - start >= 20_000_000);
        start = System.nanoTime();
        sleep(Duration.ofMillis(1));
        assertTrue(System.nanoTime() - start >= 1_000_000);
        sleep(Duration.ZERO);
        sleep(Duration.ofSeconds(-5));
    }

    @Test
    void sleep_interrupted_throws() throws Exception {
        var sleeping = goroutines.call(() -> {
            sleep(LONG);
            return null;
        });
        Await.parked(sleeping.thread());
        sleeping.interrupt();
        assertInstanceOf(InterruptedException.class, sleeping.failure());

        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> sleep(Duration.ZERO));
        assertThrows(NullPointerException.class, () -> sleep(null));
    }

    /** To wait for a time it would need the lock of the deadlines. */
    @Test
    void sleep_noTime_doesNotWait() throws Exception {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-5))) {
            Goroutines.Started<Void> sleeping;
            Deadlines.ALL.lock();
            try {
                sleeping = goroutines.go(() -> sleep(none));
                Await.until(() -> sleeping.isDone() || sleeping.thread().getState() == Thread.State.WAITING,
                        () -> "it to return");
                assertTrue(sleeping.isDone(), "it waits");
            } finally {
                Deadlines.ALL.unlock();
            }
        }
    }

    @Test
    void after_aBitTooEarly_isNotReady() throws Exception {
        for (int turn = 0; turn < 200; turn++) {
            long deadline = Clock.nanoTime() + 500_000;
            Case<Integer> late = new AfterCase<>(deadline, null);
            boolean ready = select(late, otherwise()) == late;
            assertTrue(!ready || Clock.nanoTime() - deadline >= 0);
        }
    }
}
