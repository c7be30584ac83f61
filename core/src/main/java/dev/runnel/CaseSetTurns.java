package dev.runnel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a {@link CaseSet}: which cases are to be looked at, and how its owner waits. After the kernel's {@code
 * epoll}, level-triggered.
 *
 * <p>A select looks at all of its cases in each turn. Here a case that could not happen when it was looked at stays
 * behind in its channel, as a {@link Watch}, which is told when that may have changed. So the turns cost what happens,
 * and not what could.
 *
 * <p>It is one class, long as it is, because it is one state machine: who may move a watch, and under which lock.
 *
 * <pre>
 *            owner                  owner: it can happen
 *   listed ─────────► in hand ──────────────────────────► in hand, to be listed at the next turn
 *     ▲                  │  owner, under the channel's lock: it cannot
 *     │                  └───────────────────────────────► armed
 *     │                  └── it sends, and has no value ─► resting
 *     └──────────────────────── who makes the channel ready, under its lock and the set's ── armed
 *     └──────────────────────── owner, who gives it a value ─────────────────────────────── resting
 * </pre>
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>While the lock of a channel is free, a watch that is armed there could not happen, unless somebody who has made
 *       the channel ready is on the way to tell it. That is seen to by {@link WaitQueues#unlockAll}, whatever the
 *       critical section has done: as long as there is an armed watch whose case may be possible, it tells one, wakes
 *       at the most one goroutine, and takes the lock once more for the next.
 *   <li>A watch is in one place only: listed, in hand, armed, resting, or, if it is about an instant, among the timers;
 *       nowhere if it is about the absent channel. At the most one is in hand.
 *   <li>An owner waits only if nothing is listed and nothing in hand.
 *   <li>A watch is not a goroutine that waits: a partner does not see it.
 * </ul>
 *
 * <p><b>Two sets that face each other</b>, one that sends and one that receives on a channel without a buffer, would so
 * never meet. Therefore a watch that sends on such a channel while there are others that receive has a node as well,
 * which its set queues at the channel for as long as it waits, as a select does. The others are told of that as of any
 * sender. It learns whether there are others when it is armed; if one comes later, it is told of that ({@code news} in
 * {@link Watches}), which makes it look and be armed once more. One whose value a partner has taken from its node is
 * armed still, and stays noted for a node, so that it has one again as soon as it has a value. A node does not count
 * for the watches of its own set, whose owner cannot meet itself.
 *
 * <p><b>Linearization points.</b> A case that happens: that of the send or receive that it is; for one that has
 * happened while the owner waited, the compare-and-set on its waiter. A {@code trySelect} that finds nothing: the
 * instant at which it finds the list empty, for then all that are not resting are armed. If several sets are being told
 * by one goroutine, its operation appears to come later to those that have not been told yet.
 *
 * <p><b>Races.</b>
 *
 * <ul>
 *   <li><b>Telling against looking.</b> What becomes ready after a look at it had to take the channel's lock after the
 *       owner, and finds the watch armed. What is told in vain, because another goroutine was faster, is armed again.
 *   <li><b>Telling against waiting.</b> The owner states under the set's lock that it waits, if the list is empty
 *       there; who tells adds to the list under that lock and completes the waiter of an owner that waits.
 *   <li><b>Telling against the next wait.</b> {@code waiting} is taken back under the lock before the waiter is used
 *       again; who tells touches the waiter under the lock only, and only while it says so.
 *   <li><b>Telling against a partner</b> that serves a node: decided by the waiter's state. The watch that is told
 *       stays listed, and is looked at later.
 *   <li><b>Removal against telling.</b> Under the channel's lock the watch is armed or it is not, and nobody will tell
 *       it after that; if it has been told, it is on the list, from which the owner takes it.
 *   <li><b>Close</b> makes ready, and stays: a watch that is armed after it would be told at once.
 *   <li><b>Interruption and timeout</b> end the wait as they end any; what has been told meanwhile stays listed.
 *   <li><b>Sends and receives under one lock of a {@link RingChan}</b> tell nobody. While a watch is armed there the
 *       ends are {@code crowded}; and a watch is armed, as a goroutine is queued, under both locks.
 *   <li><b>Seats</b>: who sits down to spin makes the channel ready for the other side, as who queues does.
 * </ul>
 *
 * <p><b>Locks.</b> That of a set is taken by who holds that of a channel, and never the other way round. What is done
 * under it takes some instructions.
 *
 * <p><b>Errors.</b> An error strikes the owner between turns, or while a watch is in hand, which is where the next turn
 * begins. A stack overflow that keeps who unlocks a channel from telling leaves it to the next one who does.
 *
 * <p><b>Retention.</b> A channel keeps the watches of its cases, and they keep the set's inside, but not the {@link
 * CaseSet} itself: when that is dropped, a cleaner removes them all. A watch that is not in a set any more is nowhere,
 * but for one that had a node, which the set drops when it next waits.
 */
