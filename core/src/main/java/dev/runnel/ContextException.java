package dev.runnel;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Context} was cancelled, and what was done on its behalf is given up: Go's {@code context.Canceled}. What
 * throws one makes it anew, with the stack of the caller, and {@link #getCause()} is the {@linkplain Context#cause()
 * cause} of the context, with a stack of its own.
 *
 * <p>It is {@link DeadlineExceededException} if what cancelled the context was its deadline.
 *
 * @see Context#check()
 * @see Context#err()
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public class ContextException extends CancellationException {

    private static final long serialVersionUID = 1L;

    /** Whether it has a stack. It is false while the constructor of {@link Throwable} would take one. */
    private final boolean traced;

    /** Made by contexts, which tell how they have ended. */
    ContextException(@Nullable Throwable cause, boolean traced) {
        this("context cancelled", cause, traced);
    }

    @SuppressWarnings("nullness:method.invocation") // of Throwable, which is complete
    ContextException(String message, @Nullable Throwable cause, boolean traced) {
        super(message);
        initCause(cause);
        this.traced = traced;
        if (traced) {
            super.fillInStackTrace();
        }
    }

    /** Takes the stack, unless this was made to tell how a context has ended and not where. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return traced ? super.fillInStackTrace() : this;
    }
}
