package dev.runnel;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A channel under one lock: a ring of values, and behind it a queue of goroutines that wait to send and one of goroutines
 * that wait to receive. After Go's {@code runtime/chan.go}; it differs in that a goroutine that waits spins first, and in
 * that the transitions stand here once, for the plain operations and for select.
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ul>
 *   <li>{@code 0 <= count <= capacity}; the slots of the ring outside of {@code head … head + count - 1} are null.
 *   <li>If somebody waits to receive and could still be served, the ring is empty and, unless that is the same goroutine,
 *       nobody waits to send. While open: if somebody waits to send and could still be served, the ring is full.
 *   <li>{@code closed} goes from false to true once. After that nobody joins a queue, and {@link #close} is emptying them.
 * </ul>
 *
 * <p>A queue may hold nodes that can no longer be served: those of a select that another channel has served, or of a
 * goroutine that was interrupted, until their owners take them out. Whoever looks for a partner drops them in passing.
 *
 * <p><b>Linearization points.</b> An operation that completes at once: any instant of its critical section. One that
 * waits: the compare-and-set by which the partner completes it, in the partner's critical section. A try form that
 * fails: any instant of its critical section. Close: the write of {@code closed}.
 *
 * <p><b>Races.</b> Interruption and timeout against a partner are decided by {@link Waiter}'s state; the loser finds the
 * wait ended and goes on. Close against a parked operation likewise: close is one more partner. A close does not hold the
 * lock for as long as there are goroutines to be woken, but wakes them one by one; who comes meanwhile sees {@code
 * closed}, and who is served meanwhile by another channel it selects on was still waiting, so either order explains it.
 *
 * <p><b>Errors.</b> A transition calls into its partner's waiter before it writes any field of its own, and that is the
 * deepest call it makes; a stack overflow there leaves the channel as it was.
 *
 * <p><b>Retention.</b> A slot is nulled when its value is taken. A node of a plain operation is garbage when it returns.
 *
 * <p>All fields are guarded by the lock, {@code senders} and {@code receivers} with all their nodes included.
 *
 * @param <T> the type of the values
 */
final class LockedChan<T extends Object> extends WaitQueues implements Chan<T> {

    static final String NULL_SENT =
            "null cannot be sent: it is what a receive from a closed channel gives; send a value that stands for none";

    private static final AtomicLong IDS = new AtomicLong();

    /** The place of this channel in the order in which a select takes its locks. */
    final long id = IDS.incrementAndGet();

    private final @Nullable Object[] ring;

    /** How long to spin before parking; read and written without the lock by those who do. */
    private int spins = Waiter.INITIAL_SPINS;

    private int head;
    private int count;
    private boolean closed;

    LockedChan(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException(
                    "negative capacity " + capacity + ": give 0 for an unbuffered channel, or the size of the buffer");
        }
        ring = new @Nullable Object[capacity];
    }

    // Transitions. The lock is held.

    /**
     * Sends a value if that needs no waiting: to the receiver that has waited longest, or into the ring. The channel must
     * be open.
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
        int tail = head + n;
        ring[tail < capacity ? tail : tail - capacity] = value;
        count = n + 1;
        return true;
    }

    /**
     * Takes the oldest value if there is one: from the ring, to whose end the value of the sender that has waited longest
     * then moves, or from that sender itself.
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
        try {
            return node.complete(this);
        } catch (Throwable e) {
            putBack(node);
            throw e;
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes a node out of its queue, if it still stands there. The lock is not held. */
    void leave(WaitNode node) {
        lock();
        try {
            dequeue(node);
        } finally {
            unlock();
        }
    }

    // ------------------------------------------------------------------------------------------------------------
    // Operations.

    @Override
    public void send(T value) throws InterruptedException {
        Objects.requireNonNull(value, NULL_SENT);
        Waiter.checkInterrupt();
        Waiter waiter = null;
        boolean first = false;
        lock();
        try {
            if (!closed) {
                if (offer(value)) {
                    return;
                }
                waiter = new Waiter(true, value);
                first = enqueue(waiter);
            }
        } finally {
            unlock();
        }
        if (waiter != null) {
            await(waiter, first);
        }
        if (waiter == null || waiter.item == null) {
            throw sendOnClosed();
        }
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
            unlock();
        }
        throw sendOnClosed();
    }

    @Override
    public @Nullable T receive() throws InterruptedException {
        Waiter.checkInterrupt();
        Waiter waiter;
        boolean first;
        lock();
        try {
            @Nullable T value = poll();
            if (value != null || closed) {
                return value;
            }
            waiter = new Waiter(false, null);
            first = enqueue(waiter);
        } finally {
            unlock();
        }
        await(waiter, first);
        return cast(waiter.item);
    }

    @Override
    public @Nullable T tryReceive() {
        lock();
        try {
            return poll();
        } finally {
            unlock();
        }
    }

    /**
     * Waits until a partner has completed the wait.
     *
     * @throws InterruptedException if the thread was interrupted first; the waiter is in no queue then
     */
    private void await(Waiter waiter, boolean first) throws InterruptedException {
        try {
            if (first && spin(waiter)) {
                return;
            }
            waiter.await(this, Waiter.NO_DEADLINE);
        } catch (Throwable e) {
            leave(waiter);
            if (!waiter.isCompleted()) {
                throw e;
            }
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
            unlock();
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
            unlock();
        }
    }

    /** What a send on a closed channel throws. */
    static ChanClosedException sendOnClosed() {
        return new ChanClosedException(
                "send on closed channel: close a channel after its last send, and leave that to its sender");
    }

    @Override
    public boolean isDrained() {
        lock();
        try {
            return closed && count == 0;
        } finally {
            unlock();
        }
    }

    @Override
    public int size() {
        lock();
        try {
            return count;
        } finally {
            unlock();
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
            unlock();
        }
    }

    /** How many nodes stand in the queue of receivers; for tests. */
    int receiversQueued() {
        lock();
        try {
            return count(firstReceiver);
        } finally {
            unlock();
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
