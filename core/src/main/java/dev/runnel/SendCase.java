package dev.runnel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case that sends, turn by turn, the value it was given last; see {@link SendChan#onSend()}.
 *
 * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="send-handle"}
 *
 * @param <T> the type of the channel's values
 */
public final class SendCase<T extends Object> extends ChanCase<T, T> {

    private final @Nullable Action action;

    /** Whether the value stays when it has been sent, for the next turn. */
    private final boolean fixed;

    private @Nullable T value;

    /** What the send has come to, if more is to be done about that: {@code CLOSED}, or a dropped value. */
    private @Nullable Object unfinished;

    /** A case that is given a value for each turn. */
    SendCase(@Nullable LockedChan<T> chan) {
        this(chan, false, null, null);
    }

    private SendCase(@Nullable LockedChan<T> chan, boolean fixed, @Nullable T value, @Nullable Action action) {
        super(chan, true);
        this.fixed = fixed;
        this.value = value;
        this.action = action;
    }

    /** A case that sends the same value in each turn. Its own value is null, so that it can be typed in any way. */
    @SuppressWarnings("unchecked")
    static <T extends Object, V> Case<V> fixed(@Nullable LockedChan<T> chan, T value,
            @Nullable Action action) {
        Objects.requireNonNull(value, LockedChan.NULL_SENT);
        return (Case<V>) new SendCase<>(chan, true, value, action);
    }

    /**
     * Gives the value to be sent in the next select. A value that was not sent, because another case was chosen, stays
     * until it is replaced; one that was sent is let go. In a {@link CaseSet} the case is off while it has no value.
     *
     * <p>It does not block and costs nothing. Go: {@code value} in {@code case ch <- value:}.
     *
     * @param value the value, not null
     * @return this case
     * @throws NullPointerException if the value is null
     */
    public SendCase<T> with(T value) {
        this.value = Objects.requireNonNull(value, LockedChan.NULL_SENT);
        if (watch != null) {
            watch.set.wakeUp(watch);
        }
        return this;
    }

    @Override
    void prepare() {
        if (value == null) {
            throw new IllegalStateException(
                    "this send case has no value: give it one with with(value) before each select");
        }
        unfinished = null;
    }

    @Override
    @Nullable
    Object attempt(LockedChan<T> on) {
        return value == null ? null : on.offer(value);
    }

    @Override
    @Nullable
    Object attemptLocked(LockedChan<T> on) {
        return value == null ? null : on.offerLocked(value);
    }

    @Override
    @Nullable
    T offered() {
        return value;
    }

    @Override
    boolean accept(@Nullable Object outcome) {
        unfinished = outcome == LockedChan.TAKEN ? null : outcome;
        return outcome != null;
    }

    @Override
    void checkOutcome() {
        if (unfinished == LockedChan.CLOSED) {
            throw present().sendOnClosed();
        }
    }

    @Override
    void handle() throws InterruptedException {
        if (!fixed) {
            value = null;
        }
        Object dropped = unfinished;
        if (dropped != null) {
            unfinished = null;
            present().dropped(dropped);
        }
        if (action != null) {
            action.run();
        }
    }
}
