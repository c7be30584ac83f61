package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * The deadline of a {@link Context} has passed, and what was done on its behalf is given up: Go's {@code
 * context.DeadlineExceeded}.
 *
 * @see Context#withTimeout(java.time.Duration)
 * @see Context#withDeadline(java.time.Instant)
 */
public class DeadlineExceededException extends ContextException {

    private static final long serialVersionUID = 1L;

    /** Made by contexts, which tell how they have ended. */
    DeadlineExceededException(@Nullable Throwable cause, boolean traced) {
        super("context deadline exceeded", cause, traced);
    }
}
