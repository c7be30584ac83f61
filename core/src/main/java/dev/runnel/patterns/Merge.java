package dev.runnel.patterns;

import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Many channels into one: Go's fan-in.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="merge"}
 */
public final class Merge {

    private Merge() {}

    /**
     * Merges channels: the values of all of them, each channel's in its order, come out of one. It is closed when all
     * inputs are closed and drained.
     *
     * <p>If an input was closed with a cause, the output is closed with that cause, once the values before it have been
     * received; what the other inputs still have is not waited for. A value that was already taken from another input
     * may be lost then. An input that stands there twice is read by two. One that is {@link Chan#absent()
     * absent} never ends, and neither does the output then.
     *
     * <p>It does not block and does not look at the interrupt status. It starts a goroutine for each input, which takes
     * a value and waits until it is received; and one more. <b>Who stops reading must cancel the context.</b> Once that
     * is done, the output is closed with a {@link dev.runnel.ContextException} as the cause.
     *
     * <p><b>Memory consistency effects.</b> A send to an input happens-before the receive of its value from the output.
     *
     * <p>Go: a goroutine {@code for v := range in { out <- v }} for each input, a {@code sync.WaitGroup} for them, and
     * a goroutine that waits for that and closes.
     *
     * @param <T> the type of the values
     * @param context until when to go on, not null
     * @param inputs the channels, not null, nor any of them; if there are none, the output is closed at once
     * @return a new channel, unbuffered
     * @throws NullPointerException if the context, the array or an input is null; nothing was started
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied, and nobody writes to it
    public static <T extends Object> ReceiveChan<T> merge(Context context, ReceiveChan<? extends T>... inputs) {
        return merge(context, Arrays.asList(Objects.requireNonNull(inputs, "the array of inputs is null")));
    }

    /**
     * Merges channels, as {@link #merge(Context, ReceiveChan...)} does.
     *
     * @param <T> the type of the values
     * @param context until when to go on, not null
     * @param inputs the channels, not null, nor any of them; the collection is copied
     * @return a new channel, unbuffered
     * @throws NullPointerException if the context, the collection or an input is null; nothing was started
     */
    public static <T extends Object> ReceiveChan<T> merge(Context context,
            Collection<? extends ReceiveChan<? extends T>> inputs) {
        Objects.requireNonNull(context, "the context is null");
        List<Input<T>> all = new ArrayList<>();
        for (ReceiveChan<? extends T> input : Objects.requireNonNull(inputs, "the collection of inputs is null")) {
            all.add(new Input<>(Objects.requireNonNull(input,
                    () -> "input " + all.size() + " is null: Chan.absent() is a channel on which nothing comes")));
        }
        Chan<T> out = Chan.make();
        Filling.start(context, out, group -> {
            for (Input<T> input : all) {
                group.go(() -> pass(input, out));
            }
            group.await();
        });
        return out;
    }

    private static <T extends Object> void pass(Input<T> input, SendChan<T> out) throws Throwable {
        T value = input.next();
        while (value != null) {
            out.send(value);
            value = input.next();
        }
        input.checkCause();
    }
}
