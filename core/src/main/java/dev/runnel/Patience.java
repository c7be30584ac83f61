package dev.runnel;

/**
 * How long it pays to spin for a partner before parking, learnt from how it went of late. One for each place where
 * goroutines wait in the same way.
 *
 * <p>Spinning pays if the partner runs on another carrier and answers sooner than a park and an unpark would take.
 * While it does, the time to spin doubles up to some microseconds; when it does not, it becomes short, but not none: two
 * goroutines that park for each other at once end up on one carrier, one running when the other parks, and then it does
 * not pay to spin only because neither does.
 *
 * <p>If fewer than one spin in three pays, for long enough to be no accident, spinning <b>rests</b> and goroutines park
 * at once: there are more of them than carriers, or partners take their time. It is tried again in <b>windows</b>,
 * short times that come at the same instants for all channels: two goroutines that have come to park for each other
 * find out only if both spin at once. A window bounds what trying costs, however many channels there are, to its part
 * of the time.
 *
 * <p>A new place begins with what others have come to last, so that a thousand unbuffered channels need not learn one
 * by one that there are too many goroutines to spin.
 *
 * <p>Read and written without a lock by those who wait: it is but a guess, and a lost update costs nothing. While
 * spinning pays it is not written at all.
 */
class Patience {

    /** How many carriers there are. */
    static final int CARRIERS = Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

    /** For how long to spin at the most. Not at all if there is one carrier, where no partner could run meanwhile. */
    private static final int MAX_NANOS = CARRIERS > 1 ? 2000 : 0;

    /** For how long at the least. */
    private static final int MIN_NANOS = Math.min(600, MAX_NANOS);

    /** How many more spins have to be in vain than twice those that paid before there is a rest. */
    private static final int MAX_MISSES = 64;

    /** How many of them may be left over from before a window; half as many have to pay in it to end the rest. */
    private static final int PROBE_MISSES = 8;

    /** The nanoseconds from one window to the next, a power of two. */
    private static final long PERIOD_NANOS = 1 << 21;

    /** The nanoseconds that a window lasts. */
    private static final long WINDOW_NANOS = 1 << 16;

    /** How many waits of a rest go by between two looks at the clock, a power of two. */
    private static final int LOOK_EVERY = 16;

    /** Whether the place that was last to change its mind came to rest. */
    private static boolean restful;

    private int nanos = MAX_NANOS;

    /** The spins in vain, less twice those that paid. */
    private int misses;

    /** Whether spinning rests, but for windows. */
    boolean resting;

    /** Whether a rest is interrupted by a window. */
    private boolean probing;

    /** How many waits of rests there were. */
    private int rested;

    /** For a place that begins as others go on. */
    Patience() {
        this(restful);
    }

    /** For a place that begins at rest or not. */
    Patience(boolean startsAtRest) {
        resting = startsAtRest;
        misses = startsAtRest ? PROBE_MISSES : 0;
    }

    private void rest() {
        resting = true;
        probing = false;
        misses = PROBE_MISSES;
    }

    /** Whether goroutines park at once, by what was found when the last of them began to wait. */
    boolean isResting() {
        return resting ? !probing : MAX_NANOS == 0;
    }

    /** Whether anybody should spin at all: not on one carrier, nor while way is made for others. */
    static boolean mayPay() {
        return MAX_NANOS > 0 && !Starvation.isMakingWay();
    }

    /** For how many nanoseconds to spin in a wait that begins now; 0 if it should park at once. */
    int nanos() {
        if (!mayPay()) {
            return 0;
        }
        if (!resting) {
            return nanos;
        }
        if (probing || (++rested & LOOK_EVERY - 1) == 0) {
            probing = (Clock.nanoTime() & PERIOD_NANOS - 1) < WINDOW_NANOS;
        }
        return probing ? MAX_NANOS : 0;
    }

    /**
     * Learns how a spin went.
     *
     * @param spun what {@link #nanos()} has said
     * @param paid whether the wait ended while it was spun
     */
    void learn(int spun, boolean paid) {
        if (spun == 0) {
            return;
        }
        if (paid) {
            hit();
        } else {
            miss();
        }
    }

    private void hit() {
        if (misses > 0) {
            misses = Math.max(0, misses - 2);
            if (misses == 0 && resting) {
                resting = false;
                restful = false;
            }
        }
        if (nanos < MAX_NANOS) {
            nanos = Math.min(MAX_NANOS, 2 * nanos);
        }
    }

    private void miss() {
        nanos = Math.max(MIN_NANOS, nanos / 4);
        if (resting) {
            misses = Math.min(misses + 1, PROBE_MISSES);
        } else if (++misses >= MAX_MISSES) {
            rest();
            restful = true;
        }
    }
}
