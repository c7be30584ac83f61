package dev.runnel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Context} that can be cancelled, with all contexts under it. It is made for {@code try}, whose end cancels
 * it: then no context, timer or goroutine is left behind that would wait for work nobody wants any more.
 *
 * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="cancel"}
 *
 * <p>A program that hands it on as a {@link Context} keeps the right to cancel to itself.
 */
public final class CancelContext extends Context implements AutoCloseable {

    private final Cancellation own;

    CancelContext(Cancellation own, @Nullable Binding bindings) {
        super(own, bindings);
        this.own = own;
    }

    /**
     * Cancels this context and all under it. If it is done already, this does nothing.
     *
     * <p>{@link #err()} is then a {@link ContextException} with the stack of this call, and so is {@link #cause()}.
     * When the call that has cancelled the context returns, so are those under it; the others may return before that.
     *
     * <p>It does not block and does not look at the interrupt status. It happens-before the return of a receive from
     * {@link #done()}, the start of a task given to {@link #afterFunc}, and what {@link #err()} and {@link #check()}
     * tell of it. It takes time in proportion to the contexts under this one and to the goroutines it wakes. Go: {@code
     * cancel()}, as {@code context.WithCancel} returns it.
     */
    public void cancel() {
        if (own.ended() == null) {
            own.end(Ending.cancelled(true));
        }
    }

    /**
     * Cancels this context and all under it, and says why; else as {@link #cancel()}. If it is done already, the cause
     * is of no consequence.
     *
     * <p>Go: {@code cancel(cause)}, as {@code context.WithCancelCause} returns it.
     *
     * @param cause what {@link #cause()} is to give, not null; any exception that is thrown because of this has it as
     *     its cause
     * @throws NullPointerException if the cause is null
     */
    public void cancel(Throwable cause) {
        Objects.requireNonNull(cause, "the cause is null: cancel() is for there being none");
        if (own.ended() == null) {
            own.end(Ending.cancelled(cause));
        }
    }

    /**
     * Cancels this context if it is not done yet, as {@link #cancel()} does, but without taking a stack: it is what
     * happens at the end of each {@code try}.
     *
     * <p>Go: {@code defer cancel()}.
     */
    @Override
    public void close() {
        if (own.ended() == null) {
            own.end(Ending.cancelled(false));
        }
    }
}
