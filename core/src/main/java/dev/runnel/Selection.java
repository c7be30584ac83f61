package dev.runnel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One {@code select} at a time: its algorithm, and the memory it works in, which belongs to the case that comes first
 * in the call and is used again when that case is. After Go's {@code runtime/select.go}.
 *
 * <p>There are four passes:
 *
 * <ol>
 *   <li><b>Poll</b> the cases one by one in an order shuffled anew each time, and be done with the first that is ready.
 *       Nothing is registered anywhere. Since the order is a uniform one, so is the choice among the cases that are
 *       ready. This pass is left out for a few cases with {@code otherwise}, where most likely none is ready, and where
 *       the choice is by order: one that is looked at later could be ready when an earlier one is so too by then.
 *   <li><b>Spin</b> for a moment, if that pays. The select <b>sits</b> at one of its channels, the favourite, as a plain
 *       operation would, and looks now and then whether another case may be possible. So who comes to that channel finds
 *       it there, another select too: two that only look at what the other has not done yet would never meet. Who has
 *       sat in vain moves to the head of the queue, see {@link WaitQueues}. If none of the channels has a seat, this is
 *       the first pass again and again.
 *   <li>With the locks of all channels held, <b>poll again</b>, for a case may have become ready behind our back. If
 *       none is, this is the instant at which none was: {@code otherwise} is chosen, or a node is <b>queued</b> for
 *       each case.
 *   <li><b>Wait</b>. The compare-and-set by which a partner completes the one {@link Waiter} decides for one case. Then
 *       take the nodes of the others <b>out</b> of their queues, and go on with the case that was completed; or, if the
 *       deadline came first, start over, and find the case that has become ready by that.
 * </ol>
 *
 * <p><b>Linearization point</b>: the critical section in which a poll succeeds, the partner's compare-and-set, or, for
 * {@code otherwise}, any instant at which all locks are held; if there is but one case to poll, that poll is enough,
 * and where nothing was locked, see {@link UnbufferedChan} and {@link SlotChan}. For who is served in a seat it is in the
 * critical section in which that happens.
 *
 * <p><b>Deadlock</b> is excluded by taking the locks in the order of the channels' ids; if the holder of one seems to be
 * stopped, those that it has are given back meanwhile, and it begins with the first again. A goroutine cannot meet itself:
 * when it looks for a partner, it has no nodes in any queue; or one, at a channel that no other case is about.
 *
 * <p><b>Reuse.</b> In the last pass the owner goes through the lock of each channel in which it did not win. Whoever
 * found its node there has then done with it: no compare-and-set can arrive late and hit the waiter's next turn.
 *
 * <p>Not shared between threads, but for the waiter and the nodes. The passes work on the same few fields, and each relies
 * on what the one before has left, so they stand together, long as that makes it.
 */
final class Selection {

    /** Up to how many cases are not polled one by one where there is {@code otherwise}: most likely none is ready. */
    private static final int FEW = 4;

    /** Up to how many cases are looked at again and again before nodes are queued for them. */
    private static final int MOST_TO_SPIN = 8;

    /** For how long at the most: who comes later is better waited for in the queues. */
    private static final int MOST_NANOS = 600;

    private static final Comparator<LockedChan<?>> BY_ID = Comparator.comparingLong(chan -> chan.id);

    /** Caught where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED = {Throwable.class, StackOverflowError.class};

    private final Waiter waiter = new Waiter();

    /** The cases of the call, as given; a node's index is that of its case here. */
    private Case<?>[] cases;

    private int size;

    /** Whether the cases are not those of the call before, so that what follows is to be worked out anew. */
    private boolean changed = true;

    /** The indices of the cases that are polled, in an order that is shuffled as they are. */
    private int[] order;

    private int polled;

    /** Whether they may be looked at again and again before nodes are queued for them. */
    private boolean spins;

    /** The case at whose channel to sit meanwhile: the last one that has happened so. Null if there is no seat. */
    private @Nullable ChanCase<?, ?> favourite;

    /** Whether of the cases that are ready the first is chosen, and not any; then the order is as given. */
    private boolean inOrder;

    private @Nullable Case<?> otherwise;

    /** The earliest deadline among the cases. */
    private long deadline;

    /** The channels of the cases, each one once, by id. */
    private LockedChan<?>[] locks;

    /** How many of them there are, or -1 until a select has to lock them. */
    private int lockCount;

    /** How long to spin before parking. */
    private final Patience patience = new Patience();

