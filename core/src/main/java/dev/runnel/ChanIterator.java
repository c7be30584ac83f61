package dev.runnel;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Receives until the channel is closed and drained; see {@link ReceiveChan#iterator()}. */
final class ChanIterator<T extends Object> implements Iterator<T> {

    private final ReceiveChan<T> chan;

    /** The value that {@code hasNext} has received and {@code next} has not handed out. */
    private @Nullable T received;

    private boolean drained;

    ChanIterator(ReceiveChan<T> chan) {
        this.chan = chan;
    }

    @Override
    public boolean hasNext() {
        if (received == null && !drained) {
            try {
                received = chan.receive();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedInterruptedException("interrupted while iterating over a channel", e);
            }
            drained = received == null;
        }
        return received != null;
    }

    @Override
    @SuppressWarnings("ReturnValueIgnored") // hasNext is called for what it receives
    public T next() {
        hasNext();
        T value = received;
        if (value == null) {
            throw new NoSuchElementException("the channel is closed and drained");
        }
        received = null;
        return value;
    }
}
