package dev.runnel.patterns;

import dev.runnel.ChanClosedException;
import dev.runnel.ReceiveChan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel that a pattern reads, whose end is an end with or without a cause: what was received before the end is to
 * be passed on either way, and only then the cause. Many goroutines may read it; they all find the same cause.
 *
 * @param <T> the type of the values
 */
final class Input<T extends Object> {

    private final ReceiveChan<? extends T> chan;
    private volatile @Nullable Throwable cause;

    Input(ReceiveChan<? extends T> chan) {
        this.chan = chan;
    }

    /** Receives the next value; null says that there is none any more. */
    @Nullable
    T next() throws InterruptedException {
        try {
            return chan.receive();
        } catch (ChanClosedException e) {
            cause = Objects.requireNonNullElse(e.getCause(), e);
            return null;
        }
    }

    /** Throws the very thing that the channel was closed with, if a receive has found that. */
    void checkCause() throws Throwable {
        Throwable known = cause;
        if (known != null) {
            throw known;
        }
    }
}
