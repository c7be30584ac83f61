package dev.runnel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case that receives; see {@link ReceiveChan#onReceive()}.
 *
 * @param <T> the type of the channel's values
 * @param <V> that same type, if there is no handler; else any, and the case's value is null
 */
final class ReceiveCase<T extends Object, V> extends ChanCase<T, V> {

    private final @Nullable Handler<? super @Nullable T> handler;
    private @Nullable T received;

    private ReceiveCase(@Nullable LockedChan<T> chan, @Nullable Handler<? super @Nullable T> handler) {
        super(chan, false);
        this.handler = handler;
    }

    static <T extends Object> Case<T> of(@Nullable LockedChan<T> chan) {
        return new ReceiveCase<T, T>(chan, null);
    }

    static <T extends Object, V> Case<V> handled(@Nullable LockedChan<T> chan, Handler<? super @Nullable T> handler) {
        return new ReceiveCase<T, V>(chan, Objects.requireNonNull(handler, "the handler is null"));
    }

    @Override
    void prepare() {
        received = null;
    }

    @Override
    void letGo() {
        received = null;
    }

    @Override
    @Nullable
    Object attempt(LockedChan<T> on) {
        return on.poll();
    }

    @Override
    @Nullable
    Object attemptLocked(LockedChan<T> on) {
        return on.pollLocked();
    }

    @Override
    @Nullable
    T offered() {
        return null;
    }

    @Override
    boolean accept(@Nullable Object outcome) {
        received = LockedChan.valueOf(outcome);
        return outcome != null;
    }

    /** Values are not null: having happened with none, the case has come to a closed channel. */
    @Override
    void checkOutcome() {
        if (received == null) {
            present().checkCause();
        }
    }

    @Override
    void handle() throws InterruptedException {
        if (handler != null) {
            T value = received;
            received = null;
            handler.handle(value);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // without a handler, V is T; with one, the value has gone to it
    @Nullable
    V received() {
        return (V) received;
    }
}
