package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The goroutines that wait at a channel, those that want to send and those that want to receive, each first in, first
 * out. For each of the two there is a <b>seat</b>, for one goroutine at the head that spins, and a <b>queue</b> behind
 * it for those that may park. A queue is a doubly linked list through the nodes themselves, so that joining and leaving
 * cost the same wherever a node stands, and allocate nothing.
 *
 * <p>A seat is one field, through which also the value travels: a goroutine that is served while it sits there costs no
 * node, and no cache line but the one with the lock, which whoever serves it holds already. Only who finds the seat
 * free and the queue empty may take it, so that it overtakes nobody; if it spins in vain it moves to the head of the
 * queue.
 *
 * <pre>
 *             owner, locked              partner, locked                owner
 *   null ───────────────────► value ─────────────────────► TAKEN ──────────────────► null      sender's seat
 *   null ───────────────────► WAITING ───────────────────► value ──────────────────► null      receiver's seat
 *                             either ────────────────────► CLOSED ─────────────────► null
 *                             either ───────────────────────────────── owner, locked ► null    moves to the queue
 * </pre>
 *
 * <p>All that changes them is here, long as that makes it, so that what the table below says of each field can be
 * checked in one place; but for a seat that is given back at the end of the stack, see {@link LockedChan#transfer}.
 *
 * <p>Seats and queues are fields of the lock that guards them, and not objects of their own, because whoever takes the
 * lock is about to read them: it is the number of cache lines that change hands which makes a channel slow. For the same
 * reason what each operation touches is declared first, for that is the order in which a Java machine lays references
 * out, and the fields of a superclass before those of its subclasses. Where sending and receiving have a lock each, both
 * guard all of this, and there is nobody in the seats; see {@link RingChan}.
 *
 * <p><b>Waking outside of the lock.</b> The thread of a parked goroutine whose wait a critical section completes is left
 * in {@code wake}, and {@link #unlockAll} unparks it after the lock is free; a {@link RingChan} may leave another there.
 * That is one at the most: before a second wait is completed the first thread is unparked under the lock, which happens
 * where a select looks twice at one {@link TimerChan}. An overflow that keeps {@code unlockAll} from unparking leaves it
 * to the next one; only an overflow inside of the JDK's own {@code unpark} cannot be made good. The same method tells the
 * {@link Watches} of what the critical section may have made possible.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>senderSeat, receiverSeat</td><td>plain under the lock; volatile by the owner, and without the lock</td>
 *       <td>plain to sit down; volatile to stand up, after the node is queued, for who looks without the lock; release
 *       to serve, and by the owner who was served</td>
 *       <td>this lock; but a seat whose owner was served is the owner's</td></tr>
 *   <tr><td>closed</td><td>volatile</td><td>volatile</td><td>this lock, or both, for writes</td></tr>
 *   <tr><td>firstSender, firstReceiver</td><td>plain; without the lock between a seat and an acquire fence</td>
 *       <td>plain</td>
 *       <td>this lock, or both, for writes</td></tr>
 *   <tr><td>slot</td><td>plain; without the lock acquire, after the lock was seen free, or plain for a guess</td><td>plain</td>
 *       <td>this lock, for writes</td></tr>
 *   <tr><td>the others</td><td>plain</td><td>plain</td><td>this lock, or both</td></tr>
 * </table>
 */
abstract class WaitQueues extends SpinLock {

    /** Sits in the receivers' seat: its owner has not been given anything yet. */
    static final Object WAITING = new Object();

    /** Is left in the senders' seat: the value was taken. */
    static final Object TAKEN = new Object();

    /** Is left in a seat: the channel was closed over who sat there. */
    static final Object CLOSED = new Object();

    /** Stands in for a lock where there is none, and is never taken. */
    private static final SpinLock NO_LOCK = new SpinLock();

    private static final VarHandle SENDER_SEAT;
    private static final VarHandle RECEIVER_SEAT;

    static {
        try {
            SENDER_SEAT = MethodHandles.lookup().findVarHandle(WaitQueues.class, "senderSeat", Object.class);
            RECEIVER_SEAT = MethodHandles.lookup().findVarHandle(WaitQueues.class, "receiverSeat", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        Waiter.load();
    }

    /** Whether the channel is closed. */
    volatile boolean closed;

    volatile @Nullable Object senderSeat;
    volatile @Nullable Object receiverSeat;

    /** The value of a {@link SlotChan}. It stands here to be near the lock, see above. */
    @Nullable
    Object slot;

    @Nullable
    WaitNode firstSender;
    @Nullable
    WaitNode firstReceiver;

    /** The parked goroutine whose wait this critical section has completed; {@link #unlockAll} unparks it. */
    @Nullable
    Thread wake;

    /** The cases of sets that are about this channel; null while there are none. */
    @Nullable
    Watches watches;

    private @Nullable WaitNode lastSender;
    private @Nullable WaitNode lastReceiver;

    /** How long to spin in a seat or queue; null if nobody does. */
    private final @Nullable Patience patience;

    /** The lock of the senders, and of all there is if receivers have none of their own. */
    final SpinLock senderLock;

    /** The lock of the receivers; {@link #NO_LOCK} if it is that of the senders. */
    final SpinLock receiverLock;

    /**
     * Queues under one lock, this one.
     *
     * @param patience how long to spin, in a seat or in a queue; null if who waits is not to
     */
    @SuppressWarnings("nullness:assignment") // as a lock this is complete
    WaitQueues(@Nullable Patience patience) {
        senderLock = this;
        receiverLock = NO_LOCK;
        this.patience = patience;
    }

    /**
     * Queues under two locks, which are both to be held by whoever touches them. Nobody spins there, in a seat or in a
     * queue, where it would keep both locks busy.
     */
    WaitQueues(SpinLock senderLock, SpinLock receiverLock) {
        this.senderLock = senderLock;
        this.receiverLock = receiverLock;
        patience = null;
    }

    /** Takes the lock, or both. */
    final void lockAll() {
        for (SpinLock stalled; (stalled = lockAllUnlessStalled()) != null;) {
            stalled.awaitFree();
        }
    }

    /**
     * Takes the lock, or both, unless a holder seems to be stopped.
     *
     * @return the lock that it holds; null if all were taken
     */
    @Nullable
    SpinLock lockAllUnlessStalled() {
        return lockUnlessStalled() ? null : this;
    }

    /** Gives back what {@link #lockAll} has taken. */
    void releaseAll() {
        unlock();
    }

    /**
     * Gives back what {@link #lockAll} has taken, then wakes the goroutine that is owed it. If it throws, it has done
     * nothing.
     */
    final void unlockAll() {
        Watches all = watches;
        Thread thread = wake;
        if (all != null) {
            unlockAllAndTell(all);
        } else if (thread == null) {
            releaseAll();
        } else {
            unlockAllAndWake(thread);
        }
    }

    private void unlockAllAndWake(Thread thread) {
        wake = null;
        try {
            releaseAll();
        } catch (StackOverflowError e) {
            senderLock.locked = 0;
            receiverLock.locked = 0;
        } finally {
            try {
                try {
                    Starvation.unpark(thread);
                } catch (StackOverflowError e) {
                    LockSupport.unpark(thread); // which is less deep
                }
            } catch (StackOverflowError | RejectedExecutionException e) {
                // the thread may have been marked as unparked, and never be so: nothing would help
            }
        }
    }

    /**
     * Tells the armed watches whose cases may be possible now, each in a critical section of its own, for each may wake
     * a goroutine. An overflow leaves those that are left to the next one who unlocks.
     */
    private void unlockAllAndTell(Watches all) {
        boolean more;
        do {
            more = false;
            try {
                Watch told = nextToTell(all);
                if (told != null && wake == null) {
                    all.tell(told, this);
                    told = nextToTell(all);
                }
                more = told != null;
            } catch (StackOverflowError e) {
                // what was not told is armed still
            }
            Thread thread = wake;
            if (thread == null) {
                try {
                    releaseAll();
                } catch (StackOverflowError e) {
                    senderLock.locked = 0;
                    receiverLock.locked = 0;
                }
            } else {
                unlockAllAndWake(thread);
            }
            try {
                if (more) {
                    lockAll();
                }
            } catch (StackOverflowError e) {
                return;
            }
        } while (more);
    }

    /** The next watch that is armed and whose case may be possible now; the lock is held. */
    abstract @Nullable Watch nextToTell(Watches all);

    /** Whether there is a watch that is to be told of what happens. */
    final boolean hasArmedWatch() {
        return watches != null && watches.isArmed();
    }

    /** Whether a goroutine is to be unparked by {@link #unlockAll}, and it is better to complete no other before. */
    final boolean owesWakeUp() {
        return wake != null;
    }

    /** Whether a goroutine waits to send, or has just been served. */
    final boolean hasSender() {
        return (Object) SENDER_SEAT.get(this) != null || firstSender != null;
    }

    /** Whether a goroutine waits to receive, or has just been served. */
    final boolean hasReceiver() {
        return (Object) RECEIVER_SEAT.get(this) != null || firstReceiver != null;
    }

    /**
     * Whether a goroutine may wait at an end, for who does not hold the lock. The seat is read first: that it is
     * volatile has the queue read anew as well, each time. The fence keeps later reads behind both.
     */
    final boolean seemsAwaited(boolean bySender) {
        boolean awaited =
                bySender ? senderSeat != null || firstSender != null : receiverSeat != null || firstReceiver != null;
        VarHandle.acquireFence();
        return awaited;
    }

    /** Whether a goroutine in the senders' seat waits. */
    final boolean isSenderSeated() {
        Object seated = SENDER_SEAT.get(this);
        return seated != null && seated != TAKEN && seated != CLOSED;
    }

    /** Whether a goroutine in the receivers' seat waits. */
    final boolean isReceiverSeated() {
        return (Object) RECEIVER_SEAT.get(this) == WAITING;
    }

    /** Whether the goroutines that wait here may spin, and so whether there is anybody in the seats. */
    final boolean hasSeats() {
        return patience != null;
    }

    /** Whether it has paid of late to spin here. */
    final boolean maySpin() {
        return patience != null && !patience.isResting();
    }

    /** Takes the senders' seat, to offer a value, unless that would overtake somebody. */
    final boolean sitToSend(Object value) {
        if (hasSender()) {
            return false;
        }
        SENDER_SEAT.set(this, value);
        return true;
    }

    /** Takes the receivers' seat, unless that would overtake somebody. */
    final boolean sitToReceive() {
        if (hasReceiver()) {
            return false;
        }
        RECEIVER_SEAT.set(this, WAITING);
        return true;
    }

    /** Whether who is about to queue up may spin there: not if it does not pay, nor behind others. */
    final boolean maySpinInQueue(boolean sends) {
        return maySpin() && (sends ? firstSender : firstReceiver) == null;
    }

    /** Serves the sender in the seat, if one waits there: leaves it {@link #TAKEN} or {@link #CLOSED}. */
    final @Nullable Object serveSeatedSender(Object outcome) {
        Object offered = SENDER_SEAT.get(this);
        if (offered == null || offered == TAKEN || offered == CLOSED) {
            return null;
        }
        SENDER_SEAT.setRelease(this, outcome);
        return offered;
    }

    /** Serves the receiver in the seat, if one waits there: leaves it a value or {@link #CLOSED}. */
    final boolean serveSeatedReceiver(Object outcome) {
        if ((Object) RECEIVER_SEAT.get(this) != WAITING) {
            return false;
        }
        RECEIVER_SEAT.setRelease(this, outcome);
        return true;
    }

    /** Gives a seat back whose owner was served, and returns what was left there. */
    @SuppressWarnings("nullness:argument") // a VarHandle takes what its field takes
    final @Nullable Object collectFromSeat(boolean sends) {
        Object outcome;
        if (sends) {
            outcome = senderSeat;
            SENDER_SEAT.setRelease(this, null);
        } else {
            outcome = receiverSeat;
            RECEIVER_SEAT.setRelease(this, null);
        }
        return outcome;
    }

    /** Adds a node that stands in no queue at the end of its queue. */
    void enqueue(WaitNode node) {
        WaitNode last;
        if (node.sends) {
            last = lastSender;
            lastSender = node;
            if (last == null) {
                firstSender = node;
            }
        } else {
            last = lastReceiver;
            lastReceiver = node;
            if (last == null) {
                firstReceiver = node;
            }
        }
        if (last != null) {
            last.next = node;
        }
        node.prev = last;
        node.next = null;
        node.queued = true;
    }

    /**
     * Takes the first node out of its queue and ends its wait, unless that has ended already. If it throws, everything
     * is as it was: what has to be undone or done after the deepest call is done without calls.
     *
     * @return whether this call ended the wait
     */
    final boolean completeFirst(WaitNode node) {
        Thread owed = wake;
        if (owed != null) {
            LockSupport.unpark(owed);
            wake = null;
        }
        boolean sends = node.sends;
        WaitNode second = node.next;
        node.next = null;
        node.queued = false;
        boolean settled = false;
        boolean completed;
        try {
            completed = node.complete(this);
            settled = true;
        } finally {
            if (!settled) {
                node.next = second;
                node.queued = true;
            }
        }
        if (sends) { // from here on the node may be in use elsewhere
            firstSender = second;
        } else {
            firstReceiver = second;
        }
        if (second != null) {
            second.prev = null;
        } else if (sends) {
            lastSender = null;
        } else {
            lastReceiver = null;
        }
        Thread parked = wake;
        if (parked != null && node instanceof Waiter waiter) {
            try {
                wake = toWake(waiter, parked);
            } catch (StackOverflowError e) {
                // it is woken right away
            }
        }
        return completed;
    }

    /**
     * Says whom to wake now that the wait of a parked goroutine has been completed. If it throws, it has done nothing.
     *
     * @return its thread; or another, or null, if it is going to be woken by others
     */
    @Nullable
    Thread toWake(Waiter completed, Thread parked) {
        return parked;
    }

    /**
     * Does what a goroutine has to do first whose wait in a queue has been completed. The lock is not held. An overflow
     * at the call of this leaves it undone: then the caller says that the waiter has arrived.
     */
    void arrive(Waiter waiter) {}

    /** Takes a node out of its queue, if it still stands there. */
    final void dequeue(WaitNode node) {
        if (!node.queued) {
            return;
        }
        WaitNode before = node.prev;
        WaitNode after = node.next;
        if (before != null) {
            before.next = after;
        } else if (node.sends) {
            firstSender = after;
        } else {
            firstReceiver = after;
        }
        if (after != null) {
            after.prev = before;
        } else if (node.sends) {
            lastSender = before;
        } else {
            lastReceiver = before;
        }
        node.prev = null;
        node.next = null;
        node.queued = false;
    }

    /** Adds a node that stands in no queue at the head of its queue. */
    final void enqueueFirst(WaitNode node) {
        WaitNode after;
        if (node.sends) {
            after = firstSender;
            firstSender = node;
            if (after == null) {
                lastSender = node;
            }
        } else {
            after = firstReceiver;
            firstReceiver = node;
            if (after == null) {
                lastReceiver = node;
            }
        }
        if (after != null) {
            after.prev = node;
        }
        node.next = after;
        node.queued = true;
    }

    // Waiting. The lock is not held.

    /**
     * Spins in the seat for as long as that has paid on this channel of late; if nobody has come by then, moves to the
     * head of the queue. If it throws, the seat is still taken.
     *
     * @param placed what this goroutine has put into the seat
     * @return what was left there instead; or the waiter that was queued
     */
    final @Nullable Object waitInSeat(boolean sends, Object placed) {
        if (spinInSeat(sends, placed)) {
            return collectFromSeat(sends);
        }
        Waiter waiter = new Waiter(sends, sends ? placed : null, false);
        Object found = standUp(sends, placed, waiter);
        return found == placed ? waiter : found;
    }

    /**
     * Gives the seat back, to queue up at the head or to give up. If it throws, the seat is still taken. Who does not
     * hold the lock, and looks at the seat and then at the queue, finds this goroutine in one of them.
     *
     * @return what was found there: what this goroutine has placed, if nobody has served it
     */
    final @Nullable Object standUp(boolean sends, Object placed, @Nullable WaitNode node) {
        lockAll();
        try {
            Object found = sends ? senderSeat : receiverSeat;
            if (found == placed && node != null) {
                enqueueFirst(node);
            }
            if (sends) {
                senderSeat = null;
            } else {
                receiverSeat = null;
            }
            return found;
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
     * Waits until a partner has completed the wait. If it throws, the waiter may still stand in its queue.
     *
     * @param spun whether it has been spun enough
     */
    final void waitInQueue(Waiter waiter, boolean spun) throws InterruptedException {
        boolean nobodyAhead = waiter.prev == null; // without the lock: it is but a guess at how long it takes
        if (spun || !nobodyAhead || !spin(waiter)) {
            waiter.await(this, Waiter.NO_DEADLINE);
        }
    }

    private boolean spinInSeat(boolean sends, Object placed) {
        if (patience == null) {
            return false;
        }
        int nanos = patience.nanos();
        boolean served = Waiter.spinInSeat(this, sends, placed, nanos, null);
        patience.learn(nanos, served);
        return served;
    }

    private boolean spin(Waiter waiter) {
        return patience != null && waiter.spin(patience);
    }

    /** Takes a node out of its queue, if it still stands there. The lock is not held. */
    final void leave(WaitNode node) {
        lockAll();
        try {
            dequeue(node);
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** How many goroutines wait to send, nodes that cannot be served any more included; for tests. */
    final int sendersQueued() {
        lockAll();
        try {
            Object seated = senderSeat;
            return count(firstSender) + (seated == null || seated == TAKEN || seated == CLOSED ? 0 : 1);
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** How many goroutines wait to receive, nodes that cannot be served any more included; for tests. */
    final int receiversQueued() {
        lockAll();
        try {
            return count(firstReceiver) + (receiverSeat == WAITING ? 1 : 0);
        } finally {
            try {
                unlockAll();
            } catch (StackOverflowError e) {
                senderLock.locked = 0;
                receiverLock.locked = 0;
            }
        }
    }

    /** How many nodes stand in a queue, counted one by one. */
    static int count(@Nullable WaitNode first) {
        int n = 0;
        for (WaitNode node = first; node != null; node = node.next) {
            n++;
        }
        return n;
    }
}
