package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A buffered channel: a ring of values with a lock at each end, so that one goroutine can send while another receives.
 *
 * <p><b>Both locks together</b> are the lock of {@link LockedChan}, and all that is said there holds. Whoever queues,
 * is served by a partner, closes, or selects among several channels holds both.
 *
 * <p><b>One lock is enough</b> for a send that finds room, or a receive that finds a value, while nobody waits and the
 * channel is open. Whether that is so each end knows from a flag of its own, {@code crowded}, which changes only while
 * both locks are held. Since who holds one lock keeps out all others at that end, and all who hold both, it runs beside
 * one goroutine at the most, at the other end; and the two meet in a slot only, which is null or not: a ring for a
 * single producer and a single consumer, after J. Giacomoni, T. Moseley and M. Vachharajani, "FastForward for efficient
 * pipeline parallelism", 2008. A full fence is not needed, as it would be if a waiter could arrive in between: one has
 * to take both locks to become one.
 *
 * <p><b>Invariants</b>, whenever one lock is held, for its end:
 *
 * <ul>
 *   <li>The sender's index is that of the slot which takes the next value; while that is not null, the ring is full.
 *       The receiver's index is that of the slot which has the oldest value; while that is null, the ring is empty.
 *   <li>While {@code crowded} is false the channel is open, both queues are empty, and no {@link Watch} is to be told
 *       of what happens. It may be true for no reason.
 * </ul>
 *
 * <p><b>Linearization points</b> under one lock: a send, the write of its slot; a receive, the write of null into it;
 * one that fails, its last read of the slot. A send or receive that has to wait looks at its slot for a while without any
 * lock, and is not waiting in the sense of the queues before it stands in one: whoever queues up meanwhile is served
 * first.
 *
 * <p><b>Memory.</b> Values and room travel from end to end by the slots: a value is written with release and read with
 * acquire, and so is the null. That is also what orders the k-th receive before the (k + capacity)-th send.
 *
 * <p><b>To fail is to be certain.</b> Both writes of an operation, to its slot and to its lock, are release stores, which
 * others may see late: when its goroutine has gone on, has looked at a flag or another channel, and has not found what
 * somebody does there who then tries this one. So whoever finds no value or no room, and is not to wait, looks at the
 * lock of the other end, and at the slot once more. If that lock is free no operation is missed that was over: each has
 * begun with a compare-and-set on it, which is seen by who looks after it, so what is seen is that lock taken, or given
 * back together with the slot. If it is taken, both locks decide.
 *
 * <p><b>Waking.</b> Those whose waits were completed at an end wake each other, see {@link Relay}.
 *
 * <p><b>Layout.</b> This object is only read while nobody waits. What an operation at an end writes lies in its own
 * {@link End}, behind which nothing else follows on its cache line. What is learnt there, in objects that lie before it,
 * is written only by who has to wait. Who waits at one end reads nothing of the other, but its {@link Relay} and, if
 * somebody is on its way there, how many values have passed.
 *
 * <p>Long as it is, it is one class, because what one lock is enough for can be seen only beside what takes both; and as
 * in {@link LockedChan} each critical section is written out.
 *
 * @param <T> the type of the values
 */
final class RingChan<T extends Object> extends LockedChan<T> {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    /** Caught where there may be no room to load it. */
    private static final Class<?> ENSURE_LOADED = StackOverflowError.class;

    /** What belongs to one end of the ring: its lock, and what that guards. */
    abstract static sealed class EndState extends SpinLock permits End {

        /** The slot that is next at this end. */
        int index = FIRST;

        /** How many values have passed this end. */
        int passed;

        /** How many had when somebody last had to wait at it. */
        int passedBefore;

        /** Whether one lock may not be enough. Written under both. */
        boolean crowded;

        /** Wakes who has waited at this end. */
        final Relay relay;

        /** How long to spin before queueing up. It begins by spinning, whatever others do: a hit may bring a batch. */
        final Patience patience;

        /** How long to let the other end alone before that. */
        final LookAway lookAway;

        /** Whether to spin for somebody who was woken and has not come. */
        final Backoff forWoken;

        EndState(Relay relay, Patience patience, LookAway lookAway, Backoff forWoken) {
            this.relay = relay;
            this.patience = patience;
            this.lookAway = lookAway;
            this.forWoken = forWoken;
        }
    }

    /**
     * One end of the ring. The fields that nobody uses keep what comes behind in memory on another cache line; they are a
     * class of their own, for within one a Java machine puts fields of this size first.
     */
    static final class End extends EndState {

        long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16;

        private End(Relay relay, Patience patience, LookAway lookAway, Backoff forWoken) {
            super(relay, patience, lookAway, forWoken);
        }

        /**
         * An end of a buffer with this capacity. What it learns with is made before it, and so lies before it in memory,
         * not between its padding and the other end; first the relay, which the other end reads.
         */
        static End make(int capacity) {
            Relay relay = new Relay();
            Patience patience = new Patience(false);
            LookAway lookAway = new LookAway(capacity);
            return new End(relay, patience, lookAway, new Backoff());
        }
    }

