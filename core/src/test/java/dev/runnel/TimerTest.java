package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of Go 1.23: one value, at its time, and none from before a stop or reset; nothing left behind. */
@Timeout(60)
class TimerTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(10);

    /** By how much the system's clock may differ from the one that deadlines go by, within a test. */
    private static final Duration SLACK = Duration.ofMillis(5);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Seed seed = new Seed();

    @RegisterExtension
    final Alarms alarms = new Alarms();

    private Goroutines.Started<Instant> receiving(Timer timer, int queued) {
        var started = goroutines.call(() -> timer.channel().receive());
        Await.receivers((Chan<?>) timer.channel(), queued);
        return started;
    }

    @Test
    void start_receivedBeforeItsTime_waitsForIt() throws Exception {
        long start = System.nanoTime();
        Instant before = Instant.now();
        Instant value = Timer.start(SHORT).channel().receive();
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        assertNotNull(value);
        assertFalse(value.isBefore(before.plus(SHORT).minus(SLACK)), () -> "due " + value);
        assertFalse(value.isAfter(Instant.now().plus(SLACK)), () -> "due " + value);
    }

    @Test
    void start_receivedAfterItsTime_hasTheInstantAtWhichItWasDue() throws Exception {
        Instant start = Instant.now();
        Timer timer = Timer.start(SHORT);
        Instant started = Instant.now();
        Await.pass(Duration.ofMillis(50));
        long asked = System.nanoTime();
        Instant value = timer.channel().tryReceive();
        Duration took = Duration.ofNanos(System.nanoTime() - asked); // within which it looks at two clocks
        assertNotNull(value);
        assertFalse(value.isBefore(start.plus(SHORT).minus(SLACK)), () -> "due " + value);
        assertFalse(value.isAfter(started.plus(SHORT).plus(SLACK).plus(took)), () -> "due " + value);
        assertNull(timer.channel().tryReceive(), "there is but one value");
    }

    @Test
    void start_zeroOrNegative_isDueAtOnce() {
        for (Duration duration : new Duration[] {Duration.ZERO, Duration.ofNanos(-1),
            Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertNotNull(Timer.start(duration).channel().tryReceive());
        }
    }

    @Test
    void start_huge_isNotDue() {
        assertNull(Timer.start(Duration.ofSeconds(Long.MAX_VALUE)).channel().tryReceive());
    }

    @Test
    void channel_isUnbufferedAndStaysOpen() {
        ReceiveChan<Instant> chan = Timer.start(Duration.ZERO).channel();
        assertEquals(0, chan.capacity());
        assertEquals(0, chan.size());
        assertFalse(chan.isDrained());
        chan.tryReceive();
        assertFalse(chan.isDrained());
    }

    @Test
    void channel_severalWait_theFirstIsServedAndTheOthersWaitForTheNext() throws Exception {
        Timer timer = Timer.start(LONG);
        var first = receiving(timer, 1);
        var second = receiving(timer, 2);
        assertTrue(timer.reset(SHORT));
        assertNotNull(first.get());
        assertFalse(second.isDone());
        assertFalse(timer.reset(SHORT), "its value has been received");
        assertNotNull(second.get());
    }

    /** What is due belongs to who waits, even if the alarm has not gone off yet. */
    @Test
    void channel_dueWhileSomebodyWaits_isNotForWhoComesLater() throws Exception {
        for (int turn = 0; turn < 200; turn++) {
            Timer timer = Timer.start(LONG);
            var waiting = receiving(timer, 1);
            timer.reset(Duration.ZERO);
            assertNull(timer.channel().tryReceive());
            assertNotNull(waiting.get());
        }
    }

    /** A queue that holds but the node of a select that another case has served must not keep the value. */
    @Test
    void channel_dueWhileOnlyADeadNodeIsQueued_isForWhoComes() throws Exception {
        TimerChan chan = (TimerChan) Timer.start(Duration.ZERO).channel();
        Waiter dead = new Waiter(false, null, true);
        dead.completeAndWake();
        chan.lockAll();
        chan.enqueue(dead);
        Object received = chan.pollLocked();
        chan.unlockAll();
        assertInstanceOf(Instant.class, received);
        assertNull(chan.tryReceive());
    }

    @Test
    void select_amongOthers_waitsForIt() throws Exception {
        Case<Instant> due = Timer.start(SHORT).channel().onReceive();
        Case<Integer> never = Chan.<Integer>make().onReceive();
        assertSame(due, select(never, due));
        assertNotNull(due.value());
        Case<Integer> otherwise = otherwise();
        assertSame(otherwise, select(due, otherwise));
    }

    @Test
    void select_servedByAnother_leavesNoAlarm() throws Exception {
        Chan<Integer> chan = Chan.make();
        Timer timer = Timer.start(LONG);
        var selecting = goroutines.call(() -> select(timer.channel().onReceive(), chan.onReceive()).value());
        Await.until(() -> alarms.set() == 1, () -> "the select to wait");
        chan.send(7);
        assertEquals(7, selecting.get());
        assertEquals(0, alarms.set());
    }

    @Test
    void receive_interrupted_leavesNoAlarm() throws Exception {
        Timer timer = Timer.start(LONG);
        var waiting = receiving(timer, 1);
        waiting.interrupt();
        assertInstanceOf(InterruptedException.class, waiting.failure());
        assertEquals(0, alarms.set());
    }

    @Test
    void stop_running_isTrueAndNoValueComes() {
        Timer timer = Timer.start(SHORT);
        assertTrue(timer.stop());
        assertFalse(timer.stop());
        Await.pass(SHORT.plusMillis(5));
        assertNull(timer.channel().tryReceive());
    }

    @Test
    void stop_dueAndNotReceived_isTrueAndTheValueIsGone() {
        Timer timer = Timer.start(Duration.ZERO);
        assertTrue(timer.stop());
        assertNull(timer.channel().tryReceive());
    }

    @Test
    void stop_received_isFalse() {
        Timer timer = Timer.start(Duration.ZERO);
        assertNotNull(timer.channel().tryReceive());
        assertFalse(timer.stop());
    }

    @Test
    void stop_whileSomebodyWaits_itGoesOnWaitingForAReset() throws Exception {
        Timer timer = Timer.start(LONG);
        var waiting = receiving(timer, 1);
        assertTrue(timer.stop());
        assertEquals(0, alarms.set());
        assertFalse(timer.reset(Duration.ZERO));
        assertNotNull(waiting.get());
    }

    @Test
    void receive_fromAStoppedTimer_waitsForAReset() throws Exception {
        Timer timer = Timer.start(LONG);
        timer.stop();
        var waiting = receiving(timer, 1);
        assertFalse(timer.reset(SHORT));
        assertNotNull(waiting.get());
    }

    @Test
    void reset_dueAndNotReceived_theValueFromBeforeIsGone() {
        Timer timer = Timer.start(Duration.ZERO);
        assertTrue(timer.reset(LONG));
        assertNull(timer.channel().tryReceive());
        assertTrue(timer.reset(Duration.ZERO));
        assertNotNull(timer.channel().tryReceive());
    }

    @Test
    void reset_laterWhileSomebodyWaits_itWaitsForTheLaterOne() throws Exception {
        Timer timer = Timer.start(LONG);
        var waiting = receiving(timer, 1);
        timer.reset(SHORT);
        long start = System.nanoTime();
        boolean running = timer.reset(SHORT.multipliedBy(10)); // it may have been served by now
        if (!running) {
            timer.stop();
        }
        assertNotNull(waiting.get());
        assertTrue(!running || System.nanoTime() - start >= 10 * SHORT.toNanos());
    }

    @Test
    void nullArguments_areRefusedAndChangeNothing() {
        assertThrows(NullPointerException.class, () -> Timer.start(null));
        assertThrows(NullPointerException.class, () -> Timer.afterFunc(null, () -> {}));
        assertThrows(NullPointerException.class, () -> Timer.afterFunc(LONG, null));
        Timer timer = Timer.start(Duration.ZERO);
        assertThrows(NullPointerException.class, () -> timer.reset(null));
        assertNotNull(timer.channel().tryReceive());
    }

    @Test
    void afterFunc_runsOnceInAGoroutine() throws Exception {
        Chan<Thread> ran = Chan.make(2);
        long start = System.nanoTime();
        Timer timer = Timer.afterFunc(SHORT, () -> ran.send(Thread.currentThread()));
        Thread thread = ran.receive();
        assertNotNull(thread);
        assertTrue(thread.isVirtual());
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        assertFalse(timer.stop());
        assertSame(Chan.absent(), timer.channel());
        assertFalse(timer.reset(Duration.ZERO), "it starts another");
        assertNotNull(ran.receive());
        assertNull(ran.tryReceive());
    }

    @Test
    void afterFunc_stoppedInTime_doesNotRun() {
        AtomicInteger ran = new AtomicInteger();
        Timer timer = Timer.afterFunc(LONG, ran::incrementAndGet);
        assertTrue(timer.reset(LONG));
        assertTrue(timer.stop());
        assertFalse(timer.stop());
        assertEquals(0, ran.get());
    }

    /** Stop, reset and the passing of time race; a task runs if and only if nobody was told that it does not. */
    @Test
    void afterFunc_stopRacesWithTheTime_eitherItRunsOrStopIsTrue() {
        SplittableRandom random = seed.random(0);
        AtomicInteger ran = new AtomicInteger();
        int expected = 0;
        for (int turn = 0; turn < Effort.times(5_000, 1_000_000); turn++) {
            Timer timer = Timer.afterFunc(Duration.ofNanos(random.nextInt(60_000)), ran::incrementAndGet);
            for (int i = random.nextInt(500); i > 0; i--) {
                Thread.onSpinWait();
            }
            expected += timer.stop() ? 0 : 1;
        }
        int n = expected;
        Await.until(() -> ran.get() == n, () -> n + " runs, there were " + ran);
    }

    /** One receives all the time, one resets: each value received was due after the reset before it. */
    @Test
    void reset_racesWithReceive_noValueFromBefore() throws Exception {
        Timer timer = Timer.start(Duration.ZERO);
        int turns = Effort.times(20_000, 2_000_000);
        AtomicInteger received = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        var receiving = goroutines.call(() -> {
            while (ended.get() == 0) {
                Instant value = select(timer.channel().onReceive(), Go.<Instant>after(SHORT)).value();
                received.addAndGet(value == null ? 0 : 1);
            }
            return null;
        });
        SplittableRandom random = seed.random(1);
        int replaced = 0;
        for (int turn = 0; turn < turns; turn++) {
            replaced += timer.reset(Duration.ofNanos(random.nextInt(2_000))) ? 1 : 0;
            for (int i = random.nextInt(50); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        replaced += timer.stop() ? 1 : 0;
        ended.set(1);
        receiving.get();
        assertEquals(turns + 1, received.get() + replaced, "each run ended in one value, or was cut short");
    }

    @Test
    void unreferenced_isCollectedWhileItRuns() {
        List<WeakReference<Timer>> timers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Timer timer = Timer.start(LONG);
            timer.channel().tryReceive();
            timers.add(new WeakReference<>(timer));
        }
        Await.until(() -> {
            System.gc();
            return timers.stream().allMatch(timer -> timer.refersTo(null));
        }, () -> "the timers to be collected");
    }

    /** Who waits is told when the value was due, however late the alarm comes to serve. */
    @Test
    void receive_servedLate_hasTheInstantAtWhichItWasDue() throws Exception {
        Timer timer = Timer.start(LONG);
        TimerChan chan = (TimerChan) timer.channel();
        Goroutines.Started<Instant> waiting;
        Instant reset;
        long released;
        boolean served;
        do {
            waiting = receiving(timer, 1);
            timer.reset(SHORT);
            reset = Instant.now();
            chan.lockAll();
            try {
                served = chan.firstReceiver == null; // then it was in time, and is tried again
                Await.pass(Duration.ofMillis(50));
                released = System.nanoTime();
            } finally {
                chan.unlockAll();
            }
        } while (served);
        Instant value = waiting.get();
        Duration took = Duration.ofNanos(System.nanoTime() - released); // within which it looks at two clocks
        Instant latest = reset.plus(SHORT).plus(SLACK).plus(took);
        assertFalse(value.isAfter(latest), () -> "due " + value);
    }

    /** It has gone off, and only comes to serve when the timer was set to another time. */
    @Test
    void reset_alarmIsOnItsWay_servesNobodyBeforeTheNewTime() throws Exception {
        Timer timer = Timer.start(LONG);
        var waiting = receiving(timer, 1);
        Field alarm = TimerChan.class.getDeclaredField("alarm");
        alarm.setAccessible(true);
        ((Alarm) alarm.get(timer)).ring();
        assertEquals(1, Waiting.receivers((Chan<?>) timer.channel()));
        assertTrue(timer.reset(SHORT), "its value was not received");
        assertNotNull(waiting.get());
    }

    /** It is due now, and not as long ago. */
    @Test
    void start_negative_hasTheInstantAtWhichItWasStarted() {
        Instant before = Instant.now();
        Instant value = Timer.start(Duration.ofSeconds(-100)).channel().tryReceive();
        assertNotNull(value);
        assertFalse(value.isBefore(before.minus(SLACK)), () -> "due " + value);
    }

    /** One reading of the clock stands for a timer that does not run. */
    @Test
    void start_dueAtTheReadingThatIsTaken_runsAllTheSame() {
        assertTrue(new TimerChan.OfTimer(Long.MIN_VALUE).stop());
    }

    /** The alarm has not gone off yet: it is who looks that serves the one who waits, and there is but one value. */
    @Test
    void channel_servedByWhoLooks_hasNoMore() throws Exception {
        Timer timer = Timer.start(LONG);
        var waiting = receiving(timer, 1);
        CountDownLatch held = new CountDownLatch(1);
        try {
            Alarms.keepBusy(held);
            assertTrue(timer.reset(Duration.ZERO));
            assertNull(timer.channel().tryReceive(), "it is for the one who waits");
            assertNull(timer.channel().tryReceive());
            assertFalse(timer.stop(), "its value has been received");
        } finally {
            held.countDown();
        }
        assertNotNull(waiting.get());
    }

    @Test
    void afterFunc_runsNotBeforeItsTime() throws Exception {
        Duration time = Duration.ofMillis(3);
        for (int turn = 0; turn < 20; turn++) {
            Chan<Long> ran = Chan.make(1);
            long start = System.nanoTime();
            Timer.afterFunc(time, () -> ran.send(System.nanoTime()));
            assertTrue(ran.receive() - start >= time.toNanos());
        }
    }
}
