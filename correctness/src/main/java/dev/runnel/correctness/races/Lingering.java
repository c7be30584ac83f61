package dev.runnel.correctness.races;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a race with the clock takes. */
final class Lingering {

    /** About as long as it takes to park, so that the deadline comes before, while and after that. */
    static final Duration SOON = Duration.ofNanos(20_000);

    private Lingering() {}

    /** Lets some time go by, up to twice that. */
    static void linger() {
        long end = System.nanoTime() + ThreadLocalRandom.current().nextInt(40_000);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
