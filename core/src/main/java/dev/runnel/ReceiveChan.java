package dev.runnel;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a channel: Go's {@code <-chan T}.
 *
 * <p>Take a {@code ReceiveChan<? extends T>} where a method only receives, so that its signature says so and the
 * compiler holds it to that. How values travel, who waits for whom and what a close does is told in {@link Chan}.
 *
 * @param <T> the type of the values; none of them is ever null
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public sealed interface ReceiveChan<T extends Object> extends Iterable<T> permits Chan {

    /**
     * Receives the oldest value, waiting until there is one. <b>Null means closed and drained</b>: all values that were
     * sent have been received and no more will come.
     *
     * <p><b>Blocks</b> while the channel is open and has neither a value in its buffer nor a sender that waits.
     * Receivers are served in the order in which they queued, and nobody overtakes one who waits. A send, a close or an
     * interruption ends the wait.
     *
     * <p><b>Interruption</b> is looked at on entry, even if a value could be had at once, and while waiting. If the
     * method throws, no value was received and none is lost. If a sender handed its value over first, the method
     * returns that value and the thread's interrupt status stays set.
     *
     * <p><b>Memory</b>: what the sender did before it sent the value happens-before the return of this method, and so
     * does the close, if null is returned. What this thread did before the call happens-before the return of the send
     * whose value it takes, if the channel is unbuffered, and before the return of the (k+C)-th send if this is the
     * k-th receive on a channel of capacity C.
     *
     * <p><b>Cost</b>: a few nanoseconds and no allocation if it need not wait; otherwise some microseconds of spinning
     * at the most, and if that was in vain one small object, and parking and unparking a thread.
     *
     * <p>Go: {@code v := <-ch}, and {@code v, ok := <-ch}, where {@code !ok} is {@code v == null}.
     *
     * @return the value, or null if the channel is closed and drained
     * @throws ChanClosedException if the channel is drained and was {@linkplain SendChan#close(Throwable) closed with a
     *     cause}
     * @throws InterruptedException if the thread is interrupted on entry or while it waits; nothing was received
     */
    @Nullable
    T receive() throws InterruptedException;

    /**
     * Receives the oldest value, waiting until there is one, or until a context is done; else as {@link #receive()}.
     * <b>Null means closed and drained</b>.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="operations"}
     *
     * <p><b>Blocks</b> as {@code receive} does; that the context is done ends the wait too.
     *
     * <p><b>Interruption</b> and then the context are looked at on entry, even if a value could be had at once, and
     * while waiting. If the method throws, no value was received and none is lost; if a sender handed its value over
     * before the end of the context had come to this goroutine, it returns that value.
     *
     * <p><b>Cost</b>: that of {@code receive} and some nanoseconds if there is a value, or if the context can never be
     * done; else that of a select with two new cases. In a loop, {@link Context#onDone()} as a handle costs less.
     *
     * <p>Go: {@code select { case v := <-ch: … case <-ctx.Done(): return ctx.Err() }}.
     *
     * @param context the context, not null
     * @return the value, or null if the channel is closed and drained
     * @throws NullPointerException if the context is null
     * @throws ChanClosedException if the channel is drained and was {@linkplain SendChan#close(Throwable) closed with a
     *     cause}
     * @throws ContextException if the context is done, on entry or while the method waits, as {@link Context#check()}
     *     throws it; nothing was received
     * @throws InterruptedException if the thread is interrupted on entry or while it waits; nothing was received
     */
    default @Nullable T receive(Context context) throws InterruptedException {
        Objects.requireNonNull(context, "the context is null");
        Waiter.checkInterrupt();
        context.check();
        if (context.cancellation() == null) {
            return receive();
        }
        T value = tryReceive();
        return value == null ? Go.<T>select(onReceive(), context.onDone()).value() : value;
    }

    /**
     * Receives the oldest value if that needs no waiting. It gives null if the channel is closed and drained, or if at
     * some instant during the call it was open, its buffer empty and no sender waiting; never without such a reason.
     * {@link #isDrained()} tells the two apart.
     *
     * <p>It does not block and does not look at the interrupt status. Memory effects are those of {@link #receive()},
     * if there is a value or the channel is closed and drained; else there are none. <b>Cost</b>: a few nanoseconds; at
     * an unbuffered channel at which nobody waits it writes nothing, so that many goroutines may look at one that tells
     * them to end by its close.
     *
     * <p>Go: {@code select { case v := <-ch: … default: … }}.
     *
     * @return the value, or null if there was none to be had
     * @throws ChanClosedException if the channel is drained and was {@linkplain SendChan#close(Throwable) closed with a
     *     cause}
     */
    @Nullable
    T tryReceive();

    /**
     * Receives what is there: up to a number of values that need no waiting, those in the buffer and of senders that
     * wait, oldest first. It is {@link #tryReceive()} again and again, for less: where nobody waits to send, some
     * dozens of values are received as if at one instant.
     *
     * <p>An empty list says what a null of {@code tryReceive} says: the channel is closed and drained, or at some
     * instant during the call there was no value. {@link #isDrained()} tells the two apart. A list with fewer values
     * than asked for says that after the last of them there was none. If senders keep up, it goes on until it has as
     * many as it was asked for; so ask for no more than you want to hold.
     *
     * {@snippet file="dev/runnel/snippets/ChanSnippets.java" region="batches"}
     *
     * <p>It does not block and does not look at the interrupt status. Memory effects are those of {@link #receive()},
     * for each value. Go: {@code for { select { case v := <-ch: … default: … } }}.
     *
     * @param max how many values at the most; at least 1
     * @return a new list, in the order in which they were received, for the caller to keep and change
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws ChanClosedException if there was no value, the channel is drained and was {@linkplain
     *     SendChan#close(Throwable) closed with a cause}
     */
    List<T> drain(int max);

    /**
     * Whether the channel is closed and all values have been received. Once it is true it stays true, and every receive
     * gives null at once, or throws if the close had a cause.
     *
     * <p>It does not block and does not look at the interrupt status. If it returns true, the close and what happened
     * before it happens-before its return. <b>Cost</b>: while the channel is open, a read of one field. Go has no such
     * question: there a receive, {@code v, ok := <-ch}, tells it.
     *
     * @return whether nothing more will ever be received
     */
    boolean isDrained();

    /**
     * The number of values in the buffer at some instant during the call; 0 if the channel is unbuffered. By the time
     * the caller looks at it, it may have changed.
     *
     * <p>Go: {@code len(ch)}.
     *
     * @return the number of values that were sent and not yet received
     */
    int size();

    /**
     * The number of values that the buffer has room for; 0 if the channel is unbuffered.
     *
     * <p>Go: {@code cap(ch)}.
     *
     * @return the capacity the channel was made with
     */
    int capacity();

    /**
     * Receives the values one by one until the channel is closed and drained, for use in a {@code for} loop: each
     * {@link Iterator#hasNext()} is a {@link #receive()} and blocks as that does.
     *
     * {@snippet file="dev/runnel/snippets/ChanSnippets.java" region="range"}
     *
     * <p>If the channel was {@linkplain SendChan#close(Throwable) closed with a cause}, {@code hasNext} throws a {@link
     * ChanClosedException} when it has come to the end. If the thread is interrupted, {@code hasNext} sets the
     * interrupt status again and throws an {@link UncheckedInterruptedException}; the loop never just ends, which would
     * make half a result look whole. A value that {@code hasNext} has received and the loop has not taken is with the
     * iterator: several goroutines may iterate over one channel, each with an iterator of its own. The iterator cannot
     * remove.
     *
     * <p>Go: {@code for v := range ch}.
     *
     * @return a new iterator, for one goroutine
     */
    @Override
    Iterator<T> iterator();

    /**
     * A case of a {@code select} that receives; the value is had from {@link Case#value()}. It may be made once and
     * used turn by turn, at no allocation.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="receive-handle"}
     *
     * <p>Go: {@code case v := <-ch:}.
     *
     * @return a new case
     */
    Case<T> onReceive();

    /**
     * A case of a {@code select} that receives and then, if it was the one chosen, runs a handler with the value.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="handlers"}
     *
     * <p>Go: {@code case v := <-ch: handler(v)}.
     *
     * @param <V> any type, so that the case fits beside others; the case's own {@link Case#value()} is null, the value
     *     goes to the handler
     * @param handler what to do with the value, not null; it is given null if the channel is closed and drained, but
     *     does not run if the close had a cause: then {@code select} throws. It runs on the selecting goroutine,
     *     outside of all locks, and what it throws comes out of {@code select}
     * @return a new case
     * @throws NullPointerException if the handler is null
     */
    <V> Case<V> onReceive(Handler<? super @Nullable T> handler);
}
