package dev.runnel;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What can be cancelled about a {@link Context}: whether and how it has ended, who waits for that, and who depends on
 * it. After Go's {@code cancelCtx}; it differs in that it tells those that depend on it one by one and without holding
 * a lock, so that neither the depth nor the width of a tree of contexts matters.
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ul>
 *   <li>{@code ended} goes from null to something once. The channel {@code done}, if it has been made, is closed
 *       exactly if {@code ended} is set.
 *   <li>Until then {@code dependents} is a ring of all that were added and have not left. Nobody is added afterwards.
 * </ul>
 *
 * <p><b>Linearization point</b> of a cancellation: the write of {@code ended}. It is made under this lock and, if there
 * is a channel, that of the channel, in which this is its close: nobody can see one without the other, but for a set
 * that is told of the close by its release, a moment later. Lock order: this one, then the channel's, then those that
 * are taken under a channel's; nobody holds the locks of two of these.
 *
 * <p><b>The one who ends it</b>, and no other, then wakes who waits at the channel, takes it out of the ring of its
 * parent, and owns its ring from there on: it takes the dependents off one by one and tells them. One that is a
 * cancellation too, and has not ended, ends in the same way, and its ring is joined to the end of the one in hand:
 * there is no recursion. When it returns, all have been told.
 *
 * <p><b>Races.</b>
 *
 * <ul>
 *   <li>Two that end it: the lock decides. The other one returns at once, and may do so before all dependents have been
 *       told.
 *   <li>End against the adding of a dependent: either it gets into the ring in time, or finds {@code ended} set, under
 *       the lock, and is told by the one who would have added it.
 *   <li>End of the parent against a dependent that leaves: once the parent has ended, the links belong to the one who
 *       ended it, and who leaves does not touch them. He will come by, and find that it has ended.
 *   <li>End of a parent against the end of a child, each by somebody: the child's lock decides. Who wins there tells
 *       the child's ring, the other one goes on with the siblings.
 * </ul>
 *
 * <p><b>A deadline</b> is an {@link Alarm}, which has a thread end this: one more of those that may. It is not a
 * goroutine, which would not get to run while others compute on all carriers, and they may be the very ones who ask
 * whether the time is over. It is set after this has been added to its parent, and taken back by the one who ends this;
 * who has set it looks once more whether that was too early. There is none if the parent's deadline comes first.
 *
 * <p><b>Errors.</b> An overflow before the end is set leaves everything as it was. What goes wrong after that, as when
 * no thread can be started, does not keep the others from being told, and comes out in the end.
 *
 * <p><b>Retention.</b> The parent has a child only until that has ended, the child its parent likewise; links are
 * nulled when a ring is taken apart.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>read</th><th>write</th><th>guard</th></tr>
 *   <tr><td>ended, done</td><td>volatile</td><td>volatile</td><td>the lock, for writes</td></tr>
 *   <tr><td>dependents</td><td>plain</td><td>plain</td><td>the lock; after the end, by who ended it</td></tr>
 *   <tr><td>previous, next</td><td>plain</td><td>plain</td><td>the parent's lock; after its end, by who ended
 *   it</td></tr>
 *   <tr><td>deadline, instant, alarm</td><td>plain</td><td>final</td><td></td></tr>
 *   <tr><td>parent</td><td>plain</td><td>plain</td><td>before anybody can end it; then by who ended it</td></tr>
 * </table>
 */
final class Cancellation extends Dependent {

    /** Caught where there may be no room to load it. */
    private static final Class<?> ENSURE_LOADED = StackOverflowError.class;

    final SpinLock lock = new SpinLock();
    private volatile @Nullable Ending ended;
    private volatile @Nullable LockedChan<Object> done;
    private @Nullable Dependent dependents;

    /** When it ends at the latest, by {@link Clock}, if there is an {@code instant}. */
    private final long deadline;

    /** When it ends at the latest, as users are told; null if there is no deadline. */
    final @Nullable Instant instant;

    /** Ends it at its deadline; null if it has none of its own that comes before its parent's. */
    private final @Nullable DeadlineAlarm alarm;

    private Cancellation(long deadline, @Nullable Instant instant, @Nullable DeadlineAlarm alarm) {
        this.deadline = deadline;
        this.instant = instant;
        this.alarm = alarm;
    }

    /** One that ends when the parent does, if there is one, or by itself. */
    static Cancellation under(@Nullable Cancellation parent) {
        Cancellation child = parent == null
                ? new Cancellation(0, null, null)
                : new Cancellation(parent.deadline, parent.instant, null);
        child.joinParent(parent);
        return child;
    }

    /**
     * One that ends when the parent does, at a deadline, or by itself.
     *
     * @param deadline the deadline, by {@link Clock}
     * @param instant the same, as users are told
     * @param cause why it ends then; null if there is nothing to be said
     */
    static Cancellation under(@Nullable Cancellation parent, long deadline, Instant instant,
            @Nullable Throwable cause) {
        if (parent != null && parent.instant != null && parent.deadline - deadline < 0) {
            return under(parent);
        }
        DeadlineAlarm alarm = new DeadlineAlarm(cause);
        Cancellation child = new Cancellation(deadline, instant, alarm);
        alarm.whose = child;
        child.joinParent(parent);
        if (deadline - Clock.nanoTime() <= 0) {
            child.end(Ending.deadlineExceeded(cause));
        } else if (child.ended == null) {
            child.startAlarm(alarm);
        }
        return child;
    }

