package dev.runnel;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of work is done under: whether it is still wanted, and values that belong to it as a whole, such as the
 * id of a request. It is Go's {@code context.Context}. A context is handed down from caller to callee, as the first
 * argument; whoever wants to limit what the callee does derives another one from it, and all that are derived from a
 * context are cancelled with it.
 *
 * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="cancel"}
 *
 * <p>{@link #background()} is what all others come from: {@link #withCancel()} can be cancelled, {@link
 * #withTimeout(Duration)} ends by itself, too, {@link #with} carries
 * one more value, {@link #withoutCancel()} outlives the others.
 *
 * <p><b>Cancelling</b> tells; it does not force. A goroutine takes part by asking ({@link #check()}, {@link #err()}),
 * or by waiting for {@link #done()} beside what else it waits for:
 *
 * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="select"}
 *
 * <p><b>Why</b> a context is done is told by {@link #err()} and {@link #cause()}; the first who cancels it, or one
 * above it, has the say. What throws because a context is done throws a {@link ContextException}, a new one with the
 * stack of where it is thrown, whose {@link Throwable#getCause() getCause()} is the cause.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before it cancelled a context happens-before all by which
 * another one gets to know of it: a receive from {@link #done()} that returns, the start of an {@link #afterFunc}, an
 * {@link #err()} or {@link #cause()} that is not null, a {@link #check()} that throws. A context may be handed over
 * without synchronization: whoever has it finds its values, and what they refer to, at least as they were when {@link
 * #with} was called. For anything else, hand it over by what orders, such as a channel or {@link Go#go}.
 *
 * <p><b>Cost.</b> A context is a few small objects. It is no thread, and what was derived from a context and is done
 * leaves nothing behind there: a million contexts may come and go under one. Finding a value takes as long as there are
 * values. Any number of threads may use a context at once.
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public abstract sealed class Context permits CancelContext, PlainContext {

    private static final String TIMEOUT_NULL = "the timeout is null";
    private static final String DEADLINE_NULL = "the deadline is null";

    /** What is waited for at the most. */
    private static final Duration LONGEST = Duration.ofNanos(Clock.LONGEST);

    /** What ends it; null if nothing ever does. */
    private final @Nullable Cancellation cancellation;

    private final @Nullable Binding bindings;

    Context(@Nullable Cancellation cancellation, @Nullable Binding bindings) {
        this.cancellation = cancellation;
        this.bindings = bindings;
    }

    /**
     * The context that all others come from: it is never done and carries no values.
     *
     * <p>Go: {@code context.Background()}, and {@code context.TODO()}.
     *
     * @return the one such context
     */
    public static Context background() {
        return PlainContext.BACKGROUND;
    }

    /**
     * Derives a context that can be cancelled, and that is done when this one is.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="cancel"}
     *
     * <p>Close it when the work is over, with {@code try}: until it is done, this context holds on to it.
     *
     * <p>Go: {@code context.WithCancel(ctx)}, {@code context.WithCancelCause(ctx)}.
     *
     * @return a new context with the values of this one; done at once if this one is
     */
    public CancelContext withCancel() {
        return new CancelContext(Cancellation.under(cancellation), bindings);
    }

    /**
     * Derives a context that is done after a time, counted from this call, if it has not been cancelled before; else as
     * {@link #withCancel()}. If this one has a deadline that comes first, that is its deadline too.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="timeout"}
     *
     * <p>Close it when the work is over, with {@code try}: until it is done, this context and the timer hold on to it.
     *
     * <p>Go: {@code context.WithTimeout(ctx, timeout)}.
     *
     * @param timeout how long, not null; zero or negative is over at once, more than 146 years count as 146
     * @return a new context with the values of this one; after the time its {@link #err()} is a {@link
     *     DeadlineExceededException}
     * @throws NullPointerException if the timeout is null
     */
    public CancelContext withTimeout(Duration timeout) {
        return within(Objects.requireNonNull(timeout, TIMEOUT_NULL), null);
    }

    /**
     * Derives a context that is done after a time, and says why; else as {@link #withTimeout(Duration)}.
     *
     * <p>Go: {@code context.WithTimeoutCause(ctx, timeout, cause)}.
     *
     * @param timeout how long, not null; zero or negative is over at once, more than 146 years count as 146
     * @param cause what {@link #cause()} is to give if the time is over, not null; it is of no consequence if a
     *     deadline of this context comes first, or the new one is cancelled
     * @return a new context with the values of this one
     * @throws NullPointerException if the timeout or the cause is null
     */
    public CancelContext withTimeout(Duration timeout, Throwable cause) {
        Objects.requireNonNull(timeout, TIMEOUT_NULL);
        return within(timeout, Objects.requireNonNull(cause, "the cause is null: withTimeout(timeout) is for none"));
    }

    /**
     * Derives a context that is done at an instant of the system's clock, if it has not been cancelled before; else as
     * {@link #withTimeout(Duration)}. How long that is is settled by this call: it does not matter if the clock is set.
     *
     * <p>Go: {@code context.WithDeadline(ctx, deadline)}.
     *
     * @param deadline the instant, not null; if it has passed, the context is done at once
     * @return a new context with the values of this one
     * @throws NullPointerException if the deadline is null
     */
    public CancelContext withDeadline(Instant deadline) {
        return until(Objects.requireNonNull(deadline, DEADLINE_NULL), null);
    }

    /**
     * Derives a context that is done at an instant of the system's clock, and says why; else as {@link
     * #withDeadline(Instant)}.
     *
     * <p>Go: {@code context.WithDeadlineCause(ctx, deadline, cause)}.
     *
     * @param deadline the instant, not null; if it has passed, the context is done at once
     * @param cause what {@link #cause()} is to give if the deadline passes, not null; it is of no consequence if a
     *     deadline of this context comes first, or the new one is cancelled
     * @return a new context with the values of this one
     * @throws NullPointerException if the deadline or the cause is null
     */
    public CancelContext withDeadline(Instant deadline, Throwable cause) {
        Objects.requireNonNull(deadline, DEADLINE_NULL);
        return until(deadline, Objects.requireNonNull(cause, "the cause is null: withDeadline(deadline) is for none"));
    }

    private CancelContext within(Duration timeout, @Nullable Throwable cause) {
        Duration wait = timeout.isNegative() ? Duration.ZERO : timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        return after(wait, Instant.now().plus(wait), cause);
    }

    private CancelContext until(Instant deadline, @Nullable Throwable cause) {
        return after(Duration.between(Instant.now(), deadline), deadline, cause);
    }

    private CancelContext after(Duration timeout, Instant instant, @Nullable Throwable cause) {
        long deadline = Clock.deadlineAfter(timeout);
        return new CancelContext(Cancellation.under(cancellation, deadline, instant, cause), bindings);
    }

    /**
     * When this context is done at the latest: the first of its own deadline and those of the contexts above it.
     *
     * <p>Go: {@code ctx.Deadline()}.
     *
     * @return the instant, by the system's clock at the time when the deadline was set; null if there is no deadline
     */
    public @Nullable Instant deadline() {
        return cancellation == null ? null : cancellation.instant;
    }

    /**
     * Derives a context with the values of this one that is not done when this one is: for work that has to go on when
     * what it belongs to is given up, as to roll something back or to write a log. It has no deadline.
     *
     * <p>Go: {@code context.WithoutCancel(ctx)}.
     *
     * @return a new context that is never done
     */
    public Context withoutCancel() {
        return new PlainContext(null, bindings);
    }

    /**
     * Derives a context that carries one more value. It is done when this one is. A value that was bound to the same
     * key before can no longer be seen there.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="values"}
     *
     * <p>Values are for what belongs to a piece of work as a whole and passes through code that does not care, not for
     * what could be an argument. Go: {@code context.WithValue(ctx, key, value)}.
     *
     * @param <T> the type of the value
     * @param key under which it is found, not null
     * @param value the value, not null; as several threads may see it, it should be immutable or safe for that
     * @return a new context
     * @throws NullPointerException if the key or the value is null
     */
    public <T extends Object> Context with(Key<T> key, T value) {
        Objects.requireNonNull(key, "the key is null");
        Objects.requireNonNull(value, "the value is null: null is what a key without a value has");
        return new PlainContext(cancellation, new Binding(key, value, bindings));
    }

    /**
     * The value that this context carries under a key: the one bound last on the way from {@link #background()} to
     * here.
     *
     * <p>Go: {@code ctx.Value(key)}.
     *
     * @param <T> the type of the value
     * @param key the key, not null
     * @return the value; or null if there is none
     * @throws NullPointerException if the key is null
     */
    @SuppressWarnings("unchecked") // with() has taken a value of the key's type
    public <T extends Object> @Nullable T value(Key<T> key) {
        return (@Nullable T) Binding.find(bindings, Objects.requireNonNull(key, "the key is null"));
    }

    /**
     * The channel that is closed once this context is done; nothing is ever sent on it. It is {@link Chan#absent()} if
     * the context can never be done. Each call gives the same one.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="done"}
     *
     * <p>Go: {@code ctx.Done()}.
     *
     * @return the channel
     */
    @SuppressWarnings({"unchecked", "nullness:type.argument"}) // nothing is ever received, be it of whatever type
    public ReceiveChan<Void> done() {
        return (ReceiveChan<Void>) (ReceiveChan<?>) chan();
    }

    private ReceiveChan<?> chan() {
        return cancellation == null ? Chan.absent() : cancellation.done();
    }

    /**
     * A case of a {@code select} that is ready once this context is done, and which, if it is chosen, makes select
     * throw what {@link #check()} throws. It has no value. As a handle it may be used turn by turn.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="select"}
     *
     * <p>Go: {@code case <-ctx.Done(): return ctx.Err()}.
     *
     * @param <V> any type, so that the case fits beside others
     * @return a new case
     */
    public <V> Case<V> onDone() {
        return chan().onReceive(closed -> check());
    }

    /**
     * Whether, and how, this context is done. Once it is not null it stays the same.
     *
     * <p>Go: {@code ctx.Err()}. To throw it, call {@link #check()}: that has the stack of where it is thrown.
     *
     * @return null while the context is not done; then a {@link DeadlineExceededException} if a deadline has passed, or
     *     else a {@link ContextException}. It has the stack of the call of {@link CancelContext#cancel()}, or none if
     *     the context was done in another way
     */
    public @Nullable ContextException err() {
        Ending over = ended();
        return over == null ? null : over.err();
    }

    /**
     * Why this context is done: what was given to {@link CancelContext#cancel(Throwable)}, of this context or of one
     * above it, by the first one that cancelled any of them; or {@link #err()} itself if nothing was given.
     *
     * <p>Go: {@code context.Cause(ctx)}.
     *
     * @return null while the context is not done; then always the same
     */
    public @Nullable Throwable cause() {
        Ending over = ended();
        return over == null ? null : over.cause();
    }

    /**
     * Throws if this context is done: for work that does not wait for anything, to be called now and then.
     *
     * <p>It does not block and does not look at the interrupt status. It costs a read of a field. Go: {@code if err :=
     * ctx.Err(); err != nil { return err }}.
     *
     * @throws ContextException if the context is done, as a {@link DeadlineExceededException} if a deadline has passed;
     *     a new one, its {@link Throwable#getCause() getCause()} is {@link #cause()}
     */
    public void check() {
        Ending over = ended();
        if (over != null) {
            throw over.exception();
        }
    }

    /**
     * Has a task run once this context is done, in a goroutine of its own; at once if it is done already. Each call is
     * for itself, and a task runs once at the most.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="after-func"}
     *
     * <p>It does not block and does not look at the interrupt status. What was done before the context was cancelled,
     * and what this thread did before the call, happens-before the first action of the task. What the task throws
     * reaches the uncaught-exception handler of its thread. Until it is stopped, or the context is done, the context
     * holds on to the task. Go: {@code context.AfterFunc(ctx, task)}.
     *
     * @param task what to run, not null
     * @return by which the task can be kept from being run
     * @throws NullPointerException if the task is null
     */
    public AfterFunc afterFunc(Task task) {
        return AfterFunc.of(cancellation, Objects.requireNonNull(task, "the task is null"));
    }

    private @Nullable Ending ended() {
        return cancellation == null ? null : cancellation.ended();
    }

    /** What ends it, for those that are to be told; null if nothing ever does. */
    final @Nullable Cancellation cancellation() {
        return cancellation;
    }

    /** Says whether it is done, and names the keys of its values; the values themselves may be nobody's business. */
    @Override
    public final String toString() {
        StringBuilder text = new StringBuilder("Context[");
        if (cancellation == null) {
            text.append("never done");
        } else {
            ContextException err = err();
            text.append(err == null ? "not done" : err.getMessage());
        }
        for (Binding one = bindings; one != null; one = one.next()) {
            text.append(", ").append(one.key().name());
        }
        return text.append(']').toString();
    }

    /**
     * What a value of a context is found by. A key is equal only to itself, so that whoever made it decides who can get
     * at the value; keep it in a static field.
     *
     * {@snippet file="dev/runnel/snippets/ContextSnippets.java" region="values"}
     *
     * @param <T> the type of the values
     */
    @SuppressWarnings("UnusedTypeParameter") // it is what ties the value to the key
    public static final class Key<T extends Object> {

        private final String name;

        private Key(String name) {
            this.name = name;
        }

        /**
         * Makes a key.
         *
         * @param <T> the type of the values
         * @param name what the key is called where a context is printed, not null; it need not be unique
         * @return a new key
         * @throws NullPointerException if the name is null
         */
        public static <T extends Object> Key<T> of(String name) {
            return new Key<>(Objects.requireNonNull(name, "the name is null"));
        }

        String name() {
            return name;
        }

        /** Names the key. */
        @Override
        public String toString() {
            return "Key[" + name + "]";
        }
    }
}
