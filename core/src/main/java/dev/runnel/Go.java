package dev.runnel;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * Go's statements as static methods, made for {@code import static dev.runnel.Go.*}: {@link #go go} starts a goroutine,
 * {@link #select(Case, Case) select} waits for the first of several channel operations.
 *
 * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="handlers"}
 */
public final class Go {
    // Go's statements have one home, so that one import brings them; nearly all of it is their documentation.

    /** The goroutines that were started and have not ended. */
    private static final LongAdder RUNNING = new LongAdder();

    /** The size of the stack of a thread that only joins another, in bytes. */
    private static final long WATCHER_STACK = 128 << 10;

    static {
        JdkBugs.warn(Runtime.version());
        Starvation.load();
    }

    /** So short a sleep that nobody can tell whether it ends when its context does, or when it is over. */
    private static final Duration SHORT = Duration.ofNanos(50_000);

    private Go() {}

    /**
     * Starts a goroutine: a new virtual thread that runs the task.
     *
     * <p>When {@code main} returns, the program ends, whatever goroutines still run, as in Go; wait for those that
     * matter with a channel or a {@link WaitGroup}. What the task throws is never lost: it reaches the
     * uncaught-exception handler of the thread, which by default prints it with its stack. The other goroutines go on;
     * in Go the whole program would end.
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did before it happens-before the
     * first action of the task. Go: {@code go f()}.
     *
     * @param task what to run, not null
     * @return the thread, started: it can be joined and interrupted
     * @throws NullPointerException if the task is null
     */
    public static Thread go(Task task) {
        Objects.requireNonNull(task, "the task is null");
        RUNNING.increment();
        try {
            Starvation.starts();
            return Thread.startVirtualThread(() -> run(task));
        } catch (Throwable e) {
            RUNNING.decrement();
            throw e;
        }
    }

    private static void run(Task task) {
        try {
            task.run();
        } catch (Throwable e) {
            throw Go.<RuntimeException>unchecked(e);
        } finally {
            RUNNING.decrement();
        }
    }

