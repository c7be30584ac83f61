package dev.runnel;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a channel does with values that nobody waits for: how many it holds, and what happens to a send when it is full.
 * It is given to {@link Chan#make(Buffer)}, and can be given to it again; each channel has a buffer of its own.
 *
 * {@snippet file="dev/runnel/snippets/BufferSnippets.java" region="drop-oldest"}
 *
 * <table>
 *   <caption>Buffers</caption>
 *   <tr><th></th><th>a send to a full one</th><th>a receive gets</th></tr>
 *   <tr><td>{@link #fixed}</td><td>waits</td><td>every value</td></tr>
 *   <tr><td>{@link #unbounded}</td><td>there is none; memory may run out</td><td>every value</td></tr>
 *   <tr><td>{@link #dropOldest}</td><td>drops the value that has waited longest</td><td>the last ones</td></tr>
 *   <tr><td>{@link #dropNewest}</td><td>drops the value that it sends</td><td>the first ones</td></tr>
 *   <tr><td>{@link #conflating}</td><td>replaces the one value there is</td><td>the latest</td></tr>
 * </table>
 *
 * <p><b>Nothing is lost silently</b>: a buffer that drops has a listener, which is given each dropped value once. It
 * runs on the goroutine that sends, outside of all locks, when the send has happened; it may block, and it delays none
 * but that sender. What it throws comes out of the send, or of the {@code select} whose case was the send and whose
 * action then does not run; the value stays sent all the same. Senders at the same time may run it at the same time. A
 * listener that has nothing to do is to be written as such: {@code dropped -> {}}.
 *
 * <p><b>A send to a buffer that drops never waits.</b> It, {@code trySend} and a send case of a {@code select} always
 * succeed while the channel is open, be it by a drop. A value is never dropped while a receiver waits. What is in the
 * buffer when the channel is closed stays receivable.
 *
 * <p><b>Memory consistency effects</b> are those that {@link Chan} states, but that on a channel which never lets a
 * send wait no receive happens-before a send. A send also happens-before the listener that is given its value, whoever
 * runs it.
 *
 * <p><b>Cost.</b> Sends and receives allocate nothing where the buffer neither grows nor shrinks by a segment of up to
 * 64 values; a send for which there is no memory throws an {@link OutOfMemoryError} and has not happened. All of these
 * but the fixed one have one lock for both ends.
 *
 * <p>In Go a goroutine between two channels does this, or a {@code select} with {@code default} around the send.
 *
 * @param <T> the type of the values
 */
public final class Buffer<T extends Object> {

    /** What a send does that finds the buffer full. */
    enum WhenFull {
        WAIT, DROP_OLDEST, DROP_NEWEST
    }

    private final int capacity;
    private final WhenFull whenFull;
    private final Consumer<? super T> onDrop;

    private Buffer(int capacity, WhenFull whenFull, Consumer<? super T> onDrop) {
        this.capacity = capacity;
        this.whenFull = whenFull;
        this.onDrop = onDrop;
    }

    /**
     * A buffer with room for a number of values, whose sends wait while it is full: as {@link Chan#make(int)} has it.
     * It is allocated when the channel is made.
     *
     * @param <T> the type of the values
     * @param capacity how many values; not negative, and if 0 the channel is unbuffered
     * @return the buffer
     * @throws IllegalArgumentException if the capacity is negative, or more than an array can have
     */
    public static <T extends Object> Buffer<T> fixed(int capacity) {
        return new Buffer<>(RingChan.checkCapacity(capacity), WhenFull.WAIT, dropped -> {});
    }

    /**
     * A buffer that keeps the last values: if it is full, a send drops the oldest value in it.
     *
     * @param <T> the type of the values
     * @param capacity how many values; at least 1
     * @param onDrop what to do with each dropped value, not null
     * @return the buffer
     * @throws IllegalArgumentException if the capacity is less than 1
     * @throws NullPointerException if the listener is null
     */
    public static <T extends Object> Buffer<T> dropOldest(int capacity, Consumer<? super T> onDrop) {
        return dropping(capacity, WhenFull.DROP_OLDEST, onDrop);
    }

    /**
     * A buffer that keeps the first values: if it is full, a send drops the value that it was to send.
     *
     * @param <T> the type of the values
     * @param capacity how many values; at least 1
     * @param onDrop what to do with each dropped value, not null
     * @return the buffer
     * @throws IllegalArgumentException if the capacity is less than 1
     * @throws NullPointerException if the listener is null
     */
    public static <T extends Object> Buffer<T> dropNewest(int capacity, Consumer<? super T> onDrop) {
        return dropping(capacity, WhenFull.DROP_NEWEST, onDrop);
    }

    /**
     * A buffer for the latest value only: a send replaces the one that has not been received yet. It is {@code
     * dropOldest(1, onReplaced)} by another name.
     *
     * @param <T> the type of the values
     * @param onReplaced what to do with each value that is replaced, not null
     * @return the buffer
     * @throws NullPointerException if the listener is null
     */
    public static <T extends Object> Buffer<T> conflating(Consumer<? super T> onReplaced) {
        return dropping(1, WhenFull.DROP_OLDEST, onReplaced);
    }

    private static <T extends Object> Buffer<T> dropping(int capacity, WhenFull whenFull, Consumer<? super T> onDrop) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity
                    + ": a buffer that drops needs room for one value at least, or it would drop all of them");
        }
        return new Buffer<>(capacity, whenFull, Objects.requireNonNull(onDrop,
                "the listener is null: dropped values would be lost silently; to want that, give dropped -> {}"));
    }

    /**
     * A buffer that grows with what is sent, so that sends never wait. If receivers do not keep up, memory runs out: a
     * send then throws {@link OutOfMemoryError}, and its value was not sent. {@link #fixed} is what lets receivers set
     * the pace. Memory is given back as values are received. The channel's capacity is {@link Integer#MAX_VALUE}, and
     * at that many values sends would wait after all.
     *
     * @param <T> the type of the values
     * @return the buffer
     */
    public static <T extends Object> Buffer<T> unbounded() {
        return new Buffer<>(Integer.MAX_VALUE, WhenFull.WAIT, dropped -> {});
    }

    /** A new channel with this buffer. */
    Chan<T> makeChan() {
        return whenFull == WhenFull.WAIT && capacity < Integer.MAX_VALUE
                ? Chan.make(capacity)
                : new PolicyChan<>(capacity, whenFull, onDrop);
    }

    /** Names the policy and the capacity. */
    @Override
    public String toString() {
        return "Buffer[capacity=" + capacity + ", when full " + whenFull + "]";
    }
}
