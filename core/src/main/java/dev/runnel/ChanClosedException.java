package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by an operation that a closed channel cannot do: a send, or a second close. In Go both are panics with the
 * same words.
 *
 * <p>Receiving from a closed channel is no error, see {@link ReceiveChan#receive()}, unless it was {@linkplain
 * SendChan#close(Throwable) closed with a cause}: then receives throw this exception when they have drained it. Each is
 * a new one, with the stack of whoever called, and {@link #getCause()} is the very object that the channel was closed
 * with, with its own stack.
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public class ChanClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception with a message.
     *
     * @param message what was tried on the closed channel, and what to do instead
     */
    public ChanClosedException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a message and the cause that the channel was closed with.
     *
     * @param message what was tried on the closed channel, and what to do instead
     * @param cause what the channel was closed with; null if there was none
     */
    public ChanClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
