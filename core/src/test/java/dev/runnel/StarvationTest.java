package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: while way is made, a goroutine that another would wake is held, and nobody else; and whoever is held is woken, by
 * whom it may be. Here the moment is one that the test makes.
 */
class StarvationTest {

    private static final long LONG_NANOS = 3_600_000_000_000L;

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final AtomicReference<Object> current = current();
    private Object moment;

    @SuppressWarnings("unchecked") // it is private, as what it refers to
    private static AtomicReference<Object> current() {
        return (AtomicReference<Object>) get(Starvation.class, null, "MOMENT");
    }

    private static Object get(Class<?> type, Object of, String name) {
        try {
            return field(type, name).get(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static Object make(String name, long instant) throws ReflectiveOperationException {
        Constructor<?> made = Class.forName("dev.runnel.Starvation$" + name).getDeclaredConstructor(long.class);
        made.setAccessible(true);
        return made.newInstance(instant);
    }

    private static Object moment(long nanos) throws ReflectiveOperationException {
        return make("Moment", Clock.nanoTime() + nanos);
    }

    private static MethodHandle method(String name, Class<?>... parameters) throws ReflectiveOperationException {
        return method(Class.forName("dev.runnel.Starvation$Moment"), name, parameters);
    }

    private static MethodHandle method(Class<?> type, String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method);
    }

    /** Begins a moment that lasts for so long. */
    private void makeWay(long nanos) throws ReflectiveOperationException {
        moment = moment(nanos);
        Await.until(() -> current.compareAndSet(null, moment), () -> "another moment to end");
    }

    @AfterEach
    void end() throws Throwable {
        if (moment != null) {
            method("end").invoke(moment);
        }
    }

    /** A goroutine that parks until it is woken, for once. */
    private Started<Void> parked() {
        return parked(goroutines);
    }

    private static Started<Void> parked(Goroutines some) {
        Started<Void> one = some.go(LockSupport::park);
        Await.parked(one.thread());
        return one;
    }

    private void wakeFromGoroutine(Started<?> one) throws Exception {
        goroutines.go(() -> Starvation.unpark(one.thread())).get();
    }

    private static void assertHeld(Started<?> one) {
        assertEquals(Thread.State.WAITING, one.thread().getState());
    }

    @Test
    void unpark_noWayIsMade_wakes() throws Throwable {
        Started<Void> one = parked();
        wakeFromGoroutine(one);
        one.get();
    }

    @Test
    void unpark_wayIsMade_holdsUntilTheEnd() throws Throwable {
        Started<Void> one = parked();
        Started<Void> other = parked();
        makeWay(LONG_NANOS);
        wakeFromGoroutine(one);
        wakeFromGoroutine(other);
        wakeFromGoroutine(one);
        assertHeld(one);
        assertHeld(other);
        end();
        one.get();
        other.get();
        assertNull(current.get());
    }

    @Test
    void unpark_byPlatformThread_isNotHeld() throws Throwable {
        Started<Void> one = parked();
        makeWay(LONG_NANOS);
        Starvation.unpark(one.thread());
        one.get();
    }

    @Test
    void unpark_ofPlatformThread_isNotHeld() throws Throwable {
        Started<Void> one = parked(new Goroutines(Thread.ofPlatform().factory()));
        makeWay(LONG_NANOS);
        wakeFromGoroutine(one);
        one.get();
    }

    @Test
    void unpark_momentIsOver_endsIt() throws Throwable {
        Started<Void> one = parked();
        makeWay(0);
        wakeFromGoroutine(one);
        one.get();
        assertNull(current.get());
    }

    /** It has been found before it ended. */
    @Test
    void unpark_momentHasEnded_wakes() throws Throwable {
        Started<Void> one = parked();
        makeWay(LONG_NANOS);
        end();
        assertTrue(current.compareAndSet(null, moment));
        try {
            wakeFromGoroutine(one);
            one.get();
        } finally {
            current.set(null);
        }
    }

    /** Either the one who ends it finds who is held, or that one sees that it has ended. */
    @Test
    void holds_whileItEnds_nobodyIsLeft() throws Throwable {
        MethodHandle holds = method("holds", Thread.class);
        MethodHandle end = method("end");
        Thread thread = Thread.ofVirtual().unstarted(() -> {});
        Object[] moments = new Object[1_000];
        for (int round = 0; round < Effort.times(100, 10_000); round++) {
            for (int i = 0; i < moments.length; i++) {
                moments[i] = moment(LONG_NANOS);
            }
            AtomicInteger begun = new AtomicInteger(-1);
            Started<Void> holding = goroutines.go(() -> {
                for (int i = 0; i < moments.length; i++) {
                    begun.set(i);
                    holds.invoke(moments[i], thread);
                }
            });
            for (int i = 0; i < moments.length; i++) {
                while (begun.get() < i && !holding.isDone()) {
                    Thread.onSpinWait();
                }
                end.invoke(moments[i]);
            }
            holding.get();
            for (Object one : moments) {
                assertEquals(0, ((Queue<?>) get(one.getClass(), one, "held")).size());
            }
        }
    }

    @Test
    void beforeParking_momentIsOver_endsIt() throws Throwable {
        Started<Void> one = parked();
        makeWay(20_000_000);
        wakeFromGoroutine(one);
        Await.until(() -> {
            Starvation.beforeParking();
            return one.isDone();
        }, () -> "who parks to end it");
        assertNull(current.get());
    }

    @Test
    void lastResort_nobodyComes_endsIt() throws Throwable {
        Started<Void> one = parked();
        makeWay(LONG_NANOS);
        wakeFromGoroutine(one);
        Alarm lastResort = (Alarm) get(moment.getClass(), moment, "lastResort");
        lastResort.set(Clock.nanoTime());
        one.get();
        Await.until(() -> current.get() == null, () -> "the moment to end");
    }

    @Test
    void wayIsMade_nobodySpins() throws Throwable {
        Patience patience = new Patience(false);
        makeWay(LONG_NANOS);
        assertTrue(Starvation.isMakingWay());
        assertFalse(Patience.mayPay());
        assertEquals(0, patience.nanos());
        assertFalse(isSpunForWoken());
        end();
        assertFalse(Starvation.isMakingWay());
        assertEquals(Patience.CARRIERS > 1, Patience.mayPay());
        assertEquals(Patience.CARRIERS > 1, isSpunForWoken());
    }

    /** Whether who finds a full buffer spins for a receiver that was woken and has not come. */
    private static boolean isSpunForWoken() {
        RingChan<Integer> chan = RingChan.make(2);
        assertTrue(chan.trySend(1) && chan.trySend(2));
        chan.receivers.relay.join(new Waiter(false, null, true), chan.receivers);
        chan.leave((Waiter) chan.offerOrWait(3));
        return !chan.senders.forWoken.isDue();
    }

    @Test
    void makeWay_inVain_isTriedLessAndLess() throws Throwable {
        Object probe = make("Probe", Clock.nanoTime());
        MethodHandle makeWay = method(Starvation.class, "makeWay", probe.getClass(), long.class);
        for (int n = 1; n < 6; n++) {
            Object before = get(probe.getClass(), probe, "tryAt");
            AtomicLong now = new AtomicLong();
            for (int i = 0; before.equals(get(probe.getClass(), probe, "tryAt")); i++) {
                assertTrue(i < 1000, "not tried, and nobody else makes way");
                goroutines.go(() -> {
                    now.set(Clock.nanoTime());
                    makeWay.invoke(probe, now.get());
                }).get();
            }
            assertTrue(Clock.nanoTime() - now.get() >= 500_000, "a moment");
            assertEquals(now.get() + (5_000_000L << Math.min(n, 3)), get(probe.getClass(), probe, "tryAt"));
        }
    }

    /** It gets into an outer queue, and nobody else might call for a probe. */
    @Test
    void go_isNoted() throws Throwable {
        Field isOutside = field(Starvation.class, "isOutside");
        isOutside.setBoolean(null, false);
        Go.go(() -> {}).join();
        assertTrue(isOutside.getBoolean(null));
    }

    /** A goroutine that was started, or woken from outside of the pool, calls for a probe soon. */
    @Test
    void startsAndUnpark_byPlatformThread_areNoted() throws Throwable {
        Field isOutside = field(Starvation.class, "isOutside");
        isOutside.setBoolean(null, false);
        Starvation.unpark(Thread.ofVirtual().unstarted(() -> {}));
        assertTrue(isOutside.getBoolean(null));
        isOutside.setBoolean(null, false);
        Starvation.starts();
        assertTrue(isOutside.getBoolean(null));
    }

    // Noticing. Any goroutine that parks may look and ask as well, and a test that needs to be the one tries again.

    private static final long MILLI = 1_000_000;

    @SuppressWarnings("unchecked") // it is private, as what it refers to
    private static AtomicReference<Object> probes() {
        return (AtomicReference<Object>) get(Starvation.class, null, "PROBE");
    }

    /** A probe that was asked for at an instant, and is the last one. */
    private static Object lastProbe(long startedAt, boolean ran) throws ReflectiveOperationException {
        Object probe = make("Probe", startedAt);
        field(probe.getClass(), "ran").setBoolean(probe, ran);
        probes().set(probe);
        return probe;
    }

    @AfterEach
    void endProbes() throws ReflectiveOperationException {
        lastProbe(Clock.nanoTime(), true);
    }

    @Test
    void look_somebodyIsOutside_asksOncePerPeriod() throws Throwable {
        MethodHandle look = method(Starvation.class, "look", long.class);
        Field isOutside = field(Starvation.class, "isOutside");
        Await.until(() -> {
            try {
                long now = Clock.nanoTime();
                isOutside.setBoolean(null, true);
                Object last = lastProbe(now, true);
                look.invoke(now + 10 * MILLI - 1);
                boolean tooSoon = probes().get() != last;
                isOutside.setBoolean(null, true);
                look.invoke(now + 10 * MILLI);
                return !tooSoon && probes().get() != last && !isOutside.getBoolean(null);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }, () -> "one probe, after ten milliseconds, by which those who are outside are dealt with");
    }

    @Test
    void look_nobodyIsKnownToBeOutside_asksAllTheSameInTheEnd() throws Throwable {
        MethodHandle look = method(Starvation.class, "look", long.class);
        Field isOutside = field(Starvation.class, "isOutside");
        Await.until(() -> {
            try {
                long now = Clock.nanoTime();
                Object last = lastProbe(now, true);
                isOutside.setBoolean(null, false);
                look.invoke(now + 80 * MILLI - 1);
                boolean tooSoon = probes().get() != last;
                look.invoke(now + 80 * MILLI);
                return !tooSoon && probes().get() != last;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }, () -> "one probe, after eighty milliseconds");
    }

    @Test
    void probe_wasAskedFor_runs() throws Throwable {
        MethodHandle look = method(Starvation.class, "look", long.class);
        long now = Clock.nanoTime();
        Object last = lastProbe(now - LONG_NANOS, true);
        look.invoke(now);
        Object next = probes().get();
        assertTrue(next != last, "it has been asked for");
        Await.until(() -> (boolean) get(next.getClass(), next, "ran"), () -> "the probe to run");
    }

    @Test
    void look_probeHasNotRun_makesWayAfterItsLimitAndAsksForNoOther() throws Throwable {
        MethodHandle look = method(Starvation.class, "look", long.class);
        long startedAt = Clock.nanoTime() + LONG_NANOS;
        Object future = lastProbe(startedAt, false);
        goroutines.go(() -> look.invoke(startedAt + 5 * MILLI - 1)).get();
        assertEquals(0, get(future.getClass(), future, "tries"), "it may run yet");
        assertTrue(probes().get() == future);
        Await.until(() -> {
            try {
                Object late = lastProbe(Clock.nanoTime() - 6 * MILLI, false);
                goroutines.go(() -> look.invoke(Clock.nanoTime())).get();
                return get(late.getClass(), late, "tries").equals(1) && probes().get() == late;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, () -> "a goroutine to make way");
    }

    /** It could not yield: its thread is not one that the others wait for. */
    @Test
    void look_byPlatformThread_makesNoWay() throws Throwable {
        MethodHandle look = method(Starvation.class, "look", long.class);
        Await.until(() -> {
            try {
                Object late = lastProbe(Clock.nanoTime() - LONG_NANOS, false);
                look.invoke(Clock.nanoTime());
                return get(late.getClass(), late, "tries").equals(0);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }, () -> "it not to be tried");
    }

    /** Should the goroutine that makes way not come back, an alarm ends the moment. */
    @Test
    void makeWay_whileItLasts_anAlarmIsSet() throws Throwable {
        Object probe = make("Probe", Clock.nanoTime());
        MethodHandle makeWay = method(Starvation.class, "makeWay", probe.getClass(), long.class);
        Await.until(() -> {
            Started<Void> making = goroutines.go(() -> makeWay.invoke(probe, Clock.nanoTime()));
            boolean set = false;
            while (!making.isDone()) {
                Object seen = current.get();
                set |= seen != null && ((Alarm) get(seen.getClass(), seen, "lastResort")).position != Alarm.UNSET;
            }
            return set;
        }, () -> "an alarm");
    }
}
