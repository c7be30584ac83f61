package dev.runnel.patterns;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.Go;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Values in batches, for what costs less for many at once, as a write to a database does.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="batch"}
 */
public final class Batch {

    /** How many values are taken at once, for less than a select for each: so few that the time is looked at often. */
    private static final int AT_ONCE = 32;

    private Batch() {}

    /**
     * Makes lists of what comes out of a channel, all values in their order: a list is given out when it is full, or
     * when a time is over since its first value has come, whichever is earlier. What there is when the input ends is
     * the last list. No list is empty.
     *
     * <p>When the input is closed and drained, and the last list received, the output is closed, with the cause that
     * the input was closed with, if it was.
     *
     * <p>It does not block and does not look at the interrupt status. It starts two goroutines. While a list waits to
     * be received, no value is taken. <b>Who stops reading must cancel the context.</b> Once that is done, the output
     * is closed with a {@link dev.runnel.ContextException} as the cause, and the list that is being filled, or waits to
     * be received, is lost.
     *
     * <p><b>Memory consistency effects.</b> A send to the input happens-before the receive of the list with its value.
     *
     * <p>Go: a goroutine with a {@code time.Timer}, and a {@code select} over it and the input.
     *
     * @param <T> the type of the values
     * @param context until when to go on, not null
     * @param in where values come from, not null
     * @param size how many values make a list full, at least 1
     * @param longest how long after its first value a list is given out at the latest, if there is somebody to receive
     *     it; more than zero, and more than 146 years count as 146
     * @return a new channel, unbuffered; the lists are new ones, for the receiver to keep and change
     * @throws NullPointerException if the context, the channel or the time is null; nothing was started
     * @throws IllegalArgumentException if the size is less than 1, or the time is not more than zero
     */
    public static <T extends Object> ReceiveChan<List<T>> batch(Context context, ReceiveChan<? extends T> in, int size,
            Duration longest) {
        Objects.requireNonNull(context, "the context is null");
        Objects.requireNonNull(in, "the input is null: Chan.absent() is a channel on which nothing comes");
        if (size < 1) {
            throw new IllegalArgumentException("size " + size + ": a batch has room for one value at least");
        }
        if (!Objects.requireNonNull(longest, "the time is null").isPositive()) {
            throw new IllegalArgumentException(
                    "time " + longest + ": give more than zero, or there would be no batches;"
                            + " to take what is there, use drain");
        }
        Chan<List<T>> out = Chan.make();
        Filling.start(context, out, group -> {
            Input<T> input = new Input<>(in);
            group.go(() -> collect(input, in, size, longest, out));
            group.await();
            input.checkCause();
        });
        return out;
    }

    private static <T extends Object> void collect(Input<T> input, ReceiveChan<? extends T> in, int size,
            Duration longest, SendChan<List<T>> out) throws InterruptedException {
        Case<? extends T> next = in.onReceive();
        Timer timer = Timer.start(longest);
        Case<Instant> over = timer.channel().onReceive();
        T first = input.next();
        while (first != null) {
            List<T> batch = new ArrayList<>();
            batch.add(first);
            timer.reset(longest);
            fill(batch, in, next, size, over);
            timer.stop();
            out.send(batch);
            first = input.next();
        }
    }

    /** Adds values until there are enough, the time is over, or no more come, as the next receive will find too. */
    private static <T extends Object> void fill(List<T> batch, ReceiveChan<? extends T> in, Case<? extends T> next,
            int size, Case<Instant> over) throws InterruptedException {
        try {
            while (batch.size() < size && Go.<Object>selectFirst(over, next) == next) {
                T value = next.value();
                if (value == null) {
                    return;
                }
                batch.add(value);
                int more = Math.min(Math.min(in.size(), AT_ONCE), size - batch.size());
                if (more > 0) {
                    batch.addAll(in.drain(more));
                }
            }
        } catch (ChanClosedException e) {
            return; // with a cause: what there is comes first
        }
    }
}