    private Selection(int capacity) {
        cases = new Case<?>[capacity];
        order = new int[capacity];
        locks = new LockedChan<?>[capacity];
    }

    /**
     * Selects among these cases.
     *
     * @param inOrder whether of those that are ready the first is chosen, and not any
     */
    static Case<?> select(boolean inOrder, Case<?> a) throws InterruptedException {
        Selection selection = of(a, 1, inOrder);
        selection.set(0, a);
        return selection.select();
    }

    /** Selects among these cases. */
    static Case<?> select(boolean inOrder, Case<?> a, Case<?> b) throws InterruptedException {
        if (a instanceof ChanCase<?, ?> c && b instanceof OtherwiseCase<?>) {
            return poll(c, b);
        }
        Selection selection = of(a, 2, inOrder);
        selection.set(0, a);
        selection.set(1, b);
        return selection.select();
    }

    /** Selects among these cases. */
    static Case<?> select(boolean inOrder, Case<?> a, Case<?> b, Case<?> c) throws InterruptedException {
        Selection selection = of(a, 3, inOrder);
        selection.set(0, a);
        selection.set(1, b);
        selection.set(2, c);
        return selection.select();
    }

    /** Selects among these cases. */
    static Case<?> select(boolean inOrder, Case<?> a, Case<?> b, Case<?> c, Case<?> d) throws InterruptedException {
        Selection selection = of(a, 4, inOrder);
        selection.set(0, a);
        selection.set(1, b);
        selection.set(2, c);
        selection.set(3, d);
        return selection.select();
    }

    /** Selects among these cases; if there are none, waits until it is interrupted. */
    static Case<?> select(boolean inOrder, Case<?>[] all) throws InterruptedException {
        int n = Objects.requireNonNull(all, "the array of cases is null").length;
        Selection selection = n == 0 ? new Selection(0) : of(all[0], n, inOrder);
        for (int i = 0; i < n; i++) {
            selection.set(i, all[i]);
        }
        return selection.select();
    }

    /** Selects among one case and {@code otherwise}: that takes one poll, and no memory to work in. */
    private static Case<?> poll(ChanCase<?, ?> c, Case<?> otherwise) throws InterruptedException {
        c.refresh();
        otherwise.refresh();
        Case<?> chosen = c.poll() ? c : otherwise;
        chosen.conclude();
        return chosen;
    }

    /** The working memory for a select of so many cases that begins with this one. */
    private static Selection of(Case<?> first, int size, boolean inOrder) {
        checkCase(first, 0).checkIdle(); // before its memory is touched, which is in use otherwise
        Selection selection = first.selection;
        if (selection == null || selection.cases.length < size) {
            selection = new Selection(size);
            first.selection = selection;
        }
        if (selection.size != size || selection.inOrder != inOrder) {
            selection.letGoFrom(size);
            selection.size = size;
            selection.inOrder = inOrder;
            selection.changed = true;
        }
        return selection;
    }

    /** Lets go of the cases that the next call does not have, and of their channels. */
    private void letGoFrom(int nextSize) {
        if (nextSize < size) {
            Arrays.fill(cases, nextSize, size, null);
            Arrays.fill(locks, null);
        }
    }

    private static Case<?> checkCase(@Nullable Case<?> c, int index) {
        if (c == null) {
            throw new NullPointerException("case " + index
                    + " of the select is null: to switch a case off, make it of Chan.absent()");
        }
        return c;
    }

    private void set(int index, Case<?> c) {
        if (checkCase(c, index) != cases[index]) {
            cases[index] = c;
            changed = true;
        }
    }

    private Case<?> select() throws InterruptedException {
        if (changed) {
            arrange();
        }
        if (otherwise == null) {
            Waiter.checkInterrupt();
        }
        Case<?> chosen;
        int begun = 0;
        try {
            for (; begun < size; begun++) {
                cases[begun].begin();
            }
            chosen = choose();
        } finally {
            while (begun > 0) {
                cases[--begun].selecting = false; // not a call: it may be the end of the stack
            }
        }
        chosen.conclude();
        return chosen;
    }

