package dev.runnel;

/**
 * What a case of a {@code select} does once it has been chosen, when there is no value to be handed over: after a send,
 * a timeout, or when nothing was ready.
 *
 * @see SendChan#onSend(Object, Action)
 * @see Go#after(java.time.Duration, Action)
 * @see Go#otherwise(Action)
 */
@FunctionalInterface
public interface Action {

    /**
     * Runs on the thread of the goroutine that selects, after the case has happened and while no lock is held.
     *
     * @throws InterruptedException if the action was interrupted; it comes out of {@code select}, as does any other
     *     exception, and the case stays done
     */
    void run() throws InterruptedException;
}
