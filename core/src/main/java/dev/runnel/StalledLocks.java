package dev.runnel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

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
 *
 * <p>The daemon allocates nothing: memory may have run out, and those who wait may be the ones who would give some
 * back.
 */
final class StalledLocks {

    private static final long PERIOD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Those who have come since the daemon last looked, the last one first. */
    private static final AtomicReference<@Nullable Stalled> ARRIVED = new AtomicReference<>();

    /** One who waits. */
    private static final class Stalled {

        final SpinLock lock;
        final Waiter waiter = new Waiter();

        /** Written by who waits, before it is pushed; after that the daemon's. */
        @Nullable
        Stalled next;

        Stalled(SpinLock lock) {
            this.lock = lock;
        }
    }

    /** Starts the daemon at the first use. */
    private static final class Keeper {
        static final Thread THREAD = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("runnel-stalled-locks")
                .unstarted(StalledLocks::keep);

        static {
            new Waiter().completeAndWake(); // the first time takes memory, to link the call
            THREAD.start();
        }
    }

    private StalledLocks() {}

    /** Waits until the lock has been seen free. Interruption does not end the wait, and is kept. */
    static void awaitFree(SpinLock lock) {
        Thread keeper = Keeper.THREAD;
        Stalled stalled = new Stalled(lock);
        Stalled first;
        do {
            first = ARRIVED.get();
            stalled.next = first;
        } while (!ARRIVED.compareAndSet(first, stalled));
        LockSupport.unpark(keeper);
        stalled.waiter.awaitUninterruptibly(lock);
    }

    private static void keep() {
        Stalled waiting = null;
        for (;;) {
            Stalled all = append(ARRIVED.getAndSet(null), waiting);
            waiting = null;
            while (all != null) {
                Stalled stalled = all;
                all = stalled.next;
                if (stalled.lock.locked == 0) {
                    wake(stalled.waiter);
                } else {
                    stalled.next = waiting;
                    waiting = stalled;
                }
            }
            if (waiting == null) {
                LockSupport.park(ARRIVED);
            } else {
                LockSupport.parkNanos(ARRIVED, PERIOD_NANOS);
            }
            Thread.interrupted(); // or else it could not park any more
        }
    }

    private static @Nullable Stalled append(@Nullable Stalled some, @Nullable Stalled others) {
        if (some == null) {
            return others;
        }
        Stalled last = some;
        for (Stalled next; (next = last.next) != null;) {
            last = next;
        }
        last.next = others;
        return some;
    }

    private static void wake(Waiter waiter) {
        try {
            waiter.completeAndWake();
        } catch (OutOfMemoryError e) {
            // the JDK's scheduler has no room for it; the others have to be woken all the same
        }
    }
}
