package dev.runnel;

/**
 * Thrown by an operation that a closed channel cannot do: a send, or a second close. In Go both are panics with the
 * same words.
 *
 * <p>Receiving from a closed channel is no error; see {@link ReceiveChan#receive()}.
 */
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
}
