package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static dev.runnel.Go.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: an alarm goes off once, not before its instant, unless it is unset; and what waits by time leaves none set. */
@Timeout(60)
class DeadlinesTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Seed seed = new Seed();

    @RegisterExtension
    final Alarms alarms = new Alarms();

    /** Counts how often it rings, and how often that is too early. */
    private static final class Counting extends Alarm {

        final AtomicInteger rung = new AtomicInteger();
        final AtomicInteger early = new AtomicInteger();
        private final AtomicLong deadline = new AtomicLong();

        void setFor(long at) {
            deadline.set(at);
            set(at);
        }

        @Override
        void ring() {
            if (deadline.get() - Clock.nanoTime() > 0) {
                early.incrementAndGet();
            }
            rung.incrementAndGet();
        }
    }

    @Test
    void set_ringsOnceItsInstantHasCome() {
        Counting alarm = new Counting();
        alarm.setFor(Clock.nanoTime() + 5_000_000);
        Await.until(() -> alarm.rung.get() == 1, () -> "the alarm");
        assertEquals(0, alarm.early.get());
        assertFalse(alarm.unset(), "it has rung");
    }

    @Test
    void set_anInstantThatHasPassed_ringsAtOnce() {
        Counting alarm = new Counting();
        alarm.setFor(Clock.nanoTime() - HOUR);
        Await.until(() -> alarm.rung.get() == 1, () -> "the alarm");
    }

    /** Who is to wake the thread may come to the end of its stack before it does; then the next one wakes it. */
    @Test
    void set_whoWasToWakeTheThreadHasNot_itIsWoken() throws Exception {
        Counting first = new Counting();
        first.setFor(Clock.nanoTime());
        Await.until(() -> first.rung.get() == 1, () -> "the thread to run");
        Deadlines deadlines = Deadlines.ALL;
        Counting forgotten = new Counting();
        deadlines.lock();
        try {
            long now = Clock.nanoTime();
            ((AlarmHeap) field("heap").get(deadlines)).put(forgotten, now);
            field("wakeAt").setLong(deadlines, now);
            field("awaited").setBoolean(deadlines, true);
        } finally {
            deadlines.unlock();
        }
        Counting late = new Counting();
        late.setFor(Clock.nanoTime() + HOUR);
        Await.until(() -> forgotten.rung.get() == 1, () -> "the alarm");
        assertTrue(late.unset());
    }

    private static Field field(String name) throws ReflectiveOperationException {
        Field field = Deadlines.class.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Test
    void set_again_movesIt() {
        Counting alarm = new Counting();
        alarm.setFor(Clock.nanoTime() + HOUR);
        alarm.setFor(Clock.nanoTime() + 2 * HOUR);
        assertEquals(1, alarms.set());
        alarm.setFor(Clock.nanoTime() + 1_000_000);
        Await.until(() -> alarm.rung.get() == 1, () -> "the alarm");
        assertEquals(0, alarm.early.get());
    }

    @Test
    void unset_inTime_itDoesNotRing() {
        Counting alarm = new Counting();
        alarm.setFor(Clock.nanoTime() + HOUR);
        assertTrue(alarm.unset());
        assertFalse(alarm.unset());
        Counting later = new Counting();
        later.setFor(Clock.nanoTime() + 1_000_000);
        Await.until(() -> later.rung.get() == 1, () -> "the later alarm");
        assertEquals(0, alarm.rung.get());
    }

    @Test
    void ring_throws_theOthersRingAllTheSame() {
        Alarm failing = new Alarm() {
            @Override
            void ring() {
                throw new UnsupportedOperationException("thrown by a test, to be reported");
            }
        };
        var failed = new AtomicInteger();
        Counting next = new Counting();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            failed.addAndGet(e instanceof UnsupportedOperationException ? 1 : 0);
            throw new IllegalStateException("nor is this the end");
        });
        try {
            long soon = Clock.nanoTime() + 1_000_000;
            failing.set(soon);
            next.setFor(soon + 1);
            Await.until(() -> next.rung.get() == 1, () -> "the next alarm");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEquals(1, failed.get());
    }

    /** As one that is to start a goroutine, and cannot: what waits for that would do so for ever. */
    @Test
    void ring_outOfMemory_isTriedAgain() {
        var tries = new AtomicInteger();
        Alarm failing = new Alarm() {
            @Override
            void ring() {
                if (tries.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("thrown by a test, to be reported");
                }
            }
        };
        var before = Thread.getDefaultUncaughtExceptionHandler();
        var reported = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.incrementAndGet());
        try {
            failing.set(Clock.nanoTime());
            Await.until(() -> tries.get() == 3, () -> "the third try");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEquals(2, reported.get());
        assertFalse(failing.unset(), "it has rung");
    }

    /** Several goroutines set, move and unset alarms around the present: each rings unless it was taken back. */
    @Test
    void setAndUnset_racesWithTheInstant_eitherItRingsOrUnsetIsTrue() throws Exception {
        int turns = Effort.times(3_000, 1_000_000);
        for (int g = 0; g < 4; g++) {
            SplittableRandom random = seed.random(g);
            goroutines.go(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    Counting alarm = new Counting();
                    alarm.setFor(Clock.nanoTime() + random.nextInt(40_000));
                    if (random.nextBoolean()) {
                        alarm.setFor(Clock.nanoTime() + random.nextInt(40_000));
                    }
                    for (int i = random.nextInt(400); i > 0; i--) {
                        Thread.onSpinWait();
                    }
                    if (alarm.unset()) {
                        int rung = alarm.rung.get(); // it may have, if it was set a second time
                        assertTrue(rung <= 1);
                    } else {
                        Await.until(() -> alarm.rung.get() > 0, () -> "the alarm");
                    }
                }
            });
        }
        goroutines.join();
    }

    @Test
    void sleepAndSelect_ended_leaveNothingSet() throws Exception {
        Chan<Integer> chan = Chan.make();
        var selecting = goroutines.call(() -> select(chan.onReceive(), after(Duration.ofHours(1))).value());
        Await.until(() -> alarms.set() == 1, () -> "the select to wait");
        chan.send(1);
        assertEquals(1, selecting.get());
        assertEquals(0, alarms.set());

        var sleeping = goroutines.call(() -> {
            sleep(Duration.ofHours(1));
            return null;
        });
        Await.until(() -> alarms.set() == 1, () -> "the sleeper to wait");
        sleeping.interrupt();
        assertInstanceOf(InterruptedException.class, sleeping.failure());
        assertEquals(0, alarms.set());
    }

    /** Sleepers of all lengths, more than the heap has room for at first. */
    @Test
    void sleep_aThousandAtOnce_eachForItsTime() throws Exception {
        AtomicInteger early = new AtomicInteger();
        SplittableRandom random = seed.random(0);
        for (int i = 0; i < 1_000; i++) {
            Duration time = Duration.ofNanos(random.nextInt(30_000_000));
            goroutines.go(() -> {
                long start = System.nanoTime();
                sleep(time);
                if (System.nanoTime() - start < time.toNanos()) {
                    early.incrementAndGet();
                }
            });
        }
        goroutines.join();
        assertEquals(0, early.get());
    }

    /** It has said itself when it is to happen next, and the try that failed must not bring that forward. */
    @Test
    void ring_outOfMemoryWhenItHasBeenSetAnew_waitsForThat() {
        var rung = new AtomicInteger();
        Alarm failing = new Alarm() {
            @Override
            void ring() {
                rung.incrementAndGet();
                set(Clock.nanoTime() + HOUR);
                throw new OutOfMemoryError("thrown by a test, to be reported");
            }
        };
        var before = Thread.getDefaultUncaughtExceptionHandler();
        var reported = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.incrementAndGet());
        try {
            failing.set(Clock.nanoTime());
            Await.until(() -> reported.get() == 1, () -> "the failure");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        Counting later = new Counting();
        later.setFor(Clock.nanoTime() + 5_000_000); // more than the pause after an error
        Await.until(() -> later.rung.get() == 1, () -> "the later alarm");
        assertEquals(1, rung.get());
        assertTrue(failing.unset());
    }

    /**
     * The thread was woken for an alarm that has been taken back by then. It need not be woken for one that comes after
     * that, and so must not sleep for longer.
     */
    @Test
    void set_laterThanOneThatWasTakenBackBeforeTheThreadLooked_rings() throws Exception {
        Counting before = new Counting();
        before.setFor(Clock.nanoTime());
        Await.until(() -> before.rung.get() == 1, () -> "the thread to run");
        Thread keeper = keeper();
        awaitState(keeper, Thread.State.TIMED_WAITING);
        Alarm first = new Counting();
        long soon = Clock.nanoTime() + 200_000_000;
        first.set(soon);
        assertTrue(first.unset());
        Deadlines.ALL.lock();
        try {
            LockSupport.unpark(keeper);
            awaitState(keeper, Thread.State.WAITING); // for the lock
        } finally {
            Deadlines.ALL.unlock();
        }
        awaitState(keeper, Thread.State.TIMED_WAITING); // it has looked
        Counting next = new Counting();
        next.setFor(soon + 1);
        Await.until(() -> next.rung.get() == 1, () -> "the alarm");
    }

    private static Thread keeper() throws ReflectiveOperationException {
        Field keeper = Deadlines.class.getDeclaredField("keeper");
        keeper.setAccessible(true);
        return (Thread) keeper.get(Deadlines.ALL);
    }

    private static void awaitState(Thread thread, Thread.State state) {
        Await.until(() -> thread.getState() == state, () -> thread + " to be " + state);
    }

    // One of its own, which no thread looks after. Instants on both sides of an overflow of the clock are compared.

    private static Deadlines withoutThread(long wakeAt) throws ReflectiveOperationException {
        Constructor<Deadlines> made = Deadlines.class.getDeclaredConstructor();
        made.setAccessible(true);
        Deadlines deadlines = made.newInstance();
        ((AtomicBoolean) field("started").get(deadlines)).set(true);
        field("wakeAt").setLong(deadlines, wakeAt);
        return deadlines;
    }

    @Test
    void set_theClockWrapsAroundBeforeTheThreadLooks_bringsThatForward() throws Exception {
        Deadlines deadlines = withoutThread(Long.MIN_VALUE + 10);
        deadlines.set(new Counting(), Long.MAX_VALUE - 10);
        assertEquals(Long.MAX_VALUE - 10, field("wakeAt").getLong(deadlines));
        deadlines.set(new Counting(), Long.MIN_VALUE + 10);
        assertEquals(Long.MAX_VALUE - 10, field("wakeAt").getLong(deadlines));
    }

    @Test
    void goOff_theClockWrapsAroundBeforeItIsToLook_looksInTimeForTheFirst() throws Exception {
        Deadlines deadlines = withoutThread(Clock.nanoTime() + Long.MAX_VALUE);
        ((AlarmHeap) field("heap").get(deadlines)).put(new Counting(), Clock.nanoTime() + HOUR);
        Method goOff = Deadlines.class.getDeclaredMethod("goOff");
        goOff.setAccessible(true);
        assertTrue((long) goOff.invoke(deadlines) <= HOUR);
    }

    @Test
    void goOff_nothingIsSet_anInstantThatHasPassedIsSooner() throws Exception {
        Deadlines deadlines = withoutThread(Clock.nanoTime());
        Method goOff = Deadlines.class.getDeclaredMethod("goOff");
        goOff.setAccessible(true);
        goOff.invoke(deadlines);
        long passed = Clock.nanoTime() - HOUR;
        deadlines.set(new Counting(), passed);
        assertEquals(passed, field("wakeAt").getLong(deadlines));
    }

    @Test
    void due_outOfMemory_isTriedAgain() {
        var tries = new AtomicInteger();
        var rung = new AtomicInteger();
        Alarm failing = new Alarm() {
            @Override
            Thread due() {
                if (tries.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("thrown by a test, to be reported");
                }
                return null;
            }

            @Override
            void ring() {
                rung.incrementAndGet();
            }
        };
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {});
        try {
            failing.set(Clock.nanoTime());
            Await.until(() -> rung.get() == 1, () -> "the third try");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEquals(3, tries.get());
    }
}
