package dev.runnel;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * All that is waited for by time: the {@link Alarm}s that are set, and the one daemon thread that lets them go off. An
 * alarm that is taken back in time, as the deadline of a select that a partner serves, costs a place in a heap and
 * wakes nobody. So goroutines never park with a timeout, for which the JDK would schedule and cancel a task each time;
 * see {@code docs/decisions/0008}.
 *
 * <p>An alarm goes off in two steps. Under the lock it is taken out and {@linkplain Alarm#due() due}, so that whoever
 * unsets it after that finds this done. Then, without the lock, a goroutine is woken or the alarm {@linkplain
 * Alarm#ring() rings}.
 *
 * <p><b>Invariant</b>, whenever the lock is free: the thread looks again at {@code wakeAt} at the latest, and that is
 * not after the first alarm. It may be before it, if an alarm was taken back: then the thread looks once in vain, so
 * that the next alarm, which is likely to be set for about as long, need not wake it. When that is over and no alarm is
 * set, it does not run.
 *
 * <p>This lock is the innermost: it may be taken under that of a channel, and no other under it.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>heap, wakeAt, and the fields of alarms</td><td>plain</td><td>plain</td><td>this lock</td></tr>
 *   <tr><td>keeper</td><td>volatile</td><td>volatile, once, by itself</td><td></td></tr>
 * </table>
 */
final class Deadlines extends SpinLock {

    /** All of them. */
    static final Deadlines ALL = new Deadlines();

    /** For how long nothing goes off after an error, which may well be the next one's too. */
    private static final long PAUSE_NANOS = 1_000_000;

    /** Caught where there may be no room to load it. */
    private static final Class<?> ENSURE_LOADED = StackOverflowError.class;

    private final AlarmHeap heap = new AlarmHeap();

    /** When the thread looks again; of no meaning before it has looked once. */
    private long wakeAt;

    /**
     * Whether the thread was to look sooner and has not looked since. Until then whoever sets an alarm wakes it, for
     * the one who was to do so may have come to the end of its stack.
     */
    private boolean awaited;

    private final AtomicBoolean started = new AtomicBoolean();

    /** The thread, once it runs. */
    private volatile @Nullable Thread keeper;

    private Deadlines() {}

    /**
     * Starts the thread, unless somebody has done so. Whoever sets an alarm under a lock does this before it takes
     * that. If it fails, the next one who sets an alarm tries again.
     */
    void start() {
        if (!started.get() && started.compareAndSet(false, true)) {
            boolean running = false;
            try {
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .name("runnel-deadlines")
                        .start(this::keep);
                running = true;
            } finally {
                if (!running) {
                    started.set(false);
                }
            }
        }
    }

    /** As {@link Alarm#set}. */
    boolean set(Alarm alarm, long deadline) {
        start();
        boolean moved;
        boolean wake;
        lock();
        try {
            moved = heap.put(alarm, deadline);
            if (deadline - wakeAt < 0) {
                wakeAt = deadline;
                awaited = true;
            }
            wake = awaited;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        Thread thread = keeper;
        if (wake && thread != null) { // if it has not begun to run, it is about to look
            LockSupport.unpark(thread);
        }
        return moved;
    }

    /** As {@link Alarm#unset}. */
    boolean unset(Alarm alarm) {
        lock();
        try {
            return heap.remove(alarm);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** How many alarms are set that somebody has asked for; for tests. */
    int size() {
        lock();
        try {
            return heap.countAskedFor();
        } finally {
            unlock();
        }
    }

    private void keep() {
        Thread me = Thread.currentThread();
        keeper = me;
        for (;;) {
            try {
                LockSupport.parkNanos(this, goOff());
                Thread.interrupted(); // or else it could not park any more
            } catch (Throwable e) {
                report(me, e);
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /**
     * Lets go off what is due.
     *
     * @return in how many nanoseconds to look again
     */
    private long goOff() {
        for (;;) {
            long now = Clock.nanoTime();
            Alarm alarm;
            Thread owner;
            lock();
            try {
                awaited = false;
                alarm = heap.first();
                long first = alarm == null ? now + Clock.LONGEST : heap.firstDeadline();
                if (alarm == null || first - now > 0) {
                    if (wakeAt - now <= 0 || first - wakeAt < 0) {
                        wakeAt = first;
                    }
                    return wakeAt - now;
                }
                owner = alarm.due(); // should it throw, being out of memory, it is tried again
                heap.remove(alarm);
            } finally {
                unlock();
            }
            if (owner != null) {
                Starvation.unpark(owner);
            } else {
                ring(alarm);
            }
        }
    }

    /** Lets an alarm ring; without memory for that it is put back, to be tried again, unless it has been set anew. */
    private void ring(Alarm alarm) {
        try {
            alarm.ring();
        } catch (OutOfMemoryError e) {
            lock();
            try {
                if (alarm.position == Alarm.UNSET) {
                    heap.put(alarm, Clock.nanoTime() + PAUSE_NANOS);
                }
            } finally {
                unlock();
            }
            throw e;
        }
    }

    /** Says what an alarm has thrown, as out of memory, and lets the thread go on. */
    private static void report(Thread thread, Throwable thrown) {
        try {
            UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
            if (handler != null) {
                handler.uncaughtException(thread, thrown);
            }
        } catch (Throwable e) {
            // there is nobody left to be told
        }
    }
}
