package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * What a receive case of a {@code select} does with the value it has received.
 *
 * @param <T> the type of the value
 * @see ReceiveChan#onReceive(Handler)
 */
@FunctionalInterface
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public interface Handler<T extends @Nullable Object> {

    /**
     * Runs on the thread of the goroutine that selects, after the value has been received and while no lock is held.
     *
     * @param value the value received, or null if the channel is closed and drained
     * @throws InterruptedException if the handler was interrupted; it comes out of {@code select}, as does any other
     *     exception, and the value stays received
     */
    void handle(T value) throws InterruptedException;
}
