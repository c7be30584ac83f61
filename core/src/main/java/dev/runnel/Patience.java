package dev.runnel;

/**
 * How long it pays to spin for a partner before parking, learnt from how it went of late. One for each place where
 * goroutines wait in the same way.
 *
 * <p>Spinning pays if the partner runs on another carrier and answers sooner than a park and an unpark would take.
 * While it does, the turns double up to some microseconds; when it does not, they become few, but not none: two
 * goroutines that park for each other at once end up on one carrier, one running when the other parks, and then it does
 * not pay to spin only because neither does.
 *
 * <p>If fewer than one spin in three pays, for long enough to be no accident, spinning <b>rests</b> and goroutines park
 * at once: there are more of them than carriers, or partners take their time. After the rest it is tried again, and if
 * it is in vain again, the next rest is twice as long.
 *
 * <p>Read and written without a lock by those who wait: it is but a guess, and a lost update costs nothing. While
 * spinning pays it is not written at all.
 */
final class Patience {

    /** The most turns of a spin. None if there is one carrier, where no partner could run meanwhile. */
    private static final int MAX_TURNS = parallelism() > 1 ? 128 : 0;

    /** The fewest. */
    private static final int MIN_TURNS = Math.min(20, MAX_TURNS);

    /** How many more spins have to be in vain than twice those that paid before there is a rest. */
    private static final int MAX_MISSES = 64;

    /** How many waits a rest lasts, at least and at most. */
    private static final int MIN_REST = 128;

    private static final int MAX_REST = 1 << 16;

    private int turns = MAX_TURNS;

    /** The spins in vain, less twice those that paid. */
    private int misses;

    /** How many waits are left of a rest. */
    private int rest;

    private int nextRest = MIN_REST;

    private static int parallelism() {
        return Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    }

    /** Whether who waits should park at once. */
    boolean isResting() {
        return rest > 0 || MAX_TURNS == 0;
    }

    /** How many turns to spin in a wait that begins now; 0 if it should park at once. */
    int turns() {
        if (rest > 0) {
            rest--;
            return 0;
        }
        return turns;
    }

    /**
     * Learns how a spin went.
     *
     * @param spun what {@link #turns()} has said
     * @param paid whether the wait ended while it was spun
     */
    void learn(int spun, boolean paid) {
        if (spun == 0) {
            return;
        }
        if (paid) {
            if (misses > 0) {
                misses = Math.max(0, misses - 2);
                if (misses == 0) {
                    nextRest = MIN_REST;
                }
            }
            if (turns < MAX_TURNS) {
                turns = Math.min(MAX_TURNS, 2 * turns);
            }
        } else {
            turns = Math.max(MIN_TURNS, turns / 4);
            if (++misses >= MAX_MISSES) {
                misses = MAX_MISSES / 2;
                rest = nextRest;
                nextRest = Math.min(MAX_REST, 2 * nextRest);
            }
        }
    }
}
