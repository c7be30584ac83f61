package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * How a context has ended: the same for those that depend on it and that ended because it did.
 *
 * @param err what {@link Context#err()} gives
 * @param given the cause that was given; null if none was
 */
record Ending(ContextException err, @Nullable Throwable given) {

    /** Somebody has cancelled the context. */
    static Ending cancelled(boolean traced) {
        return new Ending(new ContextException(null, traced), null);
    }

    /** Somebody has cancelled the context, and has said why. */
    static Ending cancelled(Throwable cause) {
        return new Ending(new ContextException(cause, false), cause);
    }

    /**
     * The deadline of the context has passed.
     *
     * @param cause what was said to be the cause then; null if nothing was
     */
    static Ending deadlineExceeded(@Nullable Throwable cause) {
        return new Ending(new DeadlineExceededException(cause, false), cause);
    }

    /** What {@link Context#cause()} gives. */
    Throwable cause() {
        return given == null ? err : given;
    }

    /** A new exception, with the stack of the caller. */
    ContextException exception() {
        return err instanceof DeadlineExceededException
                ? new DeadlineExceededException(cause(), true)
                : new ContextException(cause(), true);
    }
}
