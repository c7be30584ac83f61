package dev.runnel.benchmarks;

/**
 * What a consumer does with an element: arithmetic that keeps a core busy for a while.
 *
 * <p>It is a number of steps, not a wait for an instant: whoever takes the core away from a consumer, by spinning for
 * example, makes it finish later. The number that takes the time wanted is found by trying.
 */
public final class Work {

    /** Long enough for the last compiler to be done with it: before that a step takes several times as long. */
    private static final long TRIAL_NANOS = 500_000_000;

    private static final int TRIAL_STEPS = 20_000;
    private static final long NEVER = 0x5eed_0fda_7a5e_0001L;

    private final int steps;

    private Work(int steps) {
        this.steps = steps;
    }

    /** Work that takes so many nanoseconds on a core that does nothing else. */
    public static Work ofNanos(int nanos) {
        Work trial = new Work(TRIAL_STEPS);
        long fastest = Long.MAX_VALUE;
        long begin = System.nanoTime();
        long start = begin;
        for (int i = 0; start - begin < TRIAL_NANOS; i++) {
            if (trial.on(i) != i) {
                throw new IllegalStateException("the work gave back another element");
            }
            long end = System.nanoTime();
            // The fastest was disturbed the least.
            fastest = Math.min(fastest, end - start);
            start = end;
        }
        return new Work((int) Math.max(1, Math.round((double) nanos * TRIAL_STEPS / fastest)));
    }

    /** Works on an element and gives it back. */
    public int on(int element) {
        long state = element;
        for (int i = 0; i < steps; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
        }
        // It is never that, which no compiler can know: none can leave out the steps.
        return state == NEVER ? -1 : element;
    }
}
