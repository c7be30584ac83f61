package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Mutual exclusion for the few instructions of a channel operation.
 *
 * <p>A test-and-test-and-set lock: taking it is one compare-and-set, giving it back one release store. It is not
 * reentrant and not fair, which is of no consequence: whoever has to wait for a partner queues up under the lock, and
 * it is that queue's order that counts.
 *
 * <p><b>Under the lock</b>: no allocation but that of a {@link Waiter}, a segment of a {@link PolicyChan}, the channel
 * of a {@link WaitGroup}, the {@link Alarm} of a timer or room for it among the {@link Deadlines}, no user code, no
 * waiting, no call that could go deep. Locks of several channels are taken in the order of their ids, see {@link
 * Selection}; of the two of a {@link RingChan}, the senders' first; under that of a channel may be taken that of a
 * {@link CaseSetTurns} or of the deadlines, and that of a channel under that of a {@link Cancellation}.
 *
 * <p><b>A holder that the operating system has stopped</b> must not make others burn their cores. They spin for a
 * bounded time, and then wait with {@link StalledLocks} until the lock has been seen free. An exact wake-up by the
 * holder would cost each unlock a full fence, to order its store before a look at who waits; {@code
 * docs/decisions/0002} has the figures. Where there is no memory to wait with they go on spinning: to throw then could
 * keep a waiter from leaving its queue.
 *
 * <p><b>Nobody waits so who holds another lock.</b> It would be a stopped holder itself, for as long as it takes until it
 * runs again, which may be behind thousands of goroutines that each spin for that lock first. Whoever needs several gives
 * back those that it has, waits, and begins anew. But for the locks that are taken under that of a channel, of a set or of
 * the deadlines: what was done under the channel's by then cannot be given back, and they are held for very little.
 *
 * <p><b>Errors.</b> A stack overflow may strike at any call, that of {@link #unlock} included, and a lock that is never
 * given back is the end of its channel. So each critical section has this form, which at the end of the stack gives the
 * lock back without a call:
 *
 * <pre>{@code
 * lock();
 * try {
 *     …
 * } finally {
 *     try {
 *         unlock();
 *     } catch (StackOverflowError e) {
 *         locked = 0;
 *     }
 * }
 * }</pre>
 *
 * <p>Where a full fence more does not matter, {@code finally { locked = 0; }} does the same.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>locked</td><td>volatile</td><td>CAS to take, release to give back</td><td></td></tr>
 * </table>
 */
class SpinLock {

    /**
     * How often a contender looks before it takes the holder for stopped: 50 to 200 microseconds, where a critical section
     * takes some tens of nanoseconds, and a daemon that gets in between some tens of microseconds.
     */
    private static final int PATIENCE = 4096;

    private static final VarHandle LOCKED;

    /** Caught where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED =
            {StackOverflowError.class, OutOfMemoryError.class, LinkageError.class};

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(SpinLock.class, "locked", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** 1 while the lock is held. */
    volatile int locked;

    /** Takes the lock; for who holds no other, unless this is one that is taken under that of a channel. */
    final void lock() {
        while (!lockUnlessStalled()) {
            awaitFree();
        }
    }

    /** Takes the lock, unless its holder seems to be stopped; returns whether it did. */
    final boolean lockUnlessStalled() {
        return LOCKED.compareAndSet(this, 0, 1) || spin();
    }

    private boolean spin() {
        for (int i = 0; i < PATIENCE; i++) {
            if (locked == 0 && LOCKED.compareAndSet(this, 0, 1)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Waits until the lock has been seen free. */
    final void awaitFree() {
        try {
            StalledLocks.awaitFree(this);
        } catch (OutOfMemoryError | LinkageError e) {
            Thread.onSpinWait(); // there is no room to wait in: go on looking
        }
    }

    /** Gives the lock back. */
    final void unlock() {
        LOCKED.setRelease(this, 0);
    }
}
