package dev.runnel;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state, by looking at it again and again, in the place of sleeping and hoping. */
final class Await {

    private Await() {}

    static void until(BooleanSupplier condition, Supplier<String> what) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > Effort.PATIENCE.toNanos()) {
                fail("waited in vain for " + what.get());
            }
            Thread.yield();
        }
    }

    /** Lets a time pass, where that is what is tested. */
    static void pass(Duration time) {
        long start = System.nanoTime();
        until(() -> System.nanoTime() - start > time.toNanos(), () -> "the time to pass");
    }

    /** Until so many senders stand in the queue of a channel. */
    static void senders(Chan<?> chan, int n) {
        until(() -> Waiting.senders(chan) == n, () -> n + " senders queued; there are " + Waiting.senders(chan));
    }

    /** Until so many receivers stand in the queue of a channel. */
    static void receivers(Chan<?> chan, int n) {
        until(() -> Waiting.receivers(chan) == n, () -> n + " receivers queued; there are " + Waiting.receivers(chan));
    }

    /** Until so many stand in the queue of a group. */
    static void awaiting(WaitGroup group, int n) {
        until(() -> Waiting.awaiting(group) == n, () -> n + " to await; there are " + Waiting.awaiting(group));
    }

    /** Until a thread is parked. */
    static void parked(Thread thread) {
        until(() -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case TERMINATED -> fail(thread + " has ended and not parked");
            default -> false;
        }, () -> thread + " to park; it is " + thread.getState());
    }

    /** Until a goroutine that wants a lock has found its holder stopped. */
    static void stoppedAt(SpinLock lock, Thread thread) {
        until(() -> LockSupport.getBlocker(thread) == lock, () -> thread + " to stop at the lock");
    }
}
