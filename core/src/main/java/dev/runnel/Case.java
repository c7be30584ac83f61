package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * One of the things that a {@code select} waits for: a send, a receive, an instant, or that nothing else is ready. A
 * case is made by its channel or by {@link Go#after} and {@link Go#otherwise}, and does nothing until it is given to
 * {@link Go#select(Case, Case)}.
 *
 * <p><b>A case is a handle.</b> It may be made once and given to one select after another; then select allocates
 * nothing, and its result can be compared with the handles:
 *
 * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="handles"}
 *
 * <p>A handle is for one goroutine at a time, and stands but once in a call. It lets go of the value it has received
 * when it is next given to a select. A select is over when its handler runs, which may give the same cases to another.
 *
 * @param <V> the type of the value that the case receives; any type for a case that receives none
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public abstract sealed class Case<V> permits ChanCase, AfterCase, OtherwiseCase {

    /** The working memory of the selects in which this case comes first; null until there is one. */
    @Nullable
    Selection selection;

    /** From when a select has begun with this case to when it ends; see {@link #begin}. */
    boolean selecting;

    /** Its place in the set it is in; null if it is in none. */
    @Nullable
    Watch watch;

    private boolean chosen;

    Case() {}

    /**
     * The value that this case has received in the last select it was given to. A select that is interrupted on entry
     * has not begun, and leaves the value that there was; one that is refused may have let go of it.
     *
     * <p>It does not block and costs nothing. Go: {@code v} in {@code case v := <-ch:}.
     *
     * @return the value; or null if the channel was closed and drained, or if this case has no value to give: it sends,
     *     is an {@code after} or an {@code otherwise}, or hands the value to a handler
     * @throws IllegalStateException if the last select it was given to did not choose this case, or has thrown because
     *     its channel was closed; or if it has not been in any
     */
    public final @Nullable V value() {
        if (!chosen) {
            throw new IllegalStateException("the last select did not choose this case, so it has no value:"
                    + " ask the case that select returned");
        }
        return received();
    }

    /**
     * Begins a select with this case.
     *
     * @throws IllegalArgumentException if one is going on with it already
     */
    final void begin() {
        refresh();
        selecting = true;
    }

    /** Begins a select that polls this case and runs nobody else's code before it ends; otherwise as {@link #begin}. */
    final void refresh() {
        checkIdle();
        prepare();
        chosen = false;
    }

    /**
     * Checks that no select is going on with this case; as well as it can be without a synchronizing write.
     *
     * @throws IllegalArgumentException if there is one, or the case is in a {@link CaseSet}
     */
    final void checkIdle() {
        if (selecting) {
            throw new IllegalArgumentException(watch != null
                    ? "this case is in a CaseSet: remove it from there first, or make another case"
                    : "this case is part of a running select already: a handle may stand once in"
                            + " a call and be used by one goroutine at a time; make another case");
        }
    }

    /**
     * Concludes the select in favour of this case, which has happened.
     *
     * @throws ChanClosedException if what has happened is that the channel was closed, and it is a send, or the close
     *     had a cause
     * @throws InterruptedException if the handler throws it
     */
    final void conclude() throws InterruptedException {
        checkOutcome();
        chosen = true;
        handle();
    }

    /** Ends its having been chosen, and lets go of what it received then. */
    final void rest() {
        chosen = false;
        letGo();
    }

    /** Whether a poll takes the lock of the deadlines, so that it is better not repeated while spinning. */
    boolean isByTime() {
        return false;
    }

    /** Lets go of what the last select left. */
    void letGo() {}

    /** Checks that the case can be given to a select, and lets go of what the last one left. */
    abstract void prepare();

    /**
     * Does what the case is about if that needs no waiting.
     *
     * @return whether it did; if not, there has been an instant at which it was not possible
     */
    abstract boolean poll();

    /** Whether a poll that was in vain may not be so now; a guess that takes no lock. */
    abstract boolean mayBeReady();

    /** Polls while the locks of all channels of the select are held. */
    abstract boolean pollLocked();

    /** Throws what the operation itself would throw. */
    void checkOutcome() {}

    /** Runs the handler or action, if the case has one. */
    abstract void handle() throws InterruptedException;

    /** The value received. */
    @Nullable
    V received() {
        return null;
    }
}
