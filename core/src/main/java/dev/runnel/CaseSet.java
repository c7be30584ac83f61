package dev.runnel;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many cases to be selected from again and again, as one goroutine needs that serves thousands of channels. {@link
 * Go#select(Case...) select} looks at each of its cases in each turn; a set looks at those only of which it has been
 * told that they may be ready, so that a turn costs the same however many there are.
 *
 * {@snippet file="dev/runnel/snippets/CaseSetSnippets.java" region="serve"}
 *
 * <p><b>Cases</b> send, receive, or are {@link Go#after(java.time.Duration) after}; for {@code otherwise} there is
 * {@link #trySelect()}. A case is in one set at the most, and while it is there, it is for no other select. A {@link
 * SendCase} is off while it has no value; give it one {@linkplain SendCase#with with(value)}, and it is on. A case
 * whose channel is closed, or whose instant has come, is ready and stays so: remove it when it has been chosen. Several
 * cases may be about one channel.
 *
 * <p><b>Choice.</b> Ready cases are served in turn: one that has happened goes to the end of the line. The order is
 * that in which the set was told of them, not a random one.
 *
 * <p><b>One goroutine</b> owns the set: it adds, removes and selects, in handlers too. To have something added by
 * another, send it over a channel in the set.
 *
 * <p><b>What the channels see.</b> Between its turns, and while it waits, a set does not stand in the queues of its
 * channels: it comes when it is told that there is something for it, and competes with all others that are there by
 * then. Plain senders and receivers and selects are served before it, and what does not wait, such as a {@link
 * SendChan#trySend trySend} or {@link ReceiveChan#tryReceive tryReceive} on an unbuffered channel, need not find it.
 * Two sets that meet on an unbuffered channel do find each other. Where several sets wait for one channel, all are
 * woken in vain but one; let goroutines that share work receive plainly. They are told one after the other, and what
 * makes the channel ready has not happened yet for those that have not been told.
 *
 * <p><b>Memory.</b> The case that happens has the effects of the send or receive that it is.
 *
 * <p><b>Cost.</b> Adding, removing, and a turn in which a case is ready take a time that does not depend on the number
 * of cases (for an {@code after}, its logarithm), and a turn allocates nothing. A case takes up to 150 bytes in
 * addition to its own. A set that is dropped is taken out of its channels by and by, by a thread that all sets share;
 * {@link #clear()} does so at once.
 *
 * <p>Go has no counterpart but {@code reflect.Select}, which looks at all cases each time.
 *
 * @param <V> a type that the values of the cases have in common
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public final class CaseSet<V> {

    private static final Cleaner CLEANER = Cleaner.create();

    private final CaseSetTurns turns = new CaseSetTurns();

    /** Makes a set without cases. */
    public CaseSet() {
        CaseSetTurns left = turns;
        CLEANER.register(this, left::abandon);
    }

    /**
     * Adds a case. It may be made there and then: {@code Case<Job> job = set.add(jobs.onReceive())}.
     *
     * <p>It does not block and does not look at the interrupt status.
     *
     * @param <C> the type of the case
     * @param c the case, not null
     * @return that case
     * @throws NullPointerException if the case is null
     * @throws IllegalArgumentException if it is in a set already or is part of a running select, or if it is an {@link
     *     Go#otherwise() otherwise}
     * @throws IllegalStateException if another goroutine is using the set
     */
    public <C extends Case<? extends V>> C add(C c) {
        Objects.requireNonNull(c, "the case is null: to leave a case out, do not add it");
        if (c instanceof OtherwiseCase) {
            throw new IllegalArgumentException("otherwise cannot be in a CaseSet: use trySelect");
        }
        try {
            turns.add(c);
        } finally {
            Reference.reachabilityFence(this);
        }
        return c;
    }

    /**
     * Removes a case. It can be given to another set or select then. If it was the one chosen last, its {@link
     * Case#value()} stays until that.
     *
     * <p>It does not block and does not look at the interrupt status.
     *
     * @param c the case, not null
     * @return whether it was in this set
     * @throws NullPointerException if the case is null
     * @throws IllegalStateException if another goroutine is using the set
     */
    public boolean remove(Case<?> c) {
        try {
            return turns.remove(Objects.requireNonNull(c, "the case is null"));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Removes all cases, each as {@link #remove}.
     *
     * @throws IllegalStateException if another goroutine is using the set
     */
    public void clear() {
        try {
            turns.clear();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The number of cases in the set, be they ready or not.
     *
     * @return how many have been added and not removed
     */
    public int size() {
        return turns.size();
    }

    /**
     * Waits until one of the cases can happen, does exactly that one, runs its handler if it has one, and returns it.
     * It stays in the set.
     *
     * <p><b>Blocks</b> while no case is ready; in an empty set, until it is interrupted.
     *
     * <p><b>Interruption</b> is looked at on entry, even if a case is ready, and while waiting. If the method throws
     * because of it, no case has happened.
     *
     * <p><b>Handlers</b> run after the communication, on this thread, while no lock is held, and may use the set. What
     * a handler throws comes out of the method, and the communication stands.
     *
     * @return the case that has happened; to be compared, or asked for its {@link Case#value()}
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws IllegalStateException if another goroutine is using the set
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public Case<? extends V> select() throws InterruptedException {
        try {
            return concluded(turns.select());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Does one of the cases that can happen now, if there is one; else as {@link #select()}. It gives null only if at
     * some instant during the call no case was ready.
     *
     * <p>It does not block, apart from what the handler does, and does not look at the interrupt status. Go: a {@code
     * select} with {@code default}.
     *
     * @return the case that has happened, or null if there was none
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws IllegalStateException if another goroutine is using the set
     * @throws InterruptedException if a handler throws it
     */
    public @Nullable Case<? extends V> trySelect() throws InterruptedException {
        try {
            Case<?> chosen = turns.trySelect();
            return chosen == null ? null : concluded(chosen);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @SuppressWarnings("unchecked") // it is one of those that were added
    private static <V> Case<? extends V> concluded(Case<?> chosen) throws InterruptedException {
        chosen.conclude();
        return (Case<? extends V>) chosen;
    }

    /** Tells the number of cases. */
    @Override
    public String toString() {
        return "CaseSet[size=" + size() + "]";
    }
}
