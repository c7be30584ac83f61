package dev.runnel.correctness.races;

import dev.runnel.Task;
import java.util.concurrent.atomic.AtomicInteger;

/** A task that counts how often it was run. */
final class Counted implements Task {

    private final AtomicInteger runs = new AtomicInteger();

    @Override
    public void run() {
        runs.incrementAndGet();
    }

    /** Waits until it was run so often; says how often it was. */
    int await(int atLeast) {
        while (runs.get() < atLeast) {
            Thread.yield(); // on a platform thread
        }
        return runs.get();
    }
}
