package dev.runnel;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A channel under a lock: what {@link UnbufferedChan}, {@link SlotChan}, {@link RingChan}, {@link PolicyChan} and
 * {@link TimerChan} have in common. After Go's {@code runtime/chan.go}; it differs in that a goroutine that waits spins
 * first, and in that the transitions stand here once, for the plain operations and for select.
 *
 * <p>That makes a long class, and so does the form of a critical section: how the lock is given back at the end of the
 * stack has to be written out in each, since a method for it would be one more call (see {@link SpinLock}).
 *
 * <p><b>Invariants</b>, whenever the lock is free. A goroutine waits if it sits in a seat or stands in a queue and
 * could still be served; see {@link WaitQueues}.
 *
 * <ul>
 *   <li>If somebody waits to receive, the buffer is empty and, unless that is the same goroutine, nobody waits to send.
 *       While open: if somebody waits to send, the buffer is full.
 *   <li>{@code closed} goes from false to true once. After that nobody begins to wait, and {@link #close} is emptying
 *       the seats and queues.
 *   <li>{@code cause} is written in the same critical section as {@code closed}, before it, and never again. Whoever has
 *       come to {@code CLOSED}, in a critical section of its own, by what a close has left in its seat or node, or by
 *       {@code closed} itself, may read it without the lock.
 * </ul>
 *
 * <p>A queue may hold nodes that can no longer be served: those of a select that another channel has served, or of a
 * goroutine that was interrupted, until their owners take them out. Whoever looks for a partner drops them in passing.
 *
 * <p><b>Linearization points.</b> An operation that completes at once: any instant of its critical section. One that
 * waits: the write to its seat or the compare-and-set on its waiter by which the partner completes it, in the partner's
 * critical section. A try form that fails: any instant of its critical section; see also {@link UnbufferedChan} and
 * {@link SlotChan}. Close: the write of {@code closed}.
 *
 * <p><b>Races.</b> Interruption and timeout against a partner are decided by {@link Waiter}'s state; the loser finds
 * the wait ended and goes on. Who sits in a seat is not interrupted: it spins for some microseconds at the most, and
 * looks then. Close against an operation that waits likewise: close is one more partner. A close does not hold the lock
 * for as long as there are goroutines to be woken, but wakes them one by one; who comes meanwhile sees {@code closed},
 * and who is served meanwhile by another channel it selects on was still waiting. A select may choose either of two that
 * are ready; {@code selectFirst} and the forms with a context say that a close which has not returned may be late.
 *
 * <p><b>Errors.</b> A transition calls into its partner's waiter before it writes any field of its own, and that is the
 * deepest call it makes; a stack overflow there leaves the channel as it was.
 *
 * <p><b>Retention.</b> A slot or seat is nulled when its value is taken. A node of a plain operation is garbage when it
 * returns. The cause of a close stays for as long as the channel does.
 *
 * <p>All fields are guarded by the lock; {@code cause} does not change once {@code closed} is true.
 *
 * @param <T> the type of the values
 */
abstract sealed class LockedChan<T extends Object> extends WaitQueues implements Chan<T>
        permits UnbufferedChan, SlotChan, RingChan, PolicyChan, TimerChan {

    static final String NULL_SENT =
            "null cannot be sent: it is what a receive from a closed channel gives; send a value that stands for none";

    static final String NULL_CAUSE = "the cause is null: to close a channel without one, call close()";

    private static final AtomicLong IDS = new AtomicLong();

    /** Caught where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED = {Throwable.class, StackOverflowError.class};

    /** The place of this channel in the order in which a select takes its locks. */
    final long id = IDS.incrementAndGet();

    /** What the channel was closed with; null if it is open, or was closed without a cause. */
    private @Nullable Throwable cause;

    /** A channel under one lock, whose goroutines spin while they wait, or do not. */
    LockedChan(@Nullable Patience patience) {
        super(patience);
    }

    /** A channel whose ends have a lock each, both of which together are the lock. */
    LockedChan(SpinLock senderLock, SpinLock receiverLock) {
        super(senderLock, receiverLock);
    }

    // Transitions. The lock is held.

    /**
     * Sends a value if that needs no waiting: to the receiver that has waited longest, or into the buffer.
     *
     * @return {@code TAKEN}; {@code CLOSED}; the value that was dropped for it, or that was dropped itself, if the send
     *     has happened in this way; or null if it would have to wait
     */
    final @Nullable Object offerLocked(T value) {
        if (closed) {
            return CLOSED;
        }
        return hasReceiver() && giveToReceiver(value) ? TAKEN : store(value);
    }

    /**
     * Takes the oldest value if there is one: from the buffer, to whose end the value of the sender that has waited
     * longest then moves, or from that sender itself.
     *
     * @return the value; {@code CLOSED} if the channel is closed and drained; or null if it would have to wait
     */
    final @Nullable Object pollLocked() {
        Object taken = exchange(hasSender() && !closed ? takeFromSender() : null);
        return taken == null && closed ? CLOSED : taken;
    }

    /**
     * Adds a value to the buffer if that has room, or drops one if that is its policy.
     *
     * @return {@code TAKEN}; the dropped value; or null if there is no room
     */
    @Nullable
    Object store(T value) {
        return null;
    }

    /**
     * Takes the oldest value, and adds one to the end of the buffer.
     *
     * @param last the value to add; or null if there is none
     * @return the value, which is the given one if there is no buffer; or null if there is none
     */
    @Nullable
    Object exchange(@Nullable Object last) {
        return last;
    }

    /** Ends the wait of the first receiver that still waits, with a value or, to tell it of the close, with null. */
    private boolean giveToReceiver(@Nullable T value) {
        if (serveSeatedReceiver(value == null ? CLOSED : value)) {
            return true;
        }
        for (WaitNode node; (node = firstReceiver) != null;) {
            node.item = value;
            if (completeFirst(node)) {
                return true;
            }
            node.item = null;
        }
        return false;
    }

    /** Ends the wait of the first sender that still waits, and takes its value. */
    private @Nullable Object takeFromSender() {
        Object seated = serveSeatedSender(TAKEN);
        if (seated != null) {
            return seated;
        }
        for (WaitNode node; (node = firstSender) != null;) {
            Object offered = node.item;
            if (completeFirst(node)) {
                return offered;
            }
        }
        return null;
    }

    /** Ends the wait of the first sender that still waits, to tell it of the close. */
    private boolean refuseSender() {
        if (serveSeatedSender(CLOSED) != null) {
            return true;
        }
        for (WaitNode node; (node = firstSender) != null;) {
            node.item = null;
            if (completeFirst(node)) {
                return true;
            }
        }
        return false;
    }

    // Watches. The lock is not held, but for the first.

    @Override
    final @Nullable Watch nextToTell(Watches all) {
        for (Watch watch = all.firstToReceive(); watch != null; watch = watch.next) {
            if (closed || hasValue() || isSenderSeated() || hasSenderFor(watch.set)) {
                return watch;
            }
        }
        boolean look =
                all.hasNews() || closed || isReceiverSeated() || firstReceiver != null || buffered() < capacity();
        return look ? all.firstToSend() : null;
    }

    /** Whether there is a value to be received, without a sender. */
    boolean hasValue() {
        return buffered() > 0;
    }

    /** Does what is needed for a goroutine or a watch to wait. Whatever can fail of that fails here. */
    void prepareToWait() {}

    private boolean hasSenderFor(CaseSetTurns set) {
        WaitNode node = firstSender;
        while (node != null && set.owns(node)) {
            node = node.next;
        }
        return node != null;
    }

    /**
     * Polls for a case in a set; if that is in vain, arms its watch.
     *
     * @param fresh what to keep the watch in if it is the channel's first one; null if it has been kept there before
     * @return whether the case has happened
     */
    final boolean pollOrArm(ChanCase<T, ?> c, Watch watch, @Nullable Watches fresh) {
        lockAll();
        try {
            boolean happened = c.pollLocked();
            if (!happened) {
                Watches all = watches == null ? fresh : watches;
                if (all != null) {
                    prepareToWait();
                    watches = all;
                    all.arm(watch, capacity() == 0);
                }
            }
            return happened;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** Takes a watch out, armed or not. */
    final void forget(Watch watch) {
        lockAll();
        try {
            Watches all = watches;
            if (all != null) {
                all.disarm(watch);
                if (all.leave(watch)) {
                    watches = null;
                }
            }
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** Queues the node of a watch, if that is still armed. */
    final void enqueueIfArmed(Watch watch, WaitNode node) {
        lockAll();
        try {
            if (watch.armed) {
                enqueue(node);
            }
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    // Operations. The lock is not held.

    /** Sends a value if that needs no waiting; as {@link #offerLocked}. */
    @Nullable
    Object offer(T value) {
        lockAll();
        try {
            return offerLocked(value);
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** Takes a value if that needs no waiting; as {@link #pollLocked}. */
    @Nullable
    Object poll() {
        lockAll();
        try {
            return pollLocked();
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /**
     * Sends a value, or takes a place to wait with it.
     *
     * @return {@code TAKEN}, {@code CLOSED} or a dropped value; {@code WAITING} if the place is the seat; or the waiter
     *     that was queued
     */
    Object offerOrWait(T value) {
        lockAll();
        try {
            Object outcome = offerLocked(value);
            if (outcome != null) {
                return outcome;
            }
            if (maySpin() && sitToSend(value)) {
                return WAITING;
            }
            Waiter waiter = new Waiter(true, value, maySpinInQueue(true));
            enqueue(waiter);
            return waiter;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /**
     * Takes a value, or a place to wait for one.
     *
     * @return the value or {@code CLOSED}; {@code WAITING} if the place is the seat; or the waiter that was queued
     */
    Object pollOrWait() {
        lockAll();
        try {
            Object outcome = pollLocked();
            if (outcome != null) {
                return outcome;
            }
            if (maySpin() && sitToReceive()) {
                return WAITING;
            }
            Waiter waiter = new Waiter(false, null, maySpinInQueue(false));
            enqueue(waiter);
            return waiter;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    @Override
    public final void send(T value) throws InterruptedException {
        Objects.requireNonNull(value, NULL_SENT);
        Waiter.checkInterrupt();
        Object outcome = transfer(true, value);
        if (outcome != TAKEN) {
            finishSend(outcome);
        }
    }

    /**
     * Sends a value or receives one, or takes the seat, to offer the value or for one to be given.
     *
     * @return as for {@link #offerOrWait} or {@link #pollOrWait}; null if it may not sit, for others are ahead
     */
    @SuppressWarnings("unchecked") // who sends comes with a T
    private @Nullable Object attemptOrSit(boolean sends, Object value) {
        lockAll();
        try {
            Object outcome = sends ? offerLocked((T) value) : pollLocked();
            if (outcome != null) {
                return outcome;
            }
            return (sends ? sitToSend(value) : sitToReceive()) ? WAITING : null;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /**
     * Sends or receives for a select, sitting in the seat for some nanoseconds if need be, or until another of its cases
     * may be possible. Errors are dealt with as by {@link #transfer}; in this frame, which has taken the seat, and so that
     * is written out once more.
     *
     * @param value as for {@link #transfer}
     * @param node is queued at the head if it was in vain; unless others were ahead
     * @return as for {@link #transfer}; null if it was in vain
     */
    final @Nullable Object transferInSeat(
            boolean sends, Object value, Selection select, int nanos, WaitNode node) {
        Object outcome = attemptOrSit(sends, value);
        if (outcome != WAITING) {
            return outcome;
        }
        try {
            outcome = Waiter.spinInSeat(this, sends, value, nanos, select)
                    ? collectFromSeat(sends)
                    : standUp(sends, value, node);
        } catch (Throwable e) {
            try {
                outcome = standUp(sends, value, null);
            } catch (StackOverflowError again) {
                if (sends) {
                    outcome = senderSeat;
                    senderSeat = null;
                } else {
                    outcome = receiverSeat;
                    receiverSeat = null;
                }
            }
            if (outcome == value) {
                throw e;
            }
        }
        return outcome == value ? null : outcome;
    }

    /** Whether a send or receive that was not possible may be so now; looked at without the lock, and but a guess. */
    boolean mayBeReady(boolean toSend) {
        return closed || seemsAwaited(!toSend) || (toSend ? buffered() < capacity() : buffered() > 0);
    }

    /**
     * Sends or receives, waiting if need be. An interruption or an error counts as giving up, unless a partner was
     * first; then what that one did stands.
     *
     * <p>Whoever has taken a place to wait gives it back here, in the frame that it was taken in: should the stack end
     * at the very call that is to wait, partners know of the place already. At the end of the stack, where not even the
     * lock can be taken, that is done by writes, which are no calls: a seat is freed, and a waiter that cannot leave its
     * queue gets a state that keeps partners off.
     *
     * @param sends whether it sends, or receives
     * @param value the value to send, or {@code WAITING}, which is what a receiver places in its seat
     * @return for a send {@code TAKEN}, {@code CLOSED} or a dropped value; for a receive the value or {@code CLOSED}
     */
    @SuppressWarnings("unchecked") // who sends comes with a T
    final @Nullable Object transfer(boolean sends, Object value) throws InterruptedException {
        Object outcome = sends ? offerOrWait((T) value) : pollOrWait();
        boolean seated = outcome == WAITING;
        if (seated) {
            try {
                outcome = waitInSeat(sends, value);
            } catch (Throwable e) {
                try {
                    outcome = standUp(sends, value, null);
                } catch (StackOverflowError again) {
                    if (sends) {
                        outcome = senderSeat;
                        senderSeat = null;
                    } else {
                        outcome = receiverSeat;
                        receiverSeat = null;
                    }
                }
                if (outcome == value) {
                    throw e;
                }
            }
        }
        if (!(outcome instanceof Waiter waiter)) {
            return outcome;
        }
        try {
            waitInQueue(waiter, seated);
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
        try {
            arrive(waiter);
        } catch (StackOverflowError e) {
            waiter.arrived = true;
        }
        Object item = waiter.item;
        return item == null ? CLOSED : sends ? TAKEN : item;
    }

    @Override
    public final void sendAll(Collection<? extends T> values) throws InterruptedException {
        Batches.sendAll(this, values);
    }

    /**
     * Sends some of several values, if it can be done better than one by one and without waiting.
     *
     * @return how many, which may be none though there is room
     */
    int offerSome(Object[] values, int from) {
        return 0;
    }

    @Override
    public final boolean trySend(T value) {
        Object outcome = offer(Objects.requireNonNull(value, NULL_SENT));
        if (outcome != TAKEN) {
            if (outcome == null) {
                return false;
            }
            finishSend(outcome);
        }
        return true;
    }

    /** Does what remains to be done when a send has come to another end than {@code TAKEN}. */
    final void finishSend(@Nullable Object outcome) {
        if (outcome == CLOSED) {
            throw sendOnClosed();
        }
        if (outcome != null) {
            dropped(outcome);
        }
    }

    /** Hands a dropped value to whom it may concern; user code. */
    void dropped(Object value) {}

    @Override
    public final @Nullable T receive() throws InterruptedException {
        Waiter.checkInterrupt();
        return received(transfer(false, WAITING));
    }

    @Override
    public final @Nullable T tryReceive() {
        return received(poll());
    }

    /** What a receive returns that has come to an outcome; it throws if the channel was closed with a cause. */
    private @Nullable T received(@Nullable Object outcome) {
        if (outcome == CLOSED) {
            checkCause();
        }
        return valueOf(outcome);
    }

    @Override
    public final List<T> drain(int max) {
        return Batches.drain(this, max);
    }

    /**
     * Takes values that need no waiting, in one critical section, up to the first by which a parked goroutine is to be
     * woken.
     *
     * @param into takes the values, and behind them why there are no more: {@code CLOSED}; null if there were none; or
     *     {@code WAITING} if there may be some
     * @param most how many values at the most; not more than {@link Batches#BATCH}
     * @return how many
     */
    int pollSome(@Nullable Object[] into, int most) {
        int n = 0;
        lockAll();
        try {
            Object end = WAITING;
            while (end == WAITING && n < most && !owesWakeUp()) {
                Object outcome;
                try {
                    outcome = pollLocked();
                } catch (StackOverflowError e) {
                    if (n == 0) {
                        throw e;
                    }
                    break; // with what there is: to serve a queue goes deeper than to serve the seat before it
                }
                if (outcome == null || outcome == CLOSED) {
                    end = outcome;
                } else {
                    into[n++] = outcome;
                }
            }
            into[n] = end;
            return n;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** The value that an operation has come to; null if it has come to none. */
    @SuppressWarnings("unchecked") // what is in buffers, seats and nodes came in as T
    static <T> @Nullable T valueOf(@Nullable Object outcome) {
        return outcome == CLOSED ? null : (@Nullable T) outcome;
    }

    @Override
    public void close() {
        closeWith(null);
    }

    @Override
    public void close(Throwable because) {
        closeWith(Objects.requireNonNull(because, NULL_CAUSE));
    }

    private void closeWith(@Nullable Throwable because) {
        boolean closedBefore;
        lockAll();
        try {
            closedBefore = closed;
            if (!closedBefore) {
                cause = because;
                closed = true;
            }
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
        releaseWaiting(); // the second time too: the first may have come to the end of its stack
        if (closedBefore) {
            throw closeOfClosed(because);
        }
    }

    /** Ends the wait of all goroutines at the closed channel. */
    final void releaseWaiting() {
        boolean released;
        do {
            released = releaseOne();
        } while (released);
    }

    /** Ends the wait of one goroutine at the closed channel, if there is one. */
    private boolean releaseOne() {
        lockAll();
        try {
            return giveToReceiver(null) || refuseSender();
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** What a second close throws. The cause that it came with is not lost. */
    private ChanClosedException closeOfClosed(@Nullable Throwable because) {
        ChanClosedException e = new ChanClosedException(
                "close of closed channel: it is for one goroutine to close it, and once", cause);
        if (because != null) {
            e.addSuppressed(because);
        }
        return e;
    }

    /** What a send throws that has come to {@code CLOSED}. */
    final ChanClosedException sendOnClosed() {
        return sendOnClosed("");
    }

    final ChanClosedException sendOnClosed(String more) {
        return new ChanClosedException(
                "send on closed channel: close a channel after its last send, and leave that to its sender" + more,
                cause);
    }

    /** Throws what a receive throws that has come to {@code CLOSED}, if the channel was closed with a cause. */
    final void checkCause() {
        if (cause != null) {
            throw new ChanClosedException(
                    "receive from a channel that was closed with a cause: its values have all been received, and for"
                            + " the reason that the cause gives there will be no more",
                    cause);
        }
    }

    @Override
    public final boolean isDrained() {
        if (!closed) {
            return false;
        }
        lockAll();
        try {
            return buffered() == 0;
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    @Override
    public final int size() {
        lockAll();
        try {
            return buffered();
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** How many values are in the buffer; the lock is held. */
    int buffered() {
        return 0;
    }

    @Override
    public int capacity() {
        return 0;
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

    @Override
    public String toString() {
        return "Chan[size=" + size() + ", capacity=" + capacity() + (closed ? ", closed]" : "]");
    }
}
