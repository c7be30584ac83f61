package dev.runnel;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A channel under one lock: a ring of values, and behind it a queue of goroutines that wait to send and one of
 * goroutines that wait to receive. After Go's {@code runtime/chan.go}; it differs in that a goroutine that waits spins
 * first, and in that the transitions stand here once, for the plain operations and for select.
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ul>
 *   <li>{@code 0 <= count <= capacity}; the slots of the ring outside of {@code head … head + count - 1} are null.
 *   <li>If somebody waits to receive and could still be served, the ring is empty and, unless that is the same
 *       goroutine, nobody waits to send. While open: if somebody waits to send and could still be served, the ring is
 *       full.
 *   <li>{@code closed} goes from false to true once. After that nobody joins a queue, and {@link #close} is emptying
 *   them.
 * </ul>
 *
 * <p>A queue may hold nodes that can no longer be served: those of a select that another channel has served, or of a
 * goroutine that was interrupted, until their owners take them out. Whoever looks for a partner drops them in passing.
 *
 * <p><b>Linearization points.</b> An operation that completes at once: any instant of its critical section. One that
 * waits: the compare-and-set by which the partner completes it, in the partner's critical section. A try form that
 * fails: any instant of its critical section. Close: the write of {@code closed}.
 *
 * <p><b>Races.</b> Interruption and timeout against a partner are decided by {@link Waiter}'s state; the loser finds
 * the wait ended and goes on. Close against a parked operation likewise: close is one more partner. A close does not
 * hold the lock for as long as there are goroutines to be woken, but wakes them one by one; who comes meanwhile sees
 * {@code closed}, and who is served meanwhile by another channel it selects on was still waiting, so either order
 * explains it.
 *
 * <p><b>Errors.</b> A transition calls into its partner's waiter before it writes any field of its own, and that is the
 * deepest call it makes; a stack overflow there leaves the channel as it was.
 *
 * <p><b>Retention.</b> A slot is nulled when its value is taken. A node of a plain operation is garbage when it
 * returns.
 *
 * <p>All fields are guarded by the lock, {@code senders} and {@code receivers} with all their nodes included.
 *
 * @param <T> the type of the values
 */
final class LockedChan<T extends Object> extends WaitQueues implements Chan<T> {

    static final String NULL_SENT =
            "null cannot be sent: it is what a receive from a closed channel gives; send a value that stands for none";

    private static final AtomicLong IDS = new AtomicLong();

    /** Caught where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED = {Throwable.class, StackOverflowError.class};

    /** The place of this channel in the order in which a select takes its locks. */
    final long id = IDS.incrementAndGet();

    final @Nullable Object[] ring;

    /** How long to spin before parking; read and written without the lock by those who do. */
    private int spins = Waiter.INITIAL_SPINS;

    int head;
    int count;
    boolean closed;

    LockedChan(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException(
                    "negative capacity " + capacity + ": give 0 for an unbuffered channel, or the size of the buffer");
        }
        ring = new @Nullable Object[capacity];
    }

    // Transitions. The lock is held.

    /**
     * Sends a value if that needs no waiting: to the receiver that has waited longest, or into the ring. The channel
     * must be open.
     *
     * @return whether the value was sent
     */
    boolean offer(T value) {
        if (firstReceiver != null && giveToReceiver(value)) {
            return true;
        }
        int n = count;
        int capacity = ring.length;
        if (n == capacity) {
            return false;
        }
        int tail = head - (capacity - n);
        ring[tail < 0 ? tail + capacity : tail] = value;
        count = n + 1;
        return true;
    }

    /**
     * Takes the oldest value if there is one: from the ring, to whose end the value of the sender that has waited
     * longest then moves, or from that sender itself.
     *
     * @return the value, or null if there is none, which on a closed channel means that it is drained
     */
    @Nullable
    T poll() {
        @Nullable T offered = firstSender != null && !closed ? takeFromSender() : null;
        int n = count;
        if (n == 0) {
            return offered;
        }
        int h = head;
        @Nullable T value = cast(ring[h]);
        ring[h] = offered; // if somebody waited to send, the ring was full: its next free slot is the one freed here
        head = h + 1 < ring.length ? h + 1 : 0;
        if (offered == null) {
            count = n - 1;
        }
        return value;
    }

    /** Ends the wait of the first receiver that still waits, with a value or, to tell it of the close, with null. */
    private boolean giveToReceiver(@Nullable T value) {
        for (WaitNode node; (node = firstReceiver) != null;) {
            node.item = value;
            if (complete(node)) {
                return true;
            }
            node.item = null;
        }
        return false;
    }

    /** Ends the wait of the first sender that still waits, and takes its value. */
    private @Nullable T takeFromSender() {
        for (WaitNode node; (node = firstSender) != null;) {
            @Nullable T offered = cast(node.item);
            if (complete(node)) {
                return offered;
            }
        }
        return null;
    }

    /** Ends the wait of the first sender that still waits, to tell it of the close. */
    private boolean refuseSender() {
        for (WaitNode node; (node = firstSender) != null;) {
            node.item = null;
            if (complete(node)) {
                return true;
            }
        }
        return false;
    }

    /** Takes the first node out of its queue and ends its wait, unless that has ended already. */
    private boolean complete(WaitNode node) {
        dequeue(node);
        boolean settled = false;
        try {
            boolean completed = node.complete(this);
            settled = true;
            return completed;
        } finally {
            if (!settled) {
                putBack(node);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    // ------------------------------------------------------------------------------------------------------------
    // Operations.

    @Override
    public void send(T value) throws InterruptedException {
        Objects.requireNonNull(value, NULL_SENT);
        Waiter.checkInterrupt();
        Waiter waiter = offerOrQueue(value);
        if (waiter != null) {
            try {
                await(waiter);
            } catch (Throwable e) {
                try {
                    leave(waiter);
                } catch (StackOverflowError again) {
                    if (waiter.state < 0) {
                        waiter.state = Waiter.INTERRUPTED;
                    }
                }
                if (waiter.state < 0) {
                    throw e;
                }
            }
            if (waiter.item == null) {
                throw sendOnClosed();
            }
        }
    }

    /**
     * Sends a value, or queues a waiter with it.
     *
     * @return the waiter, or null if the value was sent
     */
    private @Nullable Waiter offerOrQueue(T value) {
        lock();
        try {
            if (!closed) {
                if (offer(value)) {
                    return null;
                }
                Waiter waiter = new Waiter(true, value);
                enqueue(waiter);
                return waiter;
            }
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        throw sendOnClosed();
    }

    @Override
    public boolean trySend(T value) {
        Objects.requireNonNull(value, NULL_SENT);
        lock();
        try {
            if (!closed) {
                return offer(value);
            }
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        throw sendOnClosed();
    }

    @Override
    public @Nullable T receive() throws InterruptedException {
        Waiter.checkInterrupt();
        Object taken = pollOrQueue();
        if (!(taken instanceof Waiter waiter)) {
            return cast(taken);
        }
        try {
            await(waiter);
        } catch (Throwable e) {
            try {
                leave(waiter);
            } catch (StackOverflowError again) {
                if (waiter.state < 0) {
                    waiter.state = Waiter.INTERRUPTED;
                }
            }
            if (waiter.state < 0) {
                throw e;
            }
        }
        return cast(waiter.item);
    }

    /**
     * Takes a value, or queues a waiter to be given one.
     *
     * @return the waiter; or the value, null if the channel is closed and drained
     */
    private @Nullable Object pollOrQueue() {
        lock();
        try {
            @Nullable T value = poll();
            if (value != null || closed) {
                return value;
            }
            Waiter waiter = new Waiter(false, null);
            enqueue(waiter);
            return waiter;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    @Override
    public @Nullable T tryReceive() {
        lock();
        try {
            return poll();
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /**
     * Waits until a partner has completed the wait. If this throws, be it for an interruption or an error, the waiter
     * has to leave its queue; after that its state tells whether a partner was first, and then what that one did
     * stands. If at the end of the stack it cannot leave, its state has to keep partners off: a write, because no call
     * can be made.
     */
    private void await(Waiter waiter) throws InterruptedException {
        boolean nobodyAhead = waiter.prev == null; // looked at without the lock: it is but a guess at how long it takes
        if (!nobodyAhead || !spin(waiter)) {
            waiter.await(this, Waiter.NO_DEADLINE);
        }
    }

    /** Spins for as long as has been worth it on this channel of late, and learns from the outcome. */
    private boolean spin(Waiter waiter) {
        int turns = spins;
        boolean ended = waiter.spin(turns);
        int next = Waiter.nextSpins(turns, ended);
        if (next != turns) {
            spins = next;
        }
        return ended;
    }

    @Override
    public void close() {
        boolean closedBefore;
        lock();
        try {
            closedBefore = closed;
            closed = true;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        if (closedBefore) {
            throw new ChanClosedException("close of closed channel: it is for one goroutine to close it, and once");
        }
        boolean released;
        do {
            released = releaseOne();
        } while (released);
    }

    /** Ends the wait of one goroutine at the closed channel, if there is one. */
    private boolean releaseOne() {
        lock();
        try {
            return giveToReceiver(null) || refuseSender();
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** What a send on a closed channel throws. */
    static ChanClosedException sendOnClosed() {
        return new ChanClosedException(
                "send on closed channel: close a channel after its last send, and leave that to its sender");
    }

    /** Takes a node out of its queue, if it still stands there. The lock is not held. */
    void leave(WaitNode node) {
        lock();
        try {
            dequeue(node);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** Polls for a case of a select. The lock is not held. */
    boolean poll(ChanCase<T, ?> c) {
        lock();
        try {
            return c.poll(this);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    @Override
    public boolean isDrained() {
        lock();
        try {
            return closed && count == 0;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    @Override
    public int size() {
        lock();
        try {
            return count;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    @Override
    public int capacity() {
        return ring.length;
    }

    @Override
    public Iterator<T> iterator() {
        return new ChanIterator<>(this);
    }

    @Override
    public Case<T> onReceive() {
        return ReceiveCase.of(this);
    }

    @Override
    public <V> Case<V> onReceive(Handler<? super @Nullable T> handler) {
        return ReceiveCase.handled(this, handler);
    }

    @Override
    public SendCase<T> onSend() {
        return new SendCase<>(this);
    }

    @Override
    public <V> Case<V> onSend(T value) {
        return SendCase.fixed(this, value, null);
    }

    @Override
    public <V> Case<V> onSend(T value, Action action) {
        return SendCase.fixed(this, value, Objects.requireNonNull(action, "the action is null"));
    }

    /** How many nodes stand in the queue of senders; for tests. */
    int sendersQueued() {
        lock();
        try {
            return count(firstSender);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** How many nodes stand in the queue of receivers; for tests. */
    int receiversQueued() {
        lock();
        try {
            return count(firstReceiver);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    @Override
    public String toString() {
        return "Chan[size=" + size() + ", capacity=" + capacity() + (closed ? ", closed]" : "]");
    }

    @SuppressWarnings("unchecked") // what is in the ring and in senders' nodes came in as T
    private @Nullable T cast(@Nullable Object item) {
        return (@Nullable T) item;
    }
}
