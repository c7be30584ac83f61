package dev.runnel;

import java.util.Collection;
import java.util.Objects;

/**
 * The sending side of a channel: Go's {@code chan<- T}.
 *
 * <p>Take a {@code SendChan<? super T>} where a method only sends, so that its signature says so and the compiler holds
 * it to that. How values travel, who waits for whom and what a close does is told in {@link Chan}.
 *
 * @param <T> the type of the values; none of them is ever null
 */
public sealed interface SendChan<T extends Object> permits Chan {

    /**
     * Sends a value, waiting until it can. On an unbuffered channel it returns once a receiver has taken this very
     * value; on a buffered one once the value has its place in the buffer or in the hands of a receiver.
     *
     * <p><b>Blocks</b> while no receiver waits and the buffer has no room. Senders are served in the order in which
     * they queued, and nobody overtakes one who waits. A receive, a close or an interruption ends the wait.
     *
     * <p><b>Interruption</b> is looked at on entry, even if the value could be sent at once, and while waiting. If the
     * method throws, the value was not sent and never will be. If a receiver took it first, the method returns normally
     * and the thread's interrupt status stays set.
     *
     * <p><b>Memory</b>: what the thread did before the send happens-before the return of the receive that gets the
     * value. On an unbuffered channel the start of that receive happens-before the return of this method; with a
     * capacity C, that of the k-th receive happens-before the return of the (k+C)-th send.
     *
     * <p><b>Cost</b>: a few nanoseconds and no allocation if it need not wait; otherwise some microseconds of spinning
     * at the most, and if that was in vain one small object, and parking and unparking a thread.
     *
     * <p>Go: {@code ch <- value}.
     *
     * @param value the value, not null
     * @throws NullPointerException if the value is null: null is what a receive from a closed channel gives
     * @throws ChanClosedException if the channel is closed, or is closed while the method waits; the value was not sent
     * @throws InterruptedException if the thread is interrupted on entry or while it waits; the value was not sent
     */
    void send(T value) throws InterruptedException;

    /**
     * Sends a value, waiting until it can, or until a context is done; else as {@link #send(Object)}.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="operations"}
     *
     * <p><b>Blocks</b> as {@code send} does; that the context is done ends the wait too.
     *
     * <p><b>Interruption</b> and then the context are looked at on entry, even if the value could be sent at once, and
     * while waiting. If the method throws, the value was not sent and never will be; if a receiver took it first, it
     * returns normally.
     *
     * <p><b>Cost</b>: that of {@code send} and some nanoseconds if it need not wait, or if the context can never be
     * done; else that of a select with two new cases. In a loop, {@link Context#onDone()} as a handle costs less.
     *
     * <p>Go: {@code select { case ch <- value: case <-ctx.Done(): return ctx.Err() }}.
     *
     * @param value the value, not null
     * @param context the context, not null
     * @throws NullPointerException if the value or the context is null
     * @throws ChanClosedException if the channel is closed, or is closed while the method waits; the value was not sent
     * @throws ContextException if the context is done, on entry or while the method waits, as {@link Context#check()}
     *     throws it; the value was not sent
     * @throws InterruptedException if the thread is interrupted on entry or while it waits; the value was not sent
     */
    default void send(T value, Context context) throws InterruptedException {
        Objects.requireNonNull(value, LockedChan.NULL_SENT);
        Objects.requireNonNull(context, "the context is null");
        Waiter.checkInterrupt();
        context.check();
        if (context.cancellation() == null) {
            send(value);
        } else if (!trySend(value)) {
            Go.select(onSend(value), context.onDone());
        }
    }

    /**
     * Sends a value if that needs no waiting. It fails only if at some instant during the call the channel was open,
     * no receiver was waiting and the buffer was full; never without such a reason.
     *
     * <p>It does not block and does not look at the interrupt status. Memory effects are those of {@link #send}, if it
     * succeeds; if it fails, there are none. <b>Cost</b>: a few nanoseconds; at an unbuffered channel at which nobody
     * waits it writes nothing.
     *
     * <p>Go: {@code select { case ch <- value: … default: … }}.
     *
     * @param value the value, not null
     * @return whether the value was sent
     * @throws NullPointerException if the value is null
     * @throws ChanClosedException if the channel is closed
     */
    boolean trySend(T value);

