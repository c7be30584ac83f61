package dev.runnel;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a {@link Timer} or {@link Ticker}, and the timer itself. It has no buffer and nobody sends on it:
 * whether there is a value follows from the time, and is worked out when somebody looks, as since Go 1.23. So a timer
 * that nobody waits for is a few numbers in an object: it costs nothing to let it run, it can be collected at any time,
 * and once it has been stopped or reset there can be no value from before.
 *
 * <p>Only while goroutines wait at the channel there is an alarm, which serves the first of them, or tells a set.
 *
 * <p><b>Invariants</b>, whenever the lock is free, beside those of {@link LockedChan}:
 *
 * <ul>
 *   <li>If the timer runs and somebody is queued to receive, or a {@link Watch} armed, the alarm is set for {@code
 *       next}, or has gone off for it and is about to serve; else it is not set.
 *   <li>A value that is due belongs to the first who is queued, if there is one. Who comes later queues up behind, or
 *       fails.
 * </ul>
 *
 * <p><b>Linearization points</b>: the critical sections. A value is received at the instant at which the time is looked
 * at in that of the receive, or of the alarm. An alarm that went off before a stop or reset and comes to serve after it
 * finds nothing due.
 *
 * <p><b>Errors.</b> Who is to wait sets the alarm before it is queued, so that it never waits without one; and so does
 * a reset before it changes anything. After that the alarm is moved within the room that it has. One that went off has
 * none; without memory for it, it goes off once more, see {@link Deadlines}.
 */
abstract sealed class TimerChan extends LockedChan<Instant> {

    /** {@code next} of a timer that does not run. */
    private static final long STOPPED = Long.MIN_VALUE;

    /** Serves those who wait. */
    private static final class Serving extends Alarm {

        private final TimerChan chan;

        Serving(TimerChan chan) {
            this.chan = chan;
        }

        @Override
        void ring() {
            chan.serve();
        }
    }

    /** Made for the first who waits. */
    private @Nullable Serving alarm;

    /** When the next value is due, by {@link Clock}, or {@link #STOPPED}. */
    private long next;

    /** From tick to tick, in nanoseconds; 0 if there is to be only one. */
    private long period;

    private TimerChan(long next, long period) {
        super(null);
        Deadlines.ALL.start(); // not under the lock
        this.next = runningAt(next);
        this.period = period;
    }

    /** The channel of a timer for one value. */
    static final class OfTimer extends TimerChan implements Timer {

        OfTimer(long deadline) {
            super(deadline, 0);
        }

        @Override
        public ReceiveChan<Instant> channel() {
            return this;
        }

        @Override
        public boolean stop() {
            return run(STOPPED, 0);
        }

        @Override
        public boolean reset(Duration duration) {
            return run(runningAt(Clock.deadlineAfter(checkDuration(duration))), 0);
        }
    }

    /** The channel of a ticker. */
    static final class OfTicker extends TimerChan implements Ticker {

        OfTicker(long period) {
            super(Clock.nanoTime() + period, period);
        }

        @Override
        public ReceiveChan<Instant> channel() {
            return this;
        }

        @Override
        public void stop() {
            run(STOPPED, 0);
        }

        @Override
        public void reset(Duration newPeriod) {
            long nanos = checkPeriod(newPeriod);
            run(runningAt(Clock.nanoTime() + nanos), nanos);
        }
    }

    static Duration checkDuration(Duration duration) {
        return Objects.requireNonNull(duration, "the duration is null");
    }

    /** A period in nanoseconds, after checking it. */
    static long checkPeriod(Duration period) {
        if (Objects.requireNonNull(period, "the period is null").isNegative() || period.isZero()) {
            throw new IllegalArgumentException("the period of a ticker is " + period + ": it has to be positive");
        }
        return Clock.nanos(period);
    }

    private static long runningAt(long deadline) {
        return deadline == STOPPED ? deadline + 1 : deadline;
    }

    /**
     * Lets the timer run to another instant, or stops it.
     *
     * @return whether it ran
     */
    final boolean run(long newNext, long newPeriod) {
        lockAll();
        try {
            boolean ran = next != STOPPED;
            Serving serving = alarm;
            if (serving != null && newNext != STOPPED && isAwaited()) {
                serving.set(newNext);
            }
            next = newNext;
            period = newPeriod;
            return ran;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** By how many nanoseconds the value is late; negative if none is due. */
    private long late() {
        return next == STOPPED ? -1 : Clock.nanoTime() - next;
    }

    /** When the value after the one that is late is due. It lies in the future: what was missed is dropped. */
    private long following(long late) {
        return period == 0 ? STOPPED : runningAt(next + period * (1 + late / period));
    }

    /** Takes the value that is due, unless somebody waits for it. */
    @Override
    @Nullable
    Object exchange(@Nullable Object last) {
        long late = late();
        if (late < 0) {
            return null;
        }
        Instant due = Clock.instant(late);
        long following = following(late);
        boolean given = hasReceiver() && offerLocked(due) != null;
        next = following; // not a call: the value has been given
        return given ? null : due;
    }

    /** Serves the first of those who wait, if a value is due. */
    private void serve() {
        lockAll();
        try {
            long late = late();
            if (late >= 0 && hasReceiver()) {
                long following = following(late);
                if (offerLocked(Clock.instant(late)) != null) {
                    next = following;
                }
            }
        } finally {
            unlockAll();
        }
    }

    @Override
    void enqueue(WaitNode node) {
        prepareToWait();
        super.enqueue(node);
    }

    @Override
    void prepareToWait() {
        Serving serving = alarm;
        if (serving == null) {
            serving = new Serving(this);
            alarm = serving;
        }
        if (next != STOPPED) {
            serving.set(next);
        }
    }

    @Override
    boolean hasValue() {
        return late() >= 0;
    }

    private boolean isAwaited() {
        return firstReceiver != null || hasArmedWatch();
    }

    @Override
    void releaseAll() {
        try {
            Serving serving = alarm;
            if (serving != null) {
                if (next != STOPPED && isAwaited()) {
                    serving.set(next);
                } else {
                    serving.unset();
                }
            }
        } catch (StackOverflowError e) {
            // it was set before for those who wait; it may ring in vain
        } finally {
            unlock();
        }
    }
}
