package dev.runnel;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where threads wait for a {@link SpinLock} whose holder does not go on, most likely because the operating system has
 * taken its processor away in the middle of a critical section.
 *
 * <p>They park, and one daemon thread looks at their locks from time to time until each has been seen free; then the
 * waiting thread tries again. The daemon is started by the first that has to wait, and parks while there is nobody.
 * That the lock was free need not mean that the woken thread gets it, but it means that its holder runs again.
 *
 * <p>The wake-up comes late by up to {@link #PERIOD_NANOS}, in a situation that lasts as long as a time slice of the
 * operating system, and it keeps the unlock of the fast path at a single store.
 */
final class StalledLocks {

    private static final long PERIOD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final ConcurrentLinkedQueue<Stalled> WAITING = new ConcurrentLinkedQueue<>();

    private record Stalled(SpinLock lock, Waiter waiter) {}

    /** Starts the daemon at the first use. */
    private static final class Keeper {
        static final Thread THREAD =
                Thread.ofPlatform().daemon().name("runnel-stalled-locks").unstarted(StalledLocks::keep);

        static {
            THREAD.start();
        }
    }

    private StalledLocks() {}

    /** Waits until the lock has been seen free. Interruption does not end the wait, and is kept. */
    static void awaitFree(SpinLock lock) {
        Thread keeper = Keeper.THREAD;
        Waiter waiter = new Waiter();
        WAITING.add(new Stalled(lock, waiter));
        LockSupport.unpark(keeper);
        waiter.awaitUninterruptibly(lock);
    }

    private static void keep() {
        for (;;) {
            for (Iterator<Stalled> all = WAITING.iterator(); all.hasNext();) {
                Stalled stalled = all.next();
                if (stalled.lock.locked == 0) {
                    all.remove();
                    stalled.waiter.completeAndWake();
                }
            }
            if (WAITING.isEmpty()) {
                LockSupport.park(WAITING);
            } else {
                LockSupport.parkNanos(WAITING, PERIOD_NANOS);
            }
        }
    }
}
