package dev.runnel;

/**
 * An {@link InterruptedException} where no checked exception can be thrown: out of the iterator of a channel. When it
 * is thrown, the interrupt status of the thread has been set again.
 *
 * @see ReceiveChan#iterator()
 */
public class UncheckedInterruptedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Wraps an interruption.
     *
     * @param message what was interrupted
     * @param cause the interruption
     */
    public UncheckedInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