final class CaseSetTurns extends SpinLock {

    /** How a waiter ends that is told that something is listed; more than there are nodes. */
    private static final int TOLD = Integer.MAX_VALUE;

    private static final Comparator<Watch> BY_DEADLINE = (a, b) -> {
        long difference = deadline(a) - deadline(b); // which can wrap around, as those of any clock readings
        return difference != 0 ? Long.signum(difference) : Long.compare(a.number, b.number);
    };

    /** Caught where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED = {Throwable.class, StackOverflowError.class};

    // Guarded by this lock.

    private final Watch.Queue listed = new Watch.Queue();

    /** Whether the owner waits, and is to be woken. */
    private boolean waiting;

    private Waiter waiter = new Waiter();

    // The owner's.

    private final ArrayList<Watch> members = new ArrayList<>();

    /** Instants that have not come, the next one first. */
    private final TreeSet<Watch> timers = new TreeSet<>(BY_DEADLINE);

    /** Watches that may need a node; while the owner waits, those that do, each with its place here as its index. */
    private @Nullable Watch[] noted = {};

    private int notedCount;

    /** How many cases have been added so far. */
    private long added;

    /** The case that has happened last, if it is still in the set. */
    private @Nullable Case<?> last;

    /** The one that is looked at, or has happened in the turn before. */
    private @Nullable Watch hand;

    /** Whether a turn is going on. */
    private boolean busy;

    /** Whether somebody may yet complete the waiter, for a stack overflow has left nodes in queues. */
    private boolean waiterLost;

    private final Patience patience = new Patience();

    private static long deadline(Watch watch) {
        return watch.watched instanceof AfterCase<?> after ? after.deadline : Waiter.NO_DEADLINE;
    }

    // Under this lock.

    /** Ends the wait of the owner if it waits; the release of the queues' lock will wake it. */
    void wake(WaitQueues queues) {
        if (waiting) {
            waiter.complete(TOLD, queues);
        }
    }

    /** Has the owner look at a watch that is nowhere. */
    void list(Watch watch) {
        listed.add(watch);
        watch.listed = true;
    }

    /** Whether a node in a queue is of this set, so that none of its watches can meet it. */
    boolean owns(WaitNode node) {
        return node instanceof SelectNode selectNode && selectNode.leadsTo(waiter);
    }

    // By the owner, while no lock is held.

    int size() {
        return members.size();
    }

    /**
     * Adds a case.
     *
     * @throws IllegalArgumentException if it is in use
     */
    void add(Case<?> c) {
        c.checkIdle();
        enter();
        try {
            c.rest();
            Watch watch = new Watch(this, c, added++);
            watch.index = members.size();
            members.ensureCapacity(watch.index + 1); // what can fail comes before it is a member
            if (watch.onChan != null) {
                listNow(watch);
            } else if (c instanceof AfterCase<?>) {
                watch.resting = true;
                timers.add(watch);
            }
            members.add(watch);
            c.watch = watch;
            c.selecting = true;
        } finally {
            busy = false;
        }
    }

    /**
     * Removes a case.
     *
     * @return whether it was in this set
     */
    boolean remove(Case<?> c) {
        Watch watch = c.watch;
        if (watch == null || watch.set != this) {
            return false;
        }
        enter();
        try {
            detach(watch);
            Watch moved = members.remove(members.size() - 1);
            if (moved != watch) {
                members.set(watch.index, moved);
                moved.index = watch.index;
            }
            if (last == c) {
                last = null;
            }
            c.watch = null;
            c.selecting = false;
        } finally {
            busy = false;
        }
        return true;
    }

