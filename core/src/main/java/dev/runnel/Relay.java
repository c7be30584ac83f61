package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * Wakes the goroutines that have waited at one end of a buffer, and whose waits were completed, <b>one after the
 * other</b>: the first is woken at once, and each that comes wakes the next before it does anything else. So there is
 * one at a time on its way, the holder of the baton, however many waits a goroutine at the other end completes in one
 * go. After the technique of G. Andrews, "Concurrent Programming: Principles and Practice", 1991, "passing the baton".
 *
 * <p>All at once they would find the buffer full, or empty, again as soon as the first of them has been there, and park
 * once more, each for one value. In turn, one of each end works through whole buffers, and the others sleep on with
 * their operations done. Go comes to the same by running next whom a goroutine has woken last.
 *
 * <p><b>Liveness.</b> Whoever is in here stands behind one that was woken, has not come yet, and will wake the next in
 * {@link #arrive}; by induction all are woken. If the baton takes long from hand to hand, since there are other
 * goroutines to run or carriers have to be woken, all of them are woken by the one who finds this out; so nobody waits
 * for longer than twice the time that it takes the one ahead to run. Platform threads take no part: they would wait
 * for each other's way through the operating system; and one that a platform thread wakes might have to wait for long
 * in a queue of the scheduler's that is served last.
 *
 * <p>A goroutine may come without having been woken, as when it is interrupted: then it leaves the queue, or, if it is
 * to join yet, does not join. One that overflows its stack before it has passed the baton has {@link #dropped} it; then
 * the next one that joins has the holder woken again.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>dropped, and in waiters {@code arrived}</td><td>volatile</td><td>volatile</td>
 *       <td>lock of the end, but for who overflows</td></tr>
 *   <tr><td>the others, and in waiters {@code prev}, {@code next} and {@code relayed}</td>
 *       <td>plain; as a guess without the lock too</td><td>plain</td><td>lock of the end</td></tr>
 * </table>
 */
final class Relay {

    /** How long the baton may take from hand to hand, from where on it takes long. */
    private static final long LATE_NANOS = 50_000;

    /** The goroutine that was woken, if it had parked, and has not come yet. */
    private @Nullable Waiter holder;

    /** Those that it precedes, the first of which it will wake. */
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** When the baton was passed, or the first of the queue began to wait for it. */
    private long passedAt;

    /** Whether it took long the last time. */
    private boolean late;

    /** What had passed the end when the holder was woken. */
    private int passed;

    /** Whether the holder, or one before it, may have failed to wake the next. */
    volatile boolean dropped;

    /**
     * Adds a parked goroutine whose wait has been completed. If it throws, it has done nothing.
     *
     * @param end the end that this is the relay of
     * @return who is to be woken now: this one or another; or null if nobody is
     */
    @Nullable
    Waiter join(Waiter waiter, RingChan.End end) {
        if (waiter.arrived) {
            return null;
        }
        Waiter ahead = holder;
        Waiter before = last;
        long now = before == null ? Clock.nanoTime() : 0; // the last call
        boolean again = dropped;
        if (again) {
            dropped = false;
        }
        if (ahead == null || ahead.arrived) { // the latter only if it could not say so
            holder = waiter;
            passed = end.passed;
            return waiter;
        }
        if (before == null) {
            passedAt = now;
            first = waiter;
        } else {
            before.next = waiter;
        }
        waiter.prev = before;
        waiter.next = null;
        waiter.relayed = true;
        last = waiter;
        return again ? ahead : null;
    }

    /** The time for {@link #arrive}; asked for without the lock, and not of the clock if there seems to be no need. */
    long now() {
        return first == null ? passedAt : Clock.nanoTime();
    }

    /**
     * Takes out a goroutine that has come. If it has the baton, the next one gets that.
     *
     * @param end as for {@link #join}
     * @param now what {@link #now} has said
     * @return who is to be woken now; null if nobody is
     */
    @Nullable
    Waiter arrive(Waiter waiter, RingChan.End end, long now) {
        waiter.arrived = true;
        if (holder != waiter) {
            if (waiter.relayed) {
                leave(waiter);
            }
            return null;
        }
        Waiter next = poll();
        holder = next;
        if (next != null) {
            long took = now - passedAt;
            late = took > LATE_NANOS;
            if (took > 0) { // else somebody has joined since the time was asked for
                passedAt = now;
            }
            passed = end.passed;
        }
        return next;
    }

    /** Whether those in the queue are to be woken without the baton; without the lock a guess. */
    boolean isLate() {
        return late;
    }

    /**
     * The first of the queue, if it is to be woken without the baton. It stays there until it has been.
     *
     * @param woken who has been woken so; null if nobody has
     */
    @Nullable
    Waiter nextLate(@Nullable Waiter woken) {
        if (woken != null && woken.relayed) {
            leave(woken);
        }
        return late ? first : null;
    }

    /** Takes the first out of the queue that has not come. */
    private @Nullable Waiter poll() {
        Waiter next;
        do {
            next = first;
            if (next != null) {
                leave(next);
            }
        } while (next != null && next.arrived);
        return next;
    }

    /**
     * Whether whoever comes next at this end has been woken and has yet to be given a carrier; {@link RingChan} learns
     * whether it pays to spin for that. Looked at without the lock, and but a guess.
     */
    boolean isOnlyOnItsWay(RingChan.End end) {
        return holder != null && passed == end.passed;
    }

    /** Takes one out of the queue. It makes no call, so that it is done wholly or not at all. */
    private void leave(Waiter waiter) {
        Waiter before = (Waiter) waiter.prev;
        Waiter after = (Waiter) waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.prev = before;
        }
        waiter.prev = null;
        waiter.next = null;
        waiter.relayed = false;
    }
}
