package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One goroutine that waits. This is the one place where goroutines wait: channels, select, wait groups and sleep all
 * park here, and spinning, interruption, timeouts and what a thread dump shows are nobody else's business.
 *
 * <p>A waiter is made ready by its owner, made known to possible partners through {@link WaitNode}s in queues, and then
 * waited on by its owner. It ends in one of three ways, and the compare-and-set on {@link #state} that ends it is the
 * linearization point: a partner {@linkplain #complete completes} it, the owner gives up, being interrupted, or its
 * deadline comes. Who loses the race does nothing.
 *
 * <pre>
 *             owner, having spun           partner
 *   WAITING ──────────────────────► PARKED ───────► index of the node, 0 and up
 *      │                               ├──────────► INTERRUPTED   owner
 *      │ partner                       └──────────► TIMED_OUT     deadline
 *      └──────────────────────────────────────────► index of the node
 * </pre>
 *
 * <p>An owner that still spins in WAITING needs no unparking; a partner that finds PARKED owes one, though the owner may
 * be only about to park: then that returns at once. One who will not spin begins in PARKED; should it spin all the same,
 * as that has come to pay meanwhile, it is unparked for nothing. The owner rechecks the state whenever it returns from
 * parking, so an unpark that comes late, after the owner has gone on to wait elsewhere, is no more than a spurious
 * return there.
 *
 * <p><b>Reuse.</b> A plain operation uses a waiter once. A select handle uses its own again, with {@link #prepare}.
 * That is safe because a partner reaches a waiter only through a queued node, under the lock of the node's channel, and
 * the owner has gone through the locks of all the channels in which it did not win before it prepares it again; and
 * because a partner that wins reads what it needs before the compare-and-set and touches nothing after it.
 *
 * <p><b>Memory.</b> What a partner did before it completed the wait happens-before the return of {@link #await}, and
 * what the owner did before it queued its nodes happens-before the completion, by the channel's lock.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>state</td><td>volatile; plain for a guess</td><td>CAS; plain in {@code prepare}, before the nodes are
 *   queued; volatile by an owner at the end of its stack who cannot even make a call</td><td></td></tr>
 *   <tr><td>thread</td><td>plain, by a partner before its CAS</td><td>plain in {@code prepare}</td>
 *       <td>lock of the channel, or of the deadlines</td></tr>
 *   <tr><td>timeout</td><td>plain</td><td>plain</td><td>the owner's</td></tr>
 * </table>
 */
final class Waiter extends WaitNode {

    /** A deadline that never comes. */
    static final long NO_DEADLINE = Long.MIN_VALUE;

    /** What {@link #await} returns if the deadline came first. */
    static final int TIMED_OUT = -4;

    private static final int WAITING = -1;
    private static final int PARKED = -2;
    /** The owner has given up, being interrupted or struck by an error. */
    static final int INTERRUPTED = -3;

    /**
     * The time between two looks of who spins. A look takes the cache line that is about to be changed away from whoever
     * is changing it, who then has to fetch it again: so there is one each time that a partner may have got done, and not
     * as many as a processor can do.
     */
    private static final int LOOK_NANOS = 100;

    /**
     * What a pause instruction and a look at the clock take at the least. So a wait is bounded by turns as well, and does
     * not depend on the clock alone: the time of a model checker stands still.
     */
    private static final int LEAST_TURN_NANOS = 10;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        Starvation.load();
    }

    /** Initializes the class, and {@link Starvation}, which is better not done at the end of a stack. */
    static void load() {}

    /** Not negative once a partner has completed the wait: the index of the node by which it did. */
    volatile int state;
    Thread thread;

    /** Whether it stands in a {@link Relay}; guarded by that one's lock, as its {@code prev} and {@code next} are then. */
    boolean relayed;

    /** Whether its owner has come to a {@link Relay} in which it stands, or before it could. */
    volatile boolean arrived;

    /** Made for the first wait with a deadline. */
    private @Nullable Timeout timeout;

    /** A waiter of the current thread that stands in no queue. */
    Waiter() {
        this(false, null, true);
    }

    /**
     * A waiter of the current thread that is its own one node.
     *
     * @param spins whether its owner may spin before it parks; if not, it counts as parked from the start, so that it
     *     need not say so later
     */
    Waiter(boolean sends, @Nullable Object item, boolean spins) {
        super(sends, item);
        this.thread = Thread.currentThread();
        STATE.set(this, spins ? WAITING : PARKED);
    }

    /**
     * Does what every blocking operation does on entry.
     *
     * @throws InterruptedException if the thread is interrupted; the status is cleared
     */
    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * Makes a waiter ready for one more wait, of the current thread.
     *
     * @param spins as for the constructor
     */
    void prepare(boolean spins) {
        thread = Thread.currentThread();
        STATE.set(this, spins ? WAITING : PARKED);
    }

    @Override
    boolean complete(WaitQueues queues) {
        return complete(0, queues);
    }

    /** Ends the wait in favour of the node with an index; else as {@link WaitNode#complete}. */
    boolean complete(int index, WaitQueues queues) {
        Thread owner = thread;
        int seen = (int) STATE.get(this); // the guess of which the compare-and-exchange makes sure
        while (seen == WAITING || seen == PARKED) {
            int found = (int) STATE.compareAndExchange(this, seen, index);
            if (found == seen) {
                if (seen == PARKED) {
                    queues.wake = owner; // not a call: the wait has ended
                }
                return true;
            }
            seen = found;
        }
        return false;
    }

    /** Ends the wait on a waiter that stands in no channel's queue. */
    void completeAndWake() {
        Thread owner = thread;
        if ((int) STATE.getAndSet(this, 0) == PARKED) {
            Starvation.unpark(owner);
        }
    }

    /**
     * Waits until a partner completes the wait, the thread is interrupted or the deadline comes.
     *
     * <p>If this throws, be it an interruption or an error, the caller has to take the nodes out of their queues, and
     * after that to look at {@link #state}: only then it is settled whether a partner was first.
     *
     * @param blocker what is waited for, for thread dumps
     * @param deadline until when, by {@link Clock}, or {@link #NO_DEADLINE}
     * @return the index of the node that was completed, or {@link #TIMED_OUT}
     * @throws InterruptedException if the thread was interrupted first; the status is cleared
     */
    int await(Object blocker, long deadline) throws InterruptedException {
        if (state < 0) {
            Starvation.beforeParking();
        }
        if (state == PARKED || STATE.compareAndSet(this, WAITING, PARKED)) {
            if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
                parkInPool(blocker, deadline);
            } else {
                park(blocker, deadline);
            }
        }
        int end = state;
        if (end == INTERRUPTED) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        return end;
    }

    /** Waits until the wait is completed. If the thread was interrupted meanwhile, its status is set on return. */
    void awaitUninterruptibly(Object blocker) {
        boolean interrupted = false;
        if (state == PARKED || STATE.compareAndSet(this, WAITING, PARKED)) {
            while (state == PARKED) {
                LockSupport.park(blocker);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for a partner without parking, for as long as that has been worth it.
     *
     * @return whether the wait has ended
     */
    boolean spin(Patience patience) {
        int nanos = patience.nanos();
        boolean ended = state >= 0;
        for (int left = nanos; left > 0 && !ended; left -= LOOK_NANOS) {
            pause(LOOK_NANOS);
            ended = state >= 0;
        }
        patience.learn(nanos, ended);
        return ended;
    }

    /**
     * Waits in a seat without parking, for some nanoseconds.
     *
     * @param select the select that sits there, whose other cases are looked at as well; null if it is a plain operation
     * @return whether somebody has replaced what was placed in the seat; if not, another case may be possible
     */
    static boolean spinInSeat(
            WaitQueues queues, boolean sends, Object placed, int nanos, @Nullable Selection select) {
        boolean served = false;
        boolean elsewhere = false;
        for (int left = nanos; left > 0 && !served && !elsewhere; left -= LOOK_NANOS) {
            pause(LOOK_NANOS);
            served = (sends ? queues.senderSeat : queues.receiverSeat) != placed;
            elsewhere = !served && select != null && select.mayBeReadyElsewhere(queues);
        }
        return served;
    }

    /**
     * Waits at the ring of a channel without parking.
     *
     * @param away how many nanoseconds to wait before the first look
     * @param nanos how many to wait after that, looking now and then
     * @return whether it may be possible now to send or receive
     */
    static boolean spinAtRing(RingChan<?> chan, boolean sends, int away, int nanos) {
        boolean ready = false;
        if (away > 0) {
            pause(away);
            ready = chan.mayBeReady(sends);
        }
        for (int left = nanos; left > 0 && !ready; left -= LOOK_NANOS) {
            pause(LOOK_NANOS);
            ready = chan.mayBeReady(sends);
        }
        return ready;
    }

    /**
     * Waits for a case of a select without parking, for some nanoseconds.
     *
     * @return a case that has happened; null if none has
     */
    static @Nullable Case<?> spinForCase(Selection selection, int nanos) {
        Case<?> ready = null;
        for (int left = nanos; left > 0 && ready == null; left -= LOOK_NANOS) {
            pause(LOOK_NANOS);
            ready = selection.pollOneByOne();
        }
        return ready;
    }

    /** Lets some nanoseconds pass, if the clock goes on. */
    private static void pause(int nanos) {
        long end = Clock.nanoTime() + nanos;
        int left = nanos / LEAST_TURN_NANOS;
        do {
            Thread.onSpinWait();
            left--;
        } while (left > 0 && Clock.nanoTime() - end < 0);
    }

    /** Parks until the wait has ended; though the deadline may have passed, for its alarm goes off at once. */
    private void park(Object blocker, long deadline) {
        if (hasEnded()) {
            return;
        }
        if (deadline == NO_DEADLINE) {
            parkUntilEnded(blocker);
            return;
        }
        Timeout t = timeout;
        if (t == null) {
            t = new Timeout(this);
            timeout = t;
        }
        try {
            t.set(deadline);
            parkUntilEnded(blocker);
        } finally {
            t.unset();
        }
    }

    private void parkUntilEnded(Object blocker) {
        while (!hasEnded()) {
            LockSupport.park(blocker);
        }
    }

    /** Whether the wait has ended; ends it if the owner is interrupted. */
    private boolean hasEnded() {
        if (state == PARKED && Thread.currentThread().isInterrupted()) {
            STATE.compareAndSet(this, PARKED, INTERRUPTED);
        }
        return state != PARKED;
    }

    /**
     * Ends a wait whose deadline has come. It does so under the lock of the deadlines, so that once the owner has unset
     * it, it cannot hit a later wait. At the end of the stack an owner may fail to; then a later wait may be told of a
     * deadline too early, which a select or a set takes for a reason to look again, and nobody else waits twice.
     */
    private static final class Timeout extends Alarm {

        private final Waiter waiter;

        Timeout(Waiter waiter) {
            this.waiter = waiter;
        }

        @Override
        @Nullable
        Thread due() {
            Thread owner = waiter.thread;
            return STATE.compareAndSet(waiter, PARKED, TIMED_OUT) ? owner : null;
        }
    }

    /** Parks a worker of a pool, for which the pool starts another if it may. */
    private void parkInPool(Object blocker, long deadline) throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(new ForkJoinPool.ManagedBlocker() {
                @Override
                public boolean block() {
                    park(blocker, deadline);
                    return true;
                }

                @Override
                public boolean isReleasable() {
                    return hasEnded();
                }
            });
        } catch (RejectedExecutionException e) {
            park(blocker, deadline); // the pool has no more threads to give: this one waits all the same
        }
    }
}