    /** Removes all cases. */
    void clear() {
        while (!members.isEmpty()) {
            remove(members.get(members.size() - 1).watched);
        }
    }

    /** Takes all watches out of their channels when the set is not there any more. The cases stay in use. */
    void abandon() {
        for (Watch watch : members) {
            detach(watch);
        }
        members.clear();
    }

    private void detach(Watch watch) {
        ChanCase<?, ?> c = watch.onChan;
        if (c != null) {
            c.forget(watch);
        } else {
            timers.remove(watch);
        }
        lock();
        try {
            if (watch.listed) {
                listed.remove(watch);
                watch.listed = false;
            }
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        if (hand == watch) {
            hand = null;
        }
    }

    /** Has a case looked at that was resting, for it was given a value, or its instant has come. */
    void wakeUp(Watch watch) {
        if (watch.resting) {
            listNow(watch);
            watch.resting = false;
        }
    }

    private void listNow(Watch watch) {
        lock();
        try {
            list(watch);
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    private void enter() {
        if (busy) {
            throw new IllegalStateException(
                    "this set is in use by another goroutine: a set is for one at a time; make another one");
        }
        busy = true;
    }

    /**
     * Waits for a case to happen.
     *
     * @return the case, which is to be concluded
     */
    Case<?> select() throws InterruptedException {
        Waiter.checkInterrupt();
        enter();
        try {
            Case<?> chosen;
            do {
                chosen = turn();
                if (chosen == null) {
                    chosen = await();
                }
            } while (chosen == null);
            last = chosen;
            return chosen;
        } finally {
            busy = false;
        }
    }

    /** Does a case that needs no waiting, if there is one; else as {@link #select}. */
    @Nullable
    Case<?> trySelect() {
        enter();
        try {
            Case<?> chosen = turn();
            last = chosen;
            return chosen;
        } finally {
            busy = false;
        }
    }

    /** Looks at what is listed, one by one, until a case happens; returns that, or null if none does. */
    private @Nullable Case<?> turn() {
        if (last != null) {
            last.rest();
        }
        listDue();
        for (;;) {
            Watch watch = takeNext();
            if (watch == null) {
                if (listDue()) {
                    continue;
                }
                return null; // nor was an instant due when there was nothing else
            }
            if (happens(watch)) {
                return watch.watched;
            }
            hand = null;
        }
    }

    /**
     * Lists the instants that have come. They stay listed: an instant that has come stays so.
     *
     * @return whether there were any
     */
    private boolean listDue() {
        boolean any = false;
        while (!timers.isEmpty()) {
            Watch next = timers.first();
            if (!next.watched.poll()) {
                break;
            }
            wakeUp(next);
            timers.remove(next);
            any = true;
        }
        return any;
    }

    /** Lists the one in hand behind all others, and takes the first into the hand. */
    private @Nullable Watch takeNext() {
        lock();
        try {
            Watch held = hand;
            if (held != null) {
                list(held);
                hand = null;
            }
            Watch next = listed.first;
            if (next != null) {
                listed.remove(next);
                next.listed = false;
                hand = next;
            }
            return next;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /** Does the case of the watch in hand, or arms it, or puts it to rest. */
    private boolean happens(Watch watch) {
        ChanCase<?, ?> c = watch.onChan;
        if (c == null) {
            return true;
        }
        if (c.sends && c.offered() == null) {
            watch.resting = true;
            return false;
        }
        if (c.poll() || c.pollOrArm(watch)) {
            return true;
        }
        if (watch.nodeNeeded && !watch.noted) {
            note(watch);
        }
        return false;
    }

    private void note(Watch watch) {
        if (notedCount == noted.length) {
            noted = Arrays.copyOf(noted, Math.max(4, 2 * notedCount));
        }
        noted[notedCount++] = watch;
        watch.noted = true;
    }

    /**
     * Waits until it is told that there is something to look at, or a partner has done a case, or an instant has come.
     *
     * @return the case that a partner has done, or null
     */
    private @Nullable Case<?> await() throws InterruptedException {
        Waiter.checkInterrupt(); // it may be told in vain again and again, and never park
        if (!beginToWait()) {
            return null;
        }
        ChanCase<?, ?> completed = null;
        try {
            int end;
            try {
                queueNodes();
                waiter.spin(patience);
                end = waiter.await(this, timers.isEmpty() ? Waiter.NO_DEADLINE : deadline(timers.first()));
            } catch (Throwable e) {
                endWait(null);
                end = waiter.state;
                if (end < 0) {
                    takeBackOffers(null);
                    throw e;
                }
            }
            completed = completed(end);
            endWait(completed);
            takeBackOffers(completed);
        } catch (StackOverflowError e) { // as in Selection: nodes may be left in their queues, for good
            waiterLost = true;
            if (waiter.state < 0) {
                waiter.state = Waiter.INTERRUPTED;
            } else if (waiter.state != TOLD) {
                Watch served = noted[waiter.state];
                completed = served == null ? null : served.onChan;
            }
            for (int i = 0; i < notedCount; i++) {
                Watch watch = noted[i];
                if (watch != null && watch.nodeNeeded && watch.onChan != null && watch.onChan != completed) {
                    watch.onChan.node = null;
                }
            }
            if (completed == null) {
                throw e;
            }
        }
        if (completed != null) {
            completed.accept(); // its watch is armed still, or has been told: it is not in hand
        }
        return completed;
    }

    private @Nullable ChanCase<?, ?> completed(int end) {
        Watch served = end >= 0 && end != TOLD ? noted[end] : null;
        return served == null ? null : served.onChan;
    }

    /** Returns whether the owner is to wait, for nothing is listed. */
    private boolean beginToWait() {
        Waiter next = waiterLost ? new Waiter() : waiter;
        next.prepare(!patience.isResting());
        lock();
        try {
            waiter = next;
            waiterLost = false;
            waiting = listed.first == null;
            return waiting;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
    }

    /**
     * Queues a node for each watch that needs one and has something to offer. One that has nothing stays noted: its
     * watch may be armed still, as a partner has taken the last value from its node, so it will not come by when it
     * gets another.
     */
    private void queueNodes() {
        int kept = 0;
        for (int i = 0; i < notedCount; i++) { // no call: it is done wholly or not at all
            Watch watch = noted[i];
            noted[i] = null;
            if (watch != null && watch.nodeNeeded) {
                noted[kept++] = watch;
            } else if (watch != null) {
                watch.noted = false;
            }
        }
        notedCount = kept;
        for (int i = 0; i < kept; i++) {
            Watch watch = noted(i);
            ChanCase<?, ?> c = watch.chanCase();
            if (c.offered() != null) {
                c.prepareNode(waiter, i);
                c.enqueueIfArmed(watch);
            }
        }
    }

    @SuppressWarnings("nullness:argument") // there is one for each place below the count
    private Watch noted(int i) {
        return Objects.requireNonNull(noted[i]);
    }

    /** Takes all nodes out of their queues, but for one that is out, and states that nobody is to be woken. */
    private void endWait(@Nullable ChanCase<?, ?> out) {
        lock();
        try {
            waiting = false;
        } finally {
            try {
                unlock();
            } catch (StackOverflowError e) {
                locked = 0;
            }
        }
        for (int i = 0; i < notedCount; i++) {
            ChanCase<?, ?> c = withNode(i);
            if (c != null && c != out) {
                c.leave();
            }
        }
    }

    /** The case of a noted watch that has a node; null for one that was removed, as that may be in use elsewhere. */
    private @Nullable ChanCase<?, ?> withNode(int i) {
        Watch watch = noted(i);
        return watch.nodeNeeded ? watch.chanCase() : null;
    }

    /** Lets go of what was offered in vain. All nodes are out of their queues. */
    private void takeBackOffers(@Nullable ChanCase<?, ?> completed) {
        for (int i = 0; i < notedCount; i++) {
            ChanCase<?, ?> c = withNode(i);
            if (c != null && c != completed && c.node != null) {
                c.node.item = null;
            }
        }
    }
}
