package dev.runnel.benchmarks.compare;

import java.time.Duration;

/**
 * How much time a comparison takes.
 *
 * @param rounds how often everything is measured, each time in a process of its own
 * @param warmups how many iterations are thrown away in each process
 * @param iterations how many are kept; each gives one sample
 * @param iteration how long one of either is at least
 */
record Pace(int rounds, int warmups, int iterations, Duration iteration) {

    /** A look at a dozen workloads within five minutes. A JVM takes most of a second until the compilers are done. */
    static final Pace SHORT = new Pace(1, 4, 3, Duration.ofMillis(200));

    /** All there is, for the night. */
    static final Pace FULL = new Pace(5, 4, 3, Duration.ofMillis(500));

    @Override
    public String toString() {
        return "rounds: " + rounds + ", iterations in each: " + iterations + " of " + iteration.toMillis()
                + " ms after "
                + warmups + " to warm up";
    }

    Pace withRounds(int count) {
        return new Pace(count, warmups, iterations, iteration);
    }

    Pace withWarmups(int count) {
        return new Pace(rounds, count, iterations, iteration);
    }
}
