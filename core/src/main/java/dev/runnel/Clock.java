package dev.runnel;

import java.time.Duration;
import java.time.Instant;

/**
 * The time that Runnel goes by. Whatever waits for an instant asks here what the time is, and states the instant as a
 * deadline in this clock's nanoseconds; only differences of two readings mean anything.
 */
final class Clock {

    /** The longest time that can be waited for, some 146 years: deadlines may be compared by subtraction. */
    static final long LONGEST = Long.MAX_VALUE / 2;

    private Clock() {}

    /** The time now. */
    static long nanoTime() {
        return System.nanoTime();
    }

    /**
     * The instant that lies a duration ahead: now if it is negative, {@link #LONGEST} ahead if it is longer than that.
     */
    static long deadlineAfter(Duration duration) {
        return nanoTime() + nanos(duration);
    }

    /** The instant that lies so many nanoseconds back. */
    static Instant instant(long nanosAgo) {
        return Instant.now().minusNanos(nanosAgo);
    }

    /** A duration in nanoseconds: 0 if it is negative, {@link #LONGEST} if it is longer than that. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        long seconds = duration.getSeconds();
        if (seconds >= LONGEST / 1_000_000_000L) {
            return LONGEST;
        }
        return seconds * 1_000_000_000L + duration.getNano();
    }
}