    /** Works out what depends on which cases there are. */
    private void arrange() {
        polled = 0;
        spins = true;
        otherwise = null;
        deadline = Waiter.NO_DEADLINE;
        lockCount = -1;
        ChanCase<?, ?> seat = null;
        for (int i = 0; i < size; i++) {
            Case<?> c = cases[i];
            if (c instanceof ChanCase<?, ?> chanCase && (seat == null || c == favourite) && hasSeat(chanCase)) {
                seat = chanCase;
            }
            if (c instanceof OtherwiseCase) {
                if (otherwise != null) {
                    throw new IllegalArgumentException("two otherwise cases in one select: there can be but one");
                }
                otherwise = c;
            } else {
                order[polled++] = i;
                spins &= polled <= MOST_TO_SPIN && !c.isByTime();
                if (c instanceof AfterCase<?> after
                        && (deadline == Waiter.NO_DEADLINE || after.deadline - deadline < 0)) {
                    deadline = after.deadline;
                }
            }
        }
        spins &= !inOrder || polled == 1;
        favourite = seat;
        changed = false;
    }

    /** Whether the select may sit at the channel of a case: not if another one is about the same channel. */
    private boolean hasSeat(ChanCase<?, ?> seated) {
        LockedChan<?> chan = seated.chan;
        if (chan == null || !chan.hasSeats()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (cases[i] instanceof ChanCase<?, ?> c && c != seated && c.chan == chan) {
                return false;
            }
        }
        return true;
    }

    /** Makes a case the favourite, if it has a seat. */
    private void prefer(Case<?> happened) {
        if (happened != favourite && happened instanceof ChanCase<?, ?> c && hasSeat(c)) {
            favourite = c;
        }
    }

    private Case<?> choose() throws InterruptedException {
        for (;;) {
            Case<?> chosen;
            if (inOrder && polled > 1) {
                chosen = otherwise == null ? await() : pollTogether();
            } else if (otherwise != null && 1 < polled && polled <= FEW) {
                shuffle();
                chosen = pollTogether();
            } else {
                chosen = pollOneByOne();
                if (chosen == null) {
                    if (otherwise == null) {
                        chosen = spin();
                        chosen = chosen == null ? await() : chosen;
                    } else {
                        chosen = polled > 1 ? pollTogether() : otherwise;
                    }
                }
            }
            if (chosen != null) {
                return chosen;
            }
        }
    }

    /** Puts the cases in an order of which all are equally likely, after Fisher and Yates. */
    private void shuffle() {
        for (int left = polled; left > 1; left--) {
            draw(left);
        }
    }

    /** Moves one of the first cases in the order, drawn at random, to their end. */
    private int draw(int left) {
        int at = left == 1 ? 0 : ThreadLocalRandom.current().nextInt(left);
        int index = order[at];
        order[at] = order[left - 1];
        order[left - 1] = index;
        return index;
    }

    /** The first pass: a shuffle that ends where a case is ready. */
    @Nullable
    Case<?> pollOneByOne() {
        for (int left = polled; left > 0; left--) {
            Case<?> c = cases[draw(left)];
            if (c.poll()) {
                return c;
            }
        }
        return null;
    }

    /**
     * The first pass once more, for some time, if that has been worth it and there is nowhere to sit: a partner that comes
     * soon needs no nodes. If it was in vain, what is to be learnt from this wait is for the spin in the last pass to say.
     */
    @Nullable
    Case<?> spin() {
        int nanos = favourite == null ? nanosToSpin() : 0;
        Case<?> ready = Waiter.spinForCase(this, nanos);
        if (ready != null) {
            patience.learn(nanos, true);
        }
        return ready;
    }

    private int nanosToSpin() {
        return spins ? Math.min(MOST_NANOS, patience.nanos()) : 0;
    }

    /**
     * Sits at the channel of the favourite case, for some time, if that has been worth it.
     *
     * @return the case if it has happened; null if not, and then its node may be queued
     */
    private @Nullable Case<?> sit(int nanos) {
        ChanCase<?, ?> seated = favourite;
        return seated != null && nanos > 0 && seated.happensInSeat(this, nanos) ? seated : null;
    }

