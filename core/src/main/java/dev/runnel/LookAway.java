package dev.runnel;

/**
 * For how long one end of a buffer lets the other one alone before it looks whether there is something for it, learnt
 * from what such a time has brought.
 *
 * <p>Two ends that run at the same time and look at each other's last slot fetch the same cache line from each other for
 * each value, and stay that close for good, as each is held up by the other. Who looks away for a moment finds a
 * <b>batch</b>, for which the line comes once. In question and answer there is no batch to be had, and a moment is lost.
 *
 * <p>So a time that has brought a value for each {@link #WORTH_NANOS} of it doubles, up to what fills the buffer, and one
 * that has brought less is halved, down to none. After each {@link #TRY_EVERY} waits without one it is tried again: two
 * ends that have come to exchange single values do not find out by themselves that there could be more.
 *
 * <p>Read and written without a lock by those who wait at that end: it is but a guess, as {@link Patience} is.
 */
final class LookAway {

    /** The longest time, and so what a value may come later because somebody looks away. */
    private static final int MAX_NANOS = 1600;

    /** How long it takes to send or receive a value, where nobody is in the way; with some to spare. */
    private static final int NANOS_PER_SLOT = 32;

    /** The time in which there should be one value more. */
    static final int WORTH_NANOS = 50;

    /** With what time it begins. */
    static final int FIRST_NANOS = 100;

    /** How many waits go by before it is tried again, a power of two. */
    static final int TRY_EVERY = 16;

    private final int max;

    private int nanos;

    /** How many waits there were without it. */
    private int waits;

    /** For an end of a buffer with this capacity. */
    LookAway(int capacity) {
        max = Math.min(capacity, MAX_NANOS / NANOS_PER_SLOT) * NANOS_PER_SLOT;
    }

    /**
     * For how many nanoseconds to look away in a wait that begins now.
     *
     * @param batch how many values have passed the end since the wait before this one
     */
    int nanos(int batch) {
        if (nanos == 0) {
            if ((++waits & TRY_EVERY - 1) == 0) {
                nanos = Math.min(FIRST_NANOS, max);
            }
        } else if (batch * WORTH_NANOS >= nanos) {
            nanos = Math.min(2 * nanos, max);
        } else {
            nanos = nanos / 2 < WORTH_NANOS ? 0 : nanos / 2;
        }
        return nanos;
    }
}
