package dev.runnel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Go's nil channel; see {@link Chan#absent()}. */
final class AbsentChan<T extends Object> implements Chan<T> {

    private static final String NOTHING_TO_CLOSE = "close of absent channel: there is nothing to close";

    private static final AbsentChan<?> INSTANCE = new AbsentChan<>();

    private AbsentChan() {}

    @SuppressWarnings("unchecked") // no value ever comes or goes
    static <T extends Object> Chan<T> instance() {
        return (Chan<T>) INSTANCE;
    }

    @Override
    public void send(T value) throws InterruptedException {
        Objects.requireNonNull(value, LockedChan.NULL_SENT);
        blockForEver();
    }

    @Override
    public boolean trySend(T value) {
        Objects.requireNonNull(value, LockedChan.NULL_SENT);
        return false;
    }

    @Override
    public void sendAll(Collection<? extends T> values) throws InterruptedException {
        int n = Batches.elementsOf(values).length;
        try {
            Waiter.checkInterrupt();
            if (n > 0) {
                blockForEver();
            }
        } catch (InterruptedException e) {
            throw Batches.interrupted(0, n);
        }
    }

    @Override
    public List<T> drain(int max) {
        Batches.checkMax(max);
        return new ArrayList<>();
    }

    @Override
    public @Nullable T receive() throws InterruptedException {
        blockForEver();
        return null;
    }

    private void blockForEver() throws InterruptedException {
        Waiter.checkInterrupt();
        new Waiter().await(this, Waiter.NO_DEADLINE);
    }

    @Override
    public @Nullable T tryReceive() {
        return null;
    }

    @Override
    public void close() {
        throw new IllegalStateException(NOTHING_TO_CLOSE);
    }

    @Override
    public void close(Throwable cause) {
        Objects.requireNonNull(cause, LockedChan.NULL_CAUSE);
        IllegalStateException e = new IllegalStateException(NOTHING_TO_CLOSE);
        e.addSuppressed(cause);
        throw e;
    }

    @Override
    public boolean isDrained() {
        return false;
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public int capacity() {
        return 0;
    }

    @Override
    public Iterator<T> iterator() {
        return new ChanIterator<>(this);
    }

    @Override
    public Case<T> onReceive() {
        return ReceiveCase.of(null);
    }

    @Override
    public <V> Case<V> onReceive(Handler<? super @Nullable T> handler) {
        return ReceiveCase.handled(null, handler);
    }

    @Override
    public SendCase<T> onSend() {
        return new SendCase<>(null);
    }

    @Override
    public <V> Case<V> onSend(T value) {
        return SendCase.fixed(null, value, null);
    }

    @Override
    public <V> Case<V> onSend(T value, Action action) {
        return SendCase.fixed(null, value, Objects.requireNonNull(action, "the action is null"));
    }

    @Override
    public String toString() {
        return "Chan[absent]";
    }
}