    /** Throws anything without having to declare it. */
    @SuppressWarnings("unchecked") // E is what the compiler is told, not what is thrown
    static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }

    /**
     * The number of goroutines: those that {@link #go} has started, or anything else in this library for a task that it
     * was given, and that have not ended, and the main one. Platform threads and virtual threads that were started
     * otherwise do not count.
     *
     * <p>While goroutines start and end the number is a snapshot that need not have been right at any one instant; as
     * soon as none does, it is exact. A goroutine has ended by the time its thread has been {@linkplain Thread#join()
     * joined}. Go: {@code runtime.NumGoroutine()}.
     *
     * @return the number, at least 1
     */
    public static int goroutines() {
        return Math.clamp(1 + RUNNING.sum(), 1, Integer.MAX_VALUE);
    }

    /**
     * Lets the goroutine wait for a time.
     *
     * <p><b>Blocks</b> until the time is over, so that others get to run however short it is; and not at all if it is
     * zero or negative. <b>Interruption</b> is looked at on entry and while waiting. Go: {@code time.Sleep(duration)}.
     *
     * @param duration how long, not null; more than 146 years count as 146
     * @throws NullPointerException if the duration is null
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     */
    public static void sleep(Duration duration) throws InterruptedException {
        long deadline = Clock.deadlineAfter(Objects.requireNonNull(duration, "the duration is null"));
        Waiter.checkInterrupt();
        if (duration.isPositive()) {
            new Waiter().await(Clock.class, deadline);
        }
    }

    /**
     * Lets the goroutine wait for a time, or until a context is done.
     *
     * <p><b>Blocks</b> until then, so that others get to run however short the time is; and not at all if it is zero or
     * negative. <b>Interruption</b> and then the context are looked at on entry and while waiting. Go: {@code select {
     * case <-time.After(duration): case <-ctx.Done(): return ctx.Err() }}.
     *
     * @param duration how long, not null; more than 146 years count as 146
     * @param context the context, not null
     * @throws NullPointerException if the duration or the context is null
     * @throws ContextException if the context is done, on entry or before the time is over, as {@link Context#check()}
     *     throws it
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     */
    public static void sleep(Duration duration, Context context) throws InterruptedException {
        Objects.requireNonNull(duration, "the duration is null");
        Objects.requireNonNull(context, "the context is null");
        Waiter.checkInterrupt();
        context.check();
        if (duration.compareTo(SHORT) < 0) { // a select could find it over, and not wait at all
            sleep(duration);
            context.check();
        } else {
            select(after(duration), context.onDone());
        }
    }

    /**
     * Waits until one of these cases can happen, does exactly that one, runs its handler if it has one, and returns it.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="handlers"}
     *
     * <p>Values are had from the case itself:
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="value"}
     *
     * <p><b>Choice.</b> If several cases are ready, one of them is chosen at random, each with the same chance. A
     * receive from a closed channel is ready, and its value is null, or, if the channel was {@linkplain
     * SendChan#close(Throwable) closed with a cause} and is chosen, select throws. A send to a closed channel is ready
     * too, and if it is chosen, select throws. {@link #otherwise()} is chosen only if at one instant no other case was
     * ready. A channel may stand in several cases, in sends and receives; a goroutine never meets itself. Cases of
     * {@link Chan#absent()} are never ready.
     *
     * <p><b>Blocks</b> while no case is ready, unless one is {@code otherwise}; in the queues of the channels it waits
     * its turn as a plain send or receive does. With no cases, or only absent ones, it blocks until it is interrupted.
     *
     * <p><b>Interruption</b> is looked at on entry, even if a case is ready, and while waiting; but not if there is an
     * {@code otherwise}. If select throws because of it, no case has happened: no value was sent, none received, none
     * lost. If a partner was first, the case has happened, and the interrupt status stays set.
     *
     * <p><b>Handlers</b> run after the communication, on this thread, while no lock is held. What a handler throws
     * comes out of select, and the communication stands.
     *
     * <p><b>Memory.</b> The case that happens has the effects of the send or receive that it is.
     *
     * <p><b>Cost</b> is linear in the number of cases. Cases that are made once and used again, as {@link Case} shows,
     * make it free of allocation, but for the array of this method, which those for one to four cases have not.
     *
     * <p>Go: the {@code select} statement.
     *
     * @param <V> a type that the values of the cases have in common
     * @param cases the cases, not null, nor any of them
     * @return the case that has happened; to be compared with the cases given, or asked for its {@link Case#value()}
     * @throws NullPointerException if the array or a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // select reads from the array and never writes to it
    public static <V> Case<? extends V> select(Case<? extends V>... cases) throws InterruptedException {
        return chosen(Selection.select(false, cases));
    }

    /**
     * Selects among one case: {@link #select(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> select(Case<? extends V> a) throws InterruptedException {
        return chosen(Selection.select(false, a));
    }

    /**
     * Selects among two cases: {@link #select(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> select(Case<? extends V> a, Case<? extends V> b) throws InterruptedException {
        return chosen(Selection.select(false, a, b));
    }

    /**
     * Selects among three cases: {@link #select(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @param c the third case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> select(Case<? extends V> a, Case<? extends V> b, Case<? extends V> c)
            throws InterruptedException {
        return chosen(Selection.select(false, a, b, c));
    }

    /**
     * Selects among four cases: {@link #select(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @param c the third case
     * @param d the fourth case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> select(Case<? extends V> a, Case<? extends V> b, Case<? extends V> c,
            Case<? extends V> d) throws InterruptedException {
        return chosen(Selection.select(false, a, b, c, d));
    }

    /**
     * Waits until one of these cases can happen, does exactly that one, runs its handler if it has one, and returns it.
     * Of the cases that are ready at one instant it is <b>the first in the order of the call</b>; in all else it is
     * {@link #select(Case...) select}.
     *
     * {@snippet file="dev/runnel/snippets/SelectSnippets.java" region="first"}
     *
     * <p><b>Choice.</b> There is an instant at which the case that is chosen was ready and none before it was. While
     * none is ready it waits for the first that becomes so, whichever that is; a close, or the end of a context, tells
     * those who wait one by one, and until it has returned they may be served by another channel, though it is closed
     * already for who looks at it. {@link #otherwise()} is chosen only if at one instant no other case was ready,
     * wherever it stands in the call. A case that is always ready keeps those behind it from ever being chosen.
     *
     * <p><b>Cost</b> is linear in the number of cases. It locks all channels of the cases for each choice, where {@code
     * select} often needs but one.
     *
     * <p><b>Blocks</b>, <b>Interruption</b>, <b>Handlers</b>, <b>Memory</b>: as {@code select}. Go has no counterpart;
     * a {@code select} over the first case with a {@code default}, and one over all in there, leaves a gap between the
     * two.
     *
     * @param <V> a type that the values of the cases have in common
     * @param cases the cases, the one that matters most first; not null, nor any of them
     * @return the case that has happened; to be compared with the cases given, or asked for its {@link Case#value()}
     * @throws NullPointerException if the array or a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // select reads from the array and never writes to it
    public static <V> Case<? extends V> selectFirst(Case<? extends V>... cases) throws InterruptedException {
        return chosen(Selection.select(true, cases));
    }

    /**
     * Selects the first that is ready of two cases: {@link #selectFirst(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> selectFirst(Case<? extends V> a, Case<? extends V> b)
            throws InterruptedException {
        return chosen(Selection.select(true, a, b));
    }

    /**
     * Selects the first that is ready of three cases: {@link #selectFirst(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @param c the third case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> selectFirst(Case<? extends V> a, Case<? extends V> b, Case<? extends V> c)
            throws InterruptedException {
        return chosen(Selection.select(true, a, b, c));
    }

    /**
     * Selects the first that is ready of four cases: {@link #selectFirst(Case...)} without an array to be allocated.
     *
     * @param <V> a type that the values of the cases have in common
     * @param a the first case
     * @param b the second case
     * @param c the third case
     * @param d the fourth case
     * @return the case that has happened
     * @throws NullPointerException if a case is null
     * @throws IllegalArgumentException if a case is given twice or is part of a running select, or if two are {@link
     *     #otherwise()}
     * @throws IllegalStateException if a {@link SendCase} was given no value
     * @throws ChanClosedException if the chosen case sends, and its channel is closed; or if it receives, and its
     *     channel is drained and was {@linkplain SendChan#close(Throwable) closed with a cause}
     * @throws InterruptedException if the thread is interrupted, or a handler throws it
     */
    public static <V> Case<? extends V> selectFirst(Case<? extends V> a, Case<? extends V> b, Case<? extends V> c,
            Case<? extends V> d) throws InterruptedException {
        return chosen(Selection.select(true, a, b, c, d));
    }

    @SuppressWarnings("unchecked") // select returns one of the cases it was given
    private static <V> Case<? extends V> chosen(Case<?> c) {
        return (Case<? extends V>) c;
    }

    /**
     * A case of a {@code select} that is ready once a time has passed, counted from this call. It has no value. As a
     * handle it keeps its instant: once that has come, the case is ready in each select it is given to.
     *
     * <p>It starts no thread, but for the one that all deadlines of the program share, with the first of them; and it
     * holds nothing once the select is over. Go: {@code case <-time.After(duration):}.
     *
     * @param <V> any type, so that the case fits beside others
     * @param duration how long, not null; zero or negative is ready at once, more than 146 years count as 146
     * @return a new case
     * @throws NullPointerException if the duration is null
     */
    public static <V> Case<V> after(Duration duration) {
        return new AfterCase<>(Clock.deadlineAfter(Objects.requireNonNull(duration, "the duration is null")), null);
    }

    /**
     * A case of a {@code select} that is ready once a time has passed, counted from this call, and that runs an action
     * if it is the one chosen; else as {@link #after(Duration)}.
     *
     * <p>Go: {@code case <-time.After(duration): action()}.
     *
     * @param <V> any type, so that the case fits beside others
     * @param duration how long, not null; zero or negative is ready at once, more than 146 years count as 146
     * @param action what to do, not null; it runs on the selecting goroutine, and what it throws comes out of {@code
     *     select}
     * @return a new case
     * @throws NullPointerException if the duration or the action is null
     */
    public static <V> Case<V> after(Duration duration, Action action) {
        long deadline = Clock.deadlineAfter(Objects.requireNonNull(duration, "the duration is null"));
        return new AfterCase<>(deadline, Objects.requireNonNull(action, "the action is null"));
    }

    /**
     * The case of a {@code select} that is chosen if no other is ready, so that the select does not wait. It has no
     * value.
     *
     * <p>Go: {@code default:}, a word that Java has taken.
     *
     * @param <V> any type, so that the case fits beside others
     * @return a new case
     */
    public static <V> Case<V> otherwise() {
        return new OtherwiseCase<>(null);
    }

    /**
     * The case of a {@code select} that is chosen if no other is ready, and that then runs an action.
     *
     * <p>Go: {@code default: action()}.
     *
     * @param <V> any type, so that the case fits beside others
     * @param action what to do, not null; it runs on the selecting goroutine, and what it throws comes out of {@code
     *     select}
     * @return a new case
     * @throws NullPointerException if the action is null
     */
    public static <V> Case<V> otherwise(Action action) {
        return new OtherwiseCase<>(Objects.requireNonNull(action, "the action is null"));
    }

    /**
     * A channel that is closed once a thread has ended, be it by an exception: {@link Thread#join()} that fits into a
     * {@code select}. Nothing is ever sent on it.
     *
     * {@snippet file="dev/runnel/snippets/DoneSnippets.java" region="thread"}
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did happens-before the return of
     * a receive that returns because it has ended.
     *
     * <p><b>Cost</b>: a thread of its own, which joins the other one and ends with it: a virtual one for a virtual one,
     * and a platform one for a platform one, which is joined under its monitor, where a virtual thread of JDK 21 to 23
     * would block its carrier. It is not one of the {@link #goroutines()}. For many goroutines take a {@link
     * WaitGroup}, which needs none.
     *
     * <p>Go: {@code done := make(chan struct{}); go func() { defer close(done); f() }()}.
     *
     * @param thread the thread, not null; started
     * @return the channel; closed already if the thread has ended
     * @throws NullPointerException if the thread is null
     * @throws IllegalArgumentException if it has not been started
     */
    @SuppressWarnings("nullness:type.argument") // for the checker, a Void is null
    public static ReceiveChan<Void> done(Thread thread) {
        Thread.State state = Objects.requireNonNull(thread, "the thread is null").getState();
        if (state == Thread.State.NEW) {
            throw new IllegalArgumentException(thread + " has not been started: start it first");
        }
        LockedChan<Object> ended = new UnbufferedChan<>();
        if (state == Thread.State.TERMINATED) {
            ended.close();
        } else {
            Thread.Builder watcher =
                    thread.isVirtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon().stackSize(WATCHER_STACK);
            watcher.name("runnel-done-" + thread.threadId())
                    .inheritInheritableThreadLocals(false)
                    .start(() -> closeAfter(thread, ended));
        }
        return withoutValues(ended);
    }

    @SuppressWarnings({"ThreadJoinLoop", "InterruptedExceptionSwallowed"})
    private static void closeAfter(Thread thread, LockedChan<Object> ended) {
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // whoever interrupts all threads of a group does not mean that this one has ended
            }
        }
        ended.close();
    }

    /**
     * A channel that is closed once a stage is complete, in whatever way: what it has come to is to be had from itself.
     * Nothing is ever sent on the channel.
     *
     * {@snippet file="dev/runnel/snippets/DoneSnippets.java" region="stage"}
     *
     * <p>It does not block and does not look at the interrupt status. What happens-before the completion happens-before
     * the return of a receive that returns because of it.
     *
     * <p><b>Cost</b>: one more dependent of the stage, until that is complete. It starts no thread; whoever completes
     * the stage wakes those who wait.
     *
     * <p>Go has no futures; one would be such a channel and a variable.
     *
     * @param stage the stage, not null, such as a {@link java.util.concurrent.CompletableFuture}
     * @return the channel; closed already if the stage is complete
     * @throws NullPointerException if the stage is null
     */
    @SuppressWarnings("nullness:type.argument") // for the checker, a Void is null
    public static ReceiveChan<Void> done(CompletionStage<?> stage) {
        LockedChan<Object> complete = new UnbufferedChan<>();
        CompletionStage<Object> unused = Objects.requireNonNull(stage, "the stage is null").handle((value, thrown) -> {
            complete.close();
            return complete;
        });
        return withoutValues(complete);
    }

    /**
     * A channel that is closed once the counter of a group is zero: {@link WaitGroup#await()} that fits into a {@code
     * select}. Nothing is ever sent on it.
     *
     * {@snippet file="dev/runnel/snippets/DoneSnippets.java" region="group"}
     *
     * <p>It is closed by the first step to zero after this call, or closed already if the counter is zero during it. It
     * stays closed when the group is used again: ask for another one then.
     *
     * <p>It does not block and does not look at the interrupt status. What was done before each {@link
     * WaitGroup#done()} that led to the zero happens-before the return of a receive that returns because of it.
     *
     * <p><b>Cost</b>: a small object, which all who wait for the same zero share. It starts no goroutine.
     *
     * <p>Go: {@code done := make(chan struct{}); go func() { wg.Wait(); close(done) }()}, which leaves a goroutine
     * behind if the counter never is zero.
     *
     * @param group the group, not null
     * @return the channel
     * @throws NullPointerException if the group is null
     */
    @SuppressWarnings("nullness:type.argument") // for the checker, a Void is null
    public static ReceiveChan<Void> done(WaitGroup group) {
        return withoutValues(Objects.requireNonNull(group, "the group is null").zero());
    }

    @SuppressWarnings({"unchecked", "nullness:type.argument"}) // no value ever comes or goes
    private static ReceiveChan<Void> withoutValues(ReceiveChan<?> chan) {
        return (ReceiveChan<Void>) chan;
    }
}