    /** Whether a case that is not about this channel may be possible now; a guess that takes no lock. */
    boolean mayBeReadyElsewhere(WaitQueues here) {
        for (int i = 0; i < size; i++) {
            Case<?> c = cases[i];
            if (!(c instanceof ChanCase<?, ?> chanCase && chanCase.chan == here) && c.mayBeReady()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The pass under all locks. Its order is the one that the first has shuffled, or as given; in that order nodes are
     * queued, too, for a partner comes upon the first of those that are at one channel. A node that stands at the head of
     * a queue already leaves it meanwhile.
     *
     * @return a case that was ready, or {@code otherwise}; or null if there is none, and all are queued, or the one that
     *     was so before has been completed
     */
    private @Nullable Case<?> pollTogether() {
        if (lockCount < 0) {
            arrangeLocks();
        }
        int held = 0;
        try {
            while (held < lockCount) {
                SpinLock stalled = locks[held].lockAllUnlessStalled();
                if (stalled == null) {
                    held++;
                } else {
                    for (; held > 0; held--) {
                        locks[held - 1].unlockAll(); // if it throws, it is still held
                    }
                    stalled.awaitFree();
                }
            }
            ChanCase<?, ?> atHead = null;
            if (otherwise == null) {
                if (waiter.state >= 0) {
                    return null;
                }
                if (favourite != null && favourite.leaveLocked()) {
                    atHead = favourite;
                }
            }
            for (int i = 0; i < polled; i++) {
                Case<?> c = cases[order[i]];
                if (c.pollLocked()) {
                    return c;
                }
            }
            if (otherwise == null) {
                if (atHead != null) {
                    atHead.enqueueFirst();
                }
                for (int i = 0; i < polled; i++) {
                    if (cases[order[i]] instanceof ChanCase<?, ?> c && c != atHead) {
                        c.enqueue();
                    }
                }
            }
            return otherwise;
        } finally {
            while (held > 0) {
                LockedChan<?> chan = locks[--held];
                try {
                    chan.unlockAll();
                } catch (StackOverflowError e) {
                    chan.senderLock.locked = 0;
                    chan.receiverLock.locked = 0;
                }
            }
        }
    }

    /**
     * The last two passes: queues nodes, if no case is ready by now, and waits.
     *
     * @return the case that has happened, or null if the deadline came first
     */
    private @Nullable Case<?> await() throws InterruptedException {
        int nanos = favourite == null ? 0 : nanosToSpin();
        waiter.prepare(!patience.isResting());
        for (int i = 0; i < size; i++) {
            if (cases[i] instanceof ChanCase<?, ?> c) {
                c.prepareNode(waiter, i);
            }
        }
        ChanCase<?, ?> completed = null;
        try {
            int end;
            try {
                Case<?> ready = sit(nanos);
                if (ready == null) {
                    ready = pollTogether();
                }
                if (ready != null) {
                    takeBackOffers(null);
                    patience.learn(nanos, true);
                    prefer(ready);
                    return ready;
                }
                waiter.spin(patience);
                end = waiter.await(this, deadline);
            } catch (Throwable e) {
                leaveQueues(null);
                end = waiter.state;
                if (end < 0) {
                    takeBackOffers(null);
                    throw e;
                }
            }
            if (end != Waiter.TIMED_OUT) {
                completed = (ChanCase<?, ?>) cases[end];
            }
            leaveQueues(completed);
            takeBackOffers(completed);
        } catch (StackOverflowError e) { // see LockedChan.transfer: nodes may be left in their queues, for good
            if (waiter.state < 0) {
                waiter.state = Waiter.INTERRUPTED;
            } else {
                completed = (ChanCase<?, ?>) cases[waiter.state];
            }
            for (int i = 0; i < size; i++) {
                if (cases[i] instanceof ChanCase<?, ?> c && c != completed) {
                    c.node = null;
                }
            }
            cases[0].selection = null;
            if (completed == null) {
                throw e;
            }
        }
        if (completed != null) {
            completed.accept();
            prefer(completed);
        }
        return completed;
    }

    /** The last pass: takes all nodes out of their queues, but for one that is out. */
    private void leaveQueues(@Nullable ChanCase<?, ?> out) {
        for (int i = 0; i < size; i++) {
            if (cases[i] instanceof ChanCase<?, ?> c && c != out) {
                c.leave();
            }
        }
    }

    /** Lets go of what was offered in vain. All nodes are out of their queues. */
    private void takeBackOffers(@Nullable ChanCase<?, ?> completed) {
        for (int i = 0; i < size; i++) {
            if (cases[i] instanceof ChanCase<?, ?> c && c != completed && c.node != null) {
                c.node.item = null;
            }
        }
    }

    /** Works out which channels to lock, and in which order. */
    private void arrangeLocks() {
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (cases[i] instanceof ChanCase<?, ?> c && c.chan != null) {
                locks[n++] = c.chan;
            }
        }
        Arrays.sort(locks, 0, n, BY_ID);
        int distinct = 0;
        for (int i = 0; i < n; i++) {
            if (distinct == 0 || locks[i] != locks[distinct - 1]) {
                locks[distinct++] = locks[i];
            }
        }
        lockCount = distinct;
    }
}