    /**
     * Sends values one after the other, in the order in which the collection has them, waiting for each as {@link
     * #send} does. Values of other senders may come in between.
     *
     * {@snippet file="dev/runnel/snippets/ChanSnippets.java" region="batches"}
     *
     * <p>The collection is copied first; if one of its values is null, nothing is sent.
     *
     * <p><b>Blocks</b> while no receiver waits and the buffer has no room, for each value anew.
     *
     * <p><b>Interruption</b> is looked at on entry, even if the collection is empty, and then as by a send for each
     * value. If the method throws, the message of the exception says how many values had been sent: those at the
     * beginning. The others were not and never will be.
     *
     * <p><b>Memory</b>: each value has the effects of a {@link #send}. <b>Cost</b>: where there is room for several
     * values at once, less than sending them one by one.
     *
     * <p>Go: {@code for _, v := range values { ch <- v }}.
     *
     * @param values the values, none of them null; if there are none, nothing is done, even if the channel is closed
     * @throws NullPointerException if the collection or a value in it is null; nothing was sent
     * @throws ChanClosedException if the channel is closed, or is closed while the method waits; the message says how
     *     many values had been sent before
     * @throws InterruptedException if the thread is interrupted on entry or while it waits; the message says how many
     *     values had been sent before
     */
    void sendAll(Collection<? extends T> values) throws InterruptedException;

    /**
     * Closes the channel: no more values will be sent. What is in the buffer can still be received; after that every
     * receive gives null at once. Goroutines that wait to receive are woken and get null; goroutines that wait to send
     * are woken and get a {@link ChanClosedException}, their values undelivered.
     *
     * <p>Closing tells receivers that nothing more will come. A channel that nobody waits for needs no closing, and it
     * is the sender's to close, since a send on a closed channel is an error.
     *
     * <p>It does not block and does not look at the interrupt status. It happens-before the return of every receive
     * that gives null because of it, and before every exception a send throws because of it. It takes time in
     * proportion to the number of goroutines it wakes.
     *
     * <p>If there should have been more, {@link #close(Throwable)} tells receivers so.
     *
     * <p>Go: {@code close(ch)}.
     *
     * @throws ChanClosedException if the channel is closed already
     * @throws IllegalStateException if this is {@link Chan#absent()}
     */
    void close();

    /**
     * Closes the channel and says why: that what was sent is not all there should have been. What is in the buffer can
     * still be received; after that every receive throws a {@link ChanClosedException}, where after {@link #close()} it
     * would give null. So half a result does not look whole to whoever receives it.
     *
     * {@snippet file="dev/runnel/snippets/ChanSnippets.java" region="close-cause"}
     *
     * <p>Goroutines that wait to receive are woken, and each gets an exception, as do those that wait to send. Each
     * exception is a new one, with the stack of its own thread; its {@link Throwable#getCause() cause} is the object
     * given here, which the channel keeps. {@link ReceiveChan#isDrained()} becomes true as after any close. In a
     * {@code select} the closed channel is as ready as any, and if a receive from it is chosen, select throws in place
     * of running the handler.
     *
     * <p>It does not block and does not look at the interrupt status. It happens-before every exception that is thrown
     * because of it. It takes time in proportion to the number of goroutines it wakes. Go has no such close: there one
     * sends the error, or keeps it beside the channel.
     *
     * @param cause why, not null
     * @throws NullPointerException if the cause is null
     * @throws ChanClosedException if the channel is closed already; its cause is that of the first close, and what was
     *     given here is {@linkplain Throwable#getSuppressed() suppressed} in it
     * @throws IllegalStateException if this is {@link Chan#absent()}
     */
    void close(Throwable cause);

    /**
     * The number of values in the buffer at some instant during the call; 0 if the channel is unbuffered. By the time
     * the caller looks at it, it may have changed.
     *
     * <p>It does not block and does not look at the interrupt status. <b>Cost</b>: it takes the lock; of a buffer, those
     * of both ends, so that nobody sends or receives meanwhile. Go: {@code len(ch)}.
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
     * A case of a {@code select} that sends the value given last to {@link SendCase#with}: a handle to be made once and
     * used turn by turn, at no allocation.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="send-handle"}
     *
     * <p>Go: {@code case ch <- value:}, in a loop.
     *
     * @return a new handle, with no value yet
     */
    SendCase<T> onSend();

    /**
     * A case of a {@code select} that sends a value.
     *
     * <p>Go: {@code case ch <- value:}.
     *
     * @param <V> any type, so that the case fits beside others; the case's own {@link Case#value()} is null
     * @param value the value, not null
     * @return a new case
     * @throws NullPointerException if the value is null
     */
    <V> Case<V> onSend(T value);

    /**
     * A case of a {@code select} that sends a value and then, if it was the one chosen, runs an action.
     *
     * <p>Go: {@code case ch <- value: action()}.
     *
     * @param <V> any type, so that the case fits beside others; the case's own {@link Case#value()} is null
     * @param value the value, not null
     * @param action what to do once the value has been sent, not null; it runs on the selecting goroutine, outside of
     *     all locks, and what it throws comes out of {@code select}
     * @return a new case
     * @throws NullPointerException if the value or the action is null
     */
    <V> Case<V> onSend(T value, Action action);
}