    /** For how long to spin for somebody who was woken: a goroutine that a free carrier takes comes sooner. */
    private static final int WAKE_NANOS = 800;

    /**
     * The first slot that is used. As many that nobody uses come before it, and behind the last one: they keep the length
     * of the array, and what follows it in memory, on other cache lines.
     */
    static final int FIRST = 16;

    /** The largest capacity that can be asked for. */
    static final int MOST = Integer.MAX_VALUE - 2 * FIRST;

    final End senders;
    final End receivers;
    final @Nullable Object[] ring;

    /** The relays of the ends, for who waits at one and asks about the other: to read that would hold it up. */
    private final Relay senderRelay;
    private final Relay receiverRelay;

    /** In memory they come first, and keep what is above, which is only read, off the line that waiting writes to. */
    long p1, p2, p3, p4, p5, p6, p7;

    private RingChan(End senders, End receivers, int capacity) {
        super(senders, receivers);
        this.senders = senders;
        this.receivers = receivers;
        this.ring = new @Nullable Object[FIRST + capacity + FIRST];
        this.senderRelay = senders.relay;
        this.receiverRelay = receivers.relay;
    }

    /** A channel with a buffer. */
    static <T extends Object> RingChan<T> make(int capacity) {
        int checked = checkCapacity(capacity);
        return new RingChan<>(End.make(checked), End.make(checked), checked);
    }

