package dev.runnel;

/**
 * Whether to try what may be in vain: after each failure twice as many chances are left out as after the one before, up
 * to a limit, and after a success none. After R. Metcalfe and D. Boggs, "Ethernet: Distributed Packet Switching for
 * Local Computer Networks", 1976.
 *
 * <p>Read and written without a lock: it is but a guess, as {@link Patience} is, and a lost update costs nothing. It
 * learns within a few chances, where {@link Patience} wants to be sure.
 */
final class Backoff {

    /** How often the number doubles. */
    static final int MOST_DOUBLINGS = 7;

    private int failures;

    /** How many chances are still to be left out. */
    private int toSkip;

    /** Whether this chance is to be taken. */
    boolean isDue() {
        int left = toSkip; // read once: two who come at the same time would otherwise get it below zero
        if (left <= 0) {
            return true;
        }
        toSkip = left - 1;
        return false;
    }

    /** Learns how it went. */
    void learn(boolean succeeded) {
        failures = succeeded ? 0 : Math.min(failures + 1, MOST_DOUBLINGS);
        toSkip = (1 << failures) - 1;
    }
}
