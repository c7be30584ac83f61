package dev.runnel;

import java.util.Objects;

/**
 * A channel: a queue of values between goroutines on which both sides can wait. It is Go's {@code chan T}, with Go's
 * semantics.
 *
 * {@snippet file="dev/runnel/snippets/ChanSnippets.java" region="hello"}
 *
 * <p>An <b>unbuffered</b> channel ({@link #make()}) is a rendezvous: a send returns only after a receiver has taken its
 * value. A <b>buffered</b> one ({@link #make(int)}) holds up to its capacity of values, and a send waits only while the
 * buffer is full. What other buffers do ({@link #make(Buffer)}), which drop values or grow, {@link Buffer} tells.
 *
 * <p><b>Order.</b> Values are received in the order in which they were sent. Goroutines that wait, senders and
 * receivers each, are served in the order in which they queued; nobody who comes later overtakes one who waits.
 *
 * <p><b>Closing.</b> After {@link #close()} sends throw {@link ChanClosedException}, and receives give first what is in
 * the buffer and then null. Values are never null, so null always means closed and drained. After {@link
 * #close(Throwable)}, which tells that something has gone wrong, they throw in place of giving null. A channel is not
 * {@link AutoCloseable}: it needs no closing, and a second close is an error.
 *
 * <p><b>Interruption.</b> A blocking operation checks on entry and while it waits. If it throws
 * {@link InterruptedException} it has not happened: no value was lost, none delivered twice.
 *
 * <p><b>Memory consistency effects.</b>
 *
 * <ul>
 *   <li>A send happens-before the return of the receive that gets its value.
 *   <li>A close happens-before the return of a receive that gives null because of it, and before the exception of a
 *       send that fails because of it.
 *   <li>On an unbuffered channel a receive happens-before the return of the send whose value it took.
 *   <li>With a capacity C, the k-th receive happens-before the return of the (k+C)-th send.
 * </ul>
 *
 * <p>Any thread may use a channel: virtual threads, which {@link Go#go} starts, platform threads and the workers of a
 * {@link java.util.concurrent.ForkJoinPool}, which compensates while they wait.
 *
 * <p>Methods that only send or only receive should take a {@link SendChan} or a {@link ReceiveChan}; to wait for
 * several channels at once, see {@link Go#select(Case, Case)}.
 *
 * @param <T> the type of the values; none of them is ever null
 */
public sealed interface Chan<T extends Object> extends SendChan<T>, ReceiveChan<T> permits LockedChan, AbsentChan {

    /**
     * Makes an unbuffered channel.
     *
     * <p>Go: {@code make(chan T)}.
     *
     * @param <T> the type of the values
     * @return a new channel, open
     */
    static <T extends Object> Chan<T> make() {
        return new UnbufferedChan<>();
    }

    /**
     * Makes a channel with a buffer, or an unbuffered one if the capacity is 0. The buffer is allocated at once.
     *
     * <p>Go: {@code make(chan T, capacity)}.
     *
     * @param <T> the type of the values
     * @param capacity how many values the buffer has room for; not negative
     * @return a new channel, open and empty
     * @throws IllegalArgumentException if the capacity is negative, or more than an array can have
     */
    static <T extends Object> Chan<T> make(int capacity) {
        return switch (capacity) {
            case 0 -> new UnbufferedChan<>();
            case 1 -> new SlotChan<>();
            default -> RingChan.make(capacity);
        };
    }

    /**
     * Makes a channel with a buffer that grows without bound, or that drops values in place of letting senders wait.
     *
     * {@snippet file="dev/runnel/snippets/BufferSnippets.java" region="conflating"}
     *
     * @param <T> the type of the values
     * @param buffer what to do with values that nobody waits for, not null
     * @return a new channel, open and empty
     * @throws NullPointerException if the buffer is null
     */
    static <T extends Object> Chan<T> make(Buffer<T> buffer) {
        return Objects.requireNonNull(buffer, "the buffer is null").makeChan();
    }

    /**
     * The channel that is not there: Go's nil channel. Sending to it and receiving from it block until the thread is
     * interrupted, its try forms fail, and its cases of a {@code select} are never ready, so that a loop can switch a
     * case off by putting this channel in place of another. Its size and capacity are 0; closing it is an
     * {@link IllegalStateException}.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="absent"}
     *
     * <p>Go: {@code var ch chan T}, which is nil.
     *
     * @param <T> the type of the values there would be
     * @return the one absent channel
     */
    static <T extends Object> Chan<T> absent() {
        return AbsentChan.instance();
    }

    /** {@inheritDoc} */
    @Override
    int size();

    /** {@inheritDoc} */
    @Override
    int capacity();
}
