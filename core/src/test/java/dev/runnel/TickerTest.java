package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of Go 1.23: ticks on a grid, dropped for a slow receiver, none from before a stop or reset. */
@Timeout(60)
class TickerTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PERIOD = Duration.ofMillis(10);

    /** By how much the system's clock may differ from the one that deadlines go by, within a test. */
    private static final Duration SLACK = Duration.ofMillis(5);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Alarms alarms = new Alarms();

    private static Instant receive(Ticker ticker) throws InterruptedException {
        return Objects.requireNonNull(ticker.channel().receive());
    }

    @Test
    void start_ticksOncePerPeriod() throws Exception {
        long start = System.nanoTime();
        Ticker ticker = Ticker.start(PERIOD);
        for (int i = 1; i <= 5; i++) {
            receive(ticker);
            assertTrue(System.nanoTime() - start >= i * PERIOD.toNanos(), "tick " + i);
        }
    }

    /** Ten periods and a half go by: the receiver gets the first of them, and then the next one that is yet to come. */
    @Test
    void receive_slow_whatWasMissedIsDropped() throws Exception {
        Instant start = Instant.now();
        Ticker ticker = Ticker.start(PERIOD);
        Instant started = Instant.now();
        Await.pass(PERIOD.dividedBy(2).multipliedBy(21));
        long asked = System.nanoTime();
        Instant first = receive(ticker);
        Duration took = Duration.ofNanos(System.nanoTime() - asked); // within which it looks at two clocks
        assertFalse(first.isBefore(start.plus(PERIOD).minus(SLACK)), () -> "the first was due " + first);
        assertFalse(first.isAfter(started.plus(PERIOD).plus(SLACK).plus(took)), () -> "the first was due " + first);
        Instant second = receive(ticker);
        Duration between = Duration.between(first, second).plus(took);
        assertTrue(between.compareTo(PERIOD.multipliedBy(9)) > 0, () -> "the others are dropped; then " + second);
    }

    /** The value is the present less how late it is, so a pause between the two can put it off: it may try again. */
    @Test
    void receive_slow_theNextIsOnTheGrid() throws Exception {
        long offGrid = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && Math.abs(offGrid) > PERIOD.toNanos() / 4; attempt++) {
            Ticker ticker = Ticker.start(PERIOD);
            Await.pass(PERIOD.dividedBy(2).multipliedBy(7));
            long between = Duration.between(receive(ticker), receive(ticker)).toNanos();
            offGrid = Math.floorMod(between + PERIOD.toNanos() / 2, PERIOD.toNanos()) - PERIOD.toNanos() / 2;
        }
        assertTrue(Math.abs(offGrid) <= PERIOD.toNanos() / 4, "off the grid by " + offGrid + " ns");
    }

    @Test
    void receive_severalWait_oneTickEach() throws Exception {
        long start = System.nanoTime();
        Ticker ticker = Ticker.start(PERIOD);
        for (int i = 0; i < 3; i++) {
            goroutines.go(() -> receive(ticker));
        }
        goroutines.join();
        assertTrue(System.nanoTime() - start >= 3 * PERIOD.toNanos());
    }

    @Test
    void stop_noTickComes() {
        Ticker ticker = Ticker.start(Duration.ofNanos(1));
        assertNotNull(ticker.channel().tryReceive());
        ticker.stop();
        assertNull(ticker.channel().tryReceive());
        ticker.stop();
        assertFalse(ticker.channel().isDrained());
    }

    @Test
    void reset_anotherPeriod_ticksFromThereOn() throws Exception {
        Ticker ticker = Ticker.start(LONG);
        var waiting = goroutines.call(() -> receive(ticker));
        Await.receivers((Chan<?>) ticker.channel(), 1);
        long start = System.nanoTime();
        ticker.reset(PERIOD);
        assertNotNull(waiting.get());
        receive(ticker);
        assertTrue(System.nanoTime() - start >= 2 * PERIOD.toNanos());
        ticker.reset(LONG);
        assertNull(ticker.channel().tryReceive(), "nor is there a tick from before");
    }

    @Test
    void reset_stopped_ticksAgain() throws Exception {
        Ticker ticker = Ticker.start(LONG);
        ticker.stop();
        ticker.reset(PERIOD);
        receive(ticker);
    }

    @Test
    void badPeriods_areRefusedAndChangeNothing() {
        Ticker ticker = Ticker.start(Duration.ofNanos(1));
        for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThrows(IllegalArgumentException.class, () -> Ticker.start(bad));
            assertThrows(IllegalArgumentException.class, () -> ticker.reset(bad));
        }
        assertThrows(NullPointerException.class, () -> Ticker.start(null));
        assertThrows(NullPointerException.class, () -> ticker.reset(null));
        assertNotNull(ticker.channel().tryReceive());
        assertNull(Ticker.start(Duration.ofSeconds(Long.MAX_VALUE)).channel().tryReceive());
    }

    @Test
    void unreferenced_isCollected() {
        var ticker = new WeakReference<>(Ticker.start(PERIOD));
        Await.until(() -> {
            System.gc();
            return ticker.refersTo(null);
        }, () -> "the ticker to be collected");
    }

    /** A select may look at a channel twice under its lock, and find the next tick due: each wakes a goroutine. */
    @Test
    void selectWithTwoCases_twoTicksAreDueToOthers_wakesBoth() throws Exception {
        Ticker ticker = Ticker.start(LONG);
        ReceiveChan<Instant> channel = ticker.channel();
        var first = goroutines.call(channel::receive);
        Await.parked(first.thread());
        var second = goroutines.call(channel::receive);
        Await.parked(second.thread());
        Await.until(() -> ((LockedChan<?>) channel).receiversQueued() == 2, () -> "both to wait");
        CountDownLatch held = new CountDownLatch(1);
        try {
            Alarms.keepBusy(held);
            ticker.reset(Duration.ofNanos(1)); // nobody serves it but who looks
            Case<Object> none = Go.otherwise();
            assertSame(none, Go.select(channel.onReceive(), channel.onReceive(), none));
        } finally {
            held.countDown();
        }
        assertNotNull(first.get());
        assertNotNull(second.get());
        ticker.stop();
    }

    /** However late the receiver was, the next one is due within a period. */
    @Test
    void receive_late_theNextTickIsTheNextOfTheGrid() throws Exception {
        Field next = TimerChan.class.getDeclaredField("next");
        next.setAccessible(true);
        Ticker ticker = Ticker.start(PERIOD);
        for (int late = 1; late < 4; late++) {
            Await.pass(PERIOD.dividedBy(2).multipliedBy(2 * late + 1));
            long before = Clock.nanoTime();
            assertNotNull(ticker.channel().tryReceive());
            long until = (long) next.get(ticker) - Clock.nanoTime();
            assertTrue(until <= PERIOD.toNanos(), () -> "the next one comes in " + until);
            assertTrue((long) next.get(ticker) - before > 0, "it is yet to come");
        }
    }
}