    private void joinParent(@Nullable Cancellation above) {
        Ending over = above == null ? null : above.add(this);
        if (over != null) {
            ended = over;
        }
    }

    private void startAlarm(DeadlineAlarm alarm) {
        boolean set = false;
        try {
            alarm.set(deadline);
            set = true;
        } finally {
            if (!set) { // nobody will ever have this to cancel it
                leaveParent();
            }
        }
        if (ended != null) {
            alarm.unset();
        }
    }

    /** How it has ended; null if it has not. */
    @Nullable
    Ending ended() {
        return ended;
    }

    /** The channel that is closed when it has ended; made by the first one to ask for it. */
    LockedChan<Object> done() {
        LockedChan<Object> made = done;
        return made == null ? doneOr(new UnbufferedChan<>()) : made;
    }

    private LockedChan<Object> doneOr(LockedChan<Object> fresh) {
        lock.lock();
        try {
            LockedChan<Object> made = done;
            if (made != null) {
                return made;
            }
            fresh.closed = ended != null;
            done = fresh;
            return fresh;
        } finally {
            lock.locked = 0;
        }
    }

    /**
     * Has a dependent told when this ends.
     *
     * @return how this has ended, in which case nobody will tell it; or null
     */
    @Nullable
    Ending add(Dependent child) {
        lock.lock();
        try {
            Ending over = ended;
            if (over == null) {
                child.parent = this;
                dependents = joined(dependents, child);
            }
            return over;
        } finally {
            lock.locked = 0;
        }
    }

    /** Has a dependent that was added told no longer, unless it is about to be. */
    void remove(Dependent child) {
        lock.lock();
        try {
            if (ended == null) {
                Dependent rest = without(child);
                if (dependents == child) {
                    dependents = rest;
                }
            }
        } finally {
            lock.locked = 0;
        }
    }

    /** Ends it, and tells all that depend on it; does nothing if it has ended already. */
    void end(Ending how) {
        if (!set(how)) {
            return;
        }
        Throwable failure = null;
        try {
            leaveParent();
        } catch (Throwable e) {
            failure = e;
        }
        Dependent ring = null;
        Cancellation one = this;
        while (one != null) { // nothing that is called here, and not caught, goes as deep as what has been called
            try {
                one.settle();
            } catch (Throwable e) {
                failure = e;
            }
            ring = joined(ring, one.dependents);
            one.dependents = null;
            one = null;
            while (one == null && ring != null) {
                Dependent next = ring;
                ring = without(next);
                next.parent = null;
                try {
                    if (!(next instanceof Cancellation child)) {
                        next.parentEnded();
                    } else if (child.set(how)) {
                        one = child;
                    }
                } catch (Throwable e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw Go.<RuntimeException>unchecked(failure);
        }
    }

    /** Sets how it has ended, and closes the channel, unless it has ended already. */
    private boolean set(Ending how) {
        lock.lock();
        try {
            if (ended != null) {
                return false;
            }
            LockedChan<Object> chan = done;
            if (chan == null) {
                ended = how;
            } else {
                setAndClose(how, chan);
            }
            return true;
        } finally {
            lock.locked = 0;
        }
    }

    private void setAndClose(Ending how, LockedChan<Object> chan) {
        chan.lockAll();
        try {
            chan.closed = true; // first, for it may be looked at without the lock by who has seen the other
            ended = how;
        } finally {
            try {
                chan.unlockAll();
            } catch (StackOverflowError e) {
                chan.locked = 0;
            }
        }
    }

    /** Takes back the alarm, and wakes who waits for the end. */
    private void settle() {
        if (alarm != null) {
            alarm.unset();
        }
        LockedChan<Object> chan = done;
        if (chan != null) {
            chan.releaseWaiting();
        }
    }

    /** Is told otherwise, without recursion. */
    @Override
    void parentEnded() {
        throw new AssertionError();
    }

    /** The number of those that depend on it, for tests. */
    int dependents() {
        lock.lock();
        try {
            int n = 0;
            Dependent first = dependents;
            for (Dependent one = first; one != null && (n == 0 || one != first); one = one.next) {
                n++;
            }
            return n;
        } finally {
            lock.unlock();
        }
    }

    /** Ends something at its deadline. */
    private static final class DeadlineAlarm extends Alarm {

        /** The daemon thread that ends what has a deadline, while there is something to be ended. */
        private static final Executor THREAD = thread();

        private final @Nullable Throwable cause;

        /** What it ends; set once, before the alarm is. */
        private @Nullable Cancellation whose;

        DeadlineAlarm(@Nullable Throwable cause) {
            this.cause = cause;
        }

        private static Executor thread() {
            ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                    Thread.ofPlatform()
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .name("runnel-contexts")
                            .factory());
            one.allowCoreThreadTimeOut(true);
            return one;
        }

        /** Leaves it to another thread: there may be many to be told. */
        @Override
        void ring() {
            Cancellation due = whose;
            if (due != null) {
                THREAD.execute(() -> due.end(Ending.deadlineExceeded(cause)));
            }
        }
    }
}
