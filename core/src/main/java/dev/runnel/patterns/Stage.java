package dev.runnel.patterns;

import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import java.util.Objects;

/**
 * A stage of a pipeline: a function that several goroutines apply to what comes out of a channel, at the same time.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="stage"}
 *
 * <p><b>The end of the input</b> is that of the output: when all values have been mapped and received, it is closed,
 * with the cause that the input was closed with, if it was.
 *
 * <p><b>Failure.</b> If the function throws, the stage is over: no value is taken any more, the goroutines that run the
 * function are interrupted, and when all have ended the output is closed with what was thrown as the cause, what others
 * have thrown {@linkplain Throwable#getSuppressed() suppressed} in it. Values that were taken from the input and not
 * yet received from the output are lost. To go on after a failure, let the function catch it, and return what tells of
 * it.
 *
 * <p><b>Cancelling.</b> Once the context is done the stage ends in the same way, with a {@link
 * dev.runnel.ContextException} as the cause. A function that does not heed interruption delays that. <b>Who stops
 * reading must cancel the context</b>, or the goroutines wait to send for ever.
 *
 * <p><b>Memory consistency effects.</b> A send to the input happens-before the call of the function with the value, and
 * that before the receive of its result; each call that has returned or thrown happens-before the close.
 */
public final class Stage {

    private Stage() {}

    /**
     * Applies a function to each value, and gives results as they come: the order is not kept, unless there is one
     * worker.
     *
     * <p>It does not block and does not look at the interrupt status. It starts as many goroutines as there are to be
     * workers, and one more. A worker takes a value, applies the function and waits until the result is received, so
     * that no more values than there are workers have been taken and not been passed on.
     *
     * <p>Go: {@code workers} goroutines with {@code for a := range in { out <- f(a) }}, and a {@code sync.WaitGroup} to
     * close {@code out}.
     *
     * @param <A> the type of the values that come in
     * @param <B> the type of the values that go out
     * @param context until when to go on, not null
     * @param in where values come from, not null
     * @param workers how many goroutines run the function, at least 1
     * @param mapper the function, not null
     * @return a new channel, unbuffered
     * @throws NullPointerException if the context, the channel or the function is null; nothing was started
     * @throws IllegalArgumentException if there is to be less than 1 worker
     */
    public static <A extends Object, B extends Object> ReceiveChan<B> map(Context context, ReceiveChan<? extends A> in,
            int workers, Mapper<? super A, ? extends B> mapper) {
        check(context, in, workers, mapper);
        Input<A> input = new Input<>(in);
        Chan<B> out = Chan.make();
        Filling.start(context, out, group -> {
            for (int i = 0; i < workers; i++) {
                group.go(() -> {
                    A value = input.next();
                    while (value != null) {
                        out.send(apply(mapper, value, group.context()));
                        value = input.next();
                    }
                });
            }
            group.await();
            input.checkCause();
        });
        return out;
    }

    /**
     * Applies a function to each value, and gives the results in the order in which the values came.
     *
     * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="stage-ordered"}
     *
     * <p>It does not block and does not look at the interrupt status. It starts as many goroutines as there are to be
     * workers, and three more. A worker need not wait until the results before its own have been received: no more than
     * twice as many values as there are workers have been taken and not been passed on. One that takes long holds the
     * others up, when that is reached.
     *
     * <p>In Go one sends a channel for each result to a channel of such channels.
     *
     * @param <A> the type of the values that come in
     * @param <B> the type of the values that go out
     * @param context until when to go on, not null
     * @param in where values come from, not null
     * @param workers how many goroutines run the function, at least 1
     * @param mapper the function, not null
     * @return a new channel, unbuffered
     * @throws NullPointerException if the context, the channel or the function is null; nothing was started
     * @throws IllegalArgumentException if there is to be less than 1 worker
     */
    public static <A extends Object, B extends Object> ReceiveChan<B> mapOrdered(Context context,
            ReceiveChan<? extends A> in, int workers, Mapper<? super A, ? extends B> mapper) {
        check(context, in, workers, mapper);
        Input<A> input = new Input<>(in);
        // In flight are those in the queue, one that waits to get into it, and one whose result is waited for or sent.
        Chan<Job<A, B>> ordered = Chan.make((int) Math.min(2L * workers - 2, 1 << 30));
        Chan<Job<A, B>> jobs = Chan.make();
        Chan<B> out = Chan.make();
        Filling.start(context, out, group -> {
            group.go(() -> handOut(input, ordered, jobs));
            for (int i = 0; i < workers; i++) {
                group.go(() -> {
                    for (Job<A, B> job : jobs) {
                        job.result.send(apply(mapper, job.value, group.context()));
                    }
                });
            }
            group.go(() -> collect(ordered, out));
            group.await();
            input.checkCause();
        });
        return out;
    }

    private static void check(Context context, ReceiveChan<?> in, int workers, Mapper<?, ?> mapper) {
        Objects.requireNonNull(context, "the context is null");
        Objects.requireNonNull(in, "the input is null: Chan.absent() is a channel on which nothing comes");
        Objects.requireNonNull(mapper, "the function is null");
        if (workers < 1) {
            throw new IllegalArgumentException(
                    "workers " + workers + ": give 1 or more, or nobody applies the function");
        }
    }

    /** Gives each value to a worker, after its place in the order has been taken. */
    private static <A extends Object, B extends Object> void handOut(Input<A> input, SendChan<Job<A, B>> ordered,
            SendChan<Job<A, B>> jobs) throws InterruptedException {
        A value = input.next();
        while (value != null) {
            Job<A, B> job = new Job<>(value);
            ordered.send(job);
            jobs.send(job);
            value = input.next();
        }
        jobs.close();
        ordered.close();
    }

    private static <A extends Object, B extends Object> void collect(ReceiveChan<Job<A, B>> ordered, SendChan<B> out)
            throws InterruptedException {
        for (Job<A, B> job : ordered) {
            B result = job.result.receive();
            if (result != null) { // it is never closed
                out.send(result);
            }
        }
    }

    private static <A extends Object, B extends Object> B apply(Mapper<? super A, ? extends B> mapper, A value,
            Context context) throws Exception {
        B result = Objects.requireNonNull(mapper.map(value),
                "the function has given null, which no channel can have: end the stage by an exception, or give a"
                        + " value that tells of there being none");
        context.check(); // the function may have been interrupted and have said nothing of it
        return result;
    }

    /** A value, and where its result will be: there is room for it, so that no worker waits to send. */
    private static final class Job<A extends Object, B extends Object> {

        final Chan<B> result = Chan.make(1);
        final A value;

        Job(A value) {
            this.value = value;
        }
    }
}