    /** Returns a capacity that is possible. */
    static int checkCapacity(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException(
                    "negative capacity " + capacity + ": give 0 for an unbuffered channel, or the size of the buffer");
        }
        if (capacity > MOST) {
            throw new IllegalArgumentException("capacity " + capacity + " is too large: at most " + MOST);
        }
        return capacity;
    }

    private int next(int index) {
        return index + 1 < ring.length - FIRST ? index + 1 : FIRST;
    }

    // Under one lock.

    @Override
    @Nullable
    Object offer(T value) {
        return offer(value, true);
    }

    @Override
    @Nullable
    Object poll() {
        return poll(true);
    }

    /**
     * Sends a value if that needs no waiting.
     *
     * @param certain whether null has to mean that there was an instant since the call at which there was no room; else
     *     it is but a guess
     */
    private @Nullable Object offer(T value, boolean certain) {
        End end = senders;
        end.lock();
        try {
            if (!end.crowded) {
                int at = end.index;
                int next = next(at); // a call: not between the writes, where it could overflow the stack
                if ((Object) SLOT.getAcquire(ring, at) == null) {
                    SLOT.setRelease(ring, at, value);
                    end.index = next;
                    end.passed++;
                    return TAKEN;
                }
                if (!certain || receivers.locked == 0 && (Object) SLOT.getAcquire(ring, at) != null) {
                    return null;
                }
            }
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
        return super.offer(value);
    }

    /**
     * Takes a value if that needs no waiting.
     *
     * @param certain whether null has to mean that there was an instant since the call at which there was no value; else
     *     it is but a guess
     */
    @SuppressWarnings("nullness:argument") // a VarHandle takes what its slot takes
    private @Nullable Object poll(boolean certain) {
        End end = receivers;
        end.lock();
        try {
            if (!end.crowded) {
                int at = end.index;
                int next = next(at);
                Object value = SLOT.getAcquire(ring, at);
                if (value != null) {
                    SLOT.setRelease(ring, at, null);
                    end.index = next;
                    end.passed++;
                    return value;
                }
                if (!certain || senders.locked == 0 && (Object) SLOT.getAcquire(ring, at) == null) {
                    return null;
                }
            }
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
        return super.poll();
    }

    @Override
    int offerSome(Object[] values, int from) {
        End end = senders;
        int most = Math.min(values.length - from, Batches.BATCH);
        int n = 0;
        end.lock();
        try {
            while (n < most && !end.crowded) {
                int at = end.index;
                int next = next(at);
                if ((Object) SLOT.getAcquire(ring, at) != null) {
                    break;
                }
                SLOT.setRelease(ring, at, values[from + n]);
                end.index = next;
                n++;
            }
            end.passed += n;
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
        return n;
    }

    @Override
    @SuppressWarnings("nullness:argument") // a VarHandle takes what its slot takes
    int pollSome(@Nullable Object[] into, int most) {
        End end = receivers;
        end.lock();
        try {
            if (!end.crowded) {
                int n = 0;
                boolean more = true;
                while (n < most && more) {
                    int at = end.index;
                    int next = next(at);
                    Object value = SLOT.getAcquire(ring, at);
                    more = value != null;
                    if (more) {
                        SLOT.setRelease(ring, at, null);
                        end.index = next;
                        into[n++] = value;
                    }
                }
                end.passed += n;
                boolean empty = !more && senders.locked == 0 && (Object) SLOT.getAcquire(ring, end.index) == null;
                into[n] = empty ? null : WAITING;
                if (empty || n > 0) {
                    return n;
                }
            }
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
        return super.pollSome(into, most);
    }

    // Under both locks, or none.

    @Override
    @Nullable
    SpinLock lockAllUnlessStalled() {
        if (!senders.lockUnlessStalled()) {
            return senders;
        }
        boolean both = false;
        try {
            both = receivers.lockUnlessStalled();
        } finally {
            if (!both) {
                senders.locked = 0;
            }
        }
        if (!both) {
            return receivers;
        }
        senders.crowded = true; // and stays so if an error keeps releaseAll from looking
        receivers.crowded = true;
        return null;
    }

    @Override
    void releaseAll() {
        boolean crowded = closed || firstSender != null || firstReceiver != null || hasArmedWatch();
        senders.crowded = crowded;
        receivers.crowded = crowded;
        receivers.unlock();
        try {
            senders.unlock();
        } catch (StackOverflowError e) {
            senders.locked = 0;
        }
    }

    @Override
    Object offerOrWait(T value) {
        Object outcome = offer(value, false);
        if (outcome == null && spin(senders)) {
            outcome = offer(value, false);
        }
        return outcome != null ? outcome : super.offerOrWait(value);
    }

    @Override
    Object pollOrWait() {
        Object outcome = poll(false);
        if (outcome == null && spin(receivers)) {
            outcome = poll(false);
        }
        return outcome != null ? outcome : super.pollOrWait();
    }

    /**
     * Spins for as long as that has paid at this end of late, having looked away before that for as long as has paid. A
     * partner that was woken and has not run yet is spun for only if such spins have succeeded of late.
     */
    private boolean spin(End end) {
        int passed = end.passed;
        int batch = passed - end.passedBefore;
        end.passedBefore = passed;
        boolean sends = end == senders;
        boolean ready = false;
        if (sends ? receiverRelay.isOnlyOnItsWay(receivers) : senderRelay.isOnlyOnItsWay(senders)) {
            if (Patience.mayPay() && end.forWoken.isDue()) {
                ready = Waiter.spinAtRing(this, sends, 0, WAKE_NANOS);
                end.forWoken.learn(ready && !end.crowded); // that others have come to wait is no success
            }
        } else {
            int nanos = end.patience.nanos();
            if (nanos > 0) {
                int away = end.lookAway.nanos(batch);
                ready = Waiter.spinAtRing(this, sends, away, nanos);
                end.patience.learn(nanos, ready);
            }
        }
        return ready;
    }

    @Override
    boolean mayBeReady(boolean toSend) {
        End end = toSend ? senders : receivers;
        return (Object) SLOT.getAcquire(ring, end.index) == null == toSend || end.crowded;
    }

    @Override
    @Nullable
    Thread toWake(Waiter completed, Thread parked) {
        if (!parked.isVirtual() || !Thread.currentThread().isVirtual()) {
            return parked;
        }
        End end = completed.sends ? senders : receivers;
        Waiter next = end.relay.join(completed, end);
        return next == null ? null : next.thread;
    }

    @Override
    void arrive(Waiter waiter) {
        End end = waiter.sends ? senders : receivers;
        Relay relay = end.relay;
        try {
            Waiter next = passOn(end, waiter, relay.now());
            if (next != null) {
                Starvation.unpark(next.thread);
                if (relay.isLate()) {
                    wakeAll(end);
                }
            }
        } catch (StackOverflowError | OutOfMemoryError e) {
            waiter.arrived = true;
            relay.dropped = true;
        }
    }

    private @Nullable Waiter passOn(End end, Waiter arrived, long now) {
        end.lock();
        try {
            return end.relay.arrive(arrived, end, now);
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
    }

    private void wakeAll(End end) {
        for (Waiter next = nextLate(end, null); next != null; next = nextLate(end, next)) {
            Starvation.unpark(next.thread);
        }
    }

    private @Nullable Waiter nextLate(End end, @Nullable Waiter woken) {
        end.lock();
        try {
            return end.relay.nextLate(woken);
        } finally {
            try {
                end.unlock();
            } catch (StackOverflowError e) {
                end.locked = 0;
            }
        }
    }

    @Override
    @Nullable
    Object store(T value) {
        int at = senders.index;
        int next = next(at);
        if (ring[at] != null) {
            return null;
        }
        ring[at] = value;
        senders.index = next;
        senders.passed++;
        return TAKEN;
    }

    @Override
    @Nullable
    Object exchange(@Nullable Object last) {
        int at = receivers.index;
        int next = next(at);
        Object value = ring[at];
        if (value != null) {
            ring[at] = last; // if there is a last one, the ring was full: the slot that is freed is its next
            receivers.index = next;
            receivers.passed++;
            if (last != null) {
                senders.index = next;
            }
        }
        return value;
    }

    @Override
    int buffered() {
        int capacity = capacity();
        int n = senders.index - receivers.index;
        if (n == 0) {
            return ring[receivers.index] == null ? 0 : capacity;
        }
        return n < 0 ? n + capacity : n;
    }

    @Override
    public int capacity() {
        return ring.length - 2 * FIRST;
    }
}
