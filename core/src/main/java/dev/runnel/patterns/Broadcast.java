package dev.runnel.patterns;

import dev.runnel.Buffer;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel for many readers, each of which gets every value, where of a channel each value goes to one receiver.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="broadcast"}
 *
 * <p><b>A slow reader holds nobody up.</b> Each subscription has a buffer of its own, and when that is full it loses
 * the oldest value in it; {@link Subscription#missed()} counts them. Who must not lose any has to be given room.
 *
 * <p><b>A value goes to those who have subscribed when it is taken from the source</b>, all of them in the same order.
 * The source is read as fast as it gives, and values that come while there is no subscription are lost: subscribe
 * before the first is sent.
 *
 * <p><b>The end of the source</b> closes the channels of all subscriptions, with the cause that it was closed with, if
 * it was; the end of the context closes them with a {@link dev.runnel.ContextException} as the cause. What is in their
 * buffers can still be received. A subscription that comes after that is closed at once, in the same way.
 *
 * <p><b>Memory consistency effects.</b> A send to the source happens-before each receive of its value.
 *
 * <p><b>Cost.</b> A value costs a send for each subscription, by one goroutine; to subscribe, or to close a
 * subscription, copies the list of them. Any number of threads may do either at once, and neither blocks. Go has no
 * such channel.
 *
 * @param <T> the type of the values
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public final class Broadcast<T extends Object> {
    // - state goes from one immutable list to the next by a compare-and-set, which is the linearization point of a
    //   subscribe, of a close and of the end. After the end it does not change any more, and its list is empty.
    // - Who takes a subscription out of the list, by its close or by the end, closes its channel, and nobody else does.
    // - The goroutine that gives a value out goes through the list that it has found; a channel of it may be closed by
    //   its reader meanwhile, and then has no more use for the value.

    /** Who has subscribed; and, in the end, that it has ended and why. */
    private record State<T extends Object>(List<Subscription<T>> subscriptions, boolean ended,
            @Nullable Throwable cause) {}

    private final AtomicReference<State<T>> state = new AtomicReference<>(new State<>(List.of(), false, null));

    private Broadcast() {}

    /**
     * Begins to read a channel. It starts two goroutines, which end when the source or the context does.
     *
     * <p>It does not block and does not look at the interrupt status.
     *
     * @param <T> the type of the values
     * @param context until when to go on, not null
     * @param source where values come from, not null; nobody else should receive from it
     * @return a new broadcast, with no subscription yet
     * @throws NullPointerException if the context or the source is null; nothing was started
     */
    public static <T extends Object> Broadcast<T> of(Context context, ReceiveChan<? extends T> source) {
        Objects.requireNonNull(context, "the context is null");
        Objects.requireNonNull(source, "the source is null: Chan.absent() is a channel on which nothing comes");
        Broadcast<T> broadcast = new Broadcast<>();
        Filling.start(context, group -> {
            Input<T> input = new Input<>(source);
            group.go(() -> broadcast.giveOut(input));
            group.await();
            input.checkCause();
        }, broadcast::end);
        return broadcast;
    }

    private void giveOut(Input<T> input) throws InterruptedException {
        T value = input.next();
        while (value != null) {
            for (Subscription<T> subscription : state.get().subscriptions()) {
                subscription.offer(value);
            }
            value = input.next();
        }
    }

    private void end(@Nullable Throwable cause) {
        State<T> last = state.getAndSet(new State<>(List.of(), true, cause));
        for (Subscription<T> subscription : last.subscriptions()) {
            subscription.end(cause);
        }
    }

    /**
     * Subscribes to all values from now on. Close the subscription when it is not needed any more, with {@code try}:
     * until then, or until the end of the source, it is given values.
     *
     * <p>It does not block and does not look at the interrupt status.
     *
     * @param capacity how many values wait to be received before the oldest of them is lost; at least 1
     * @return a new subscription; its channel is closed if the broadcast has ended
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public Subscription<T> subscribe(int capacity) {
        Subscription<T> fresh = new Subscription<>(this, capacity);
        for (;;) {
            State<T> now = state.get();
            if (now.ended()) {
                fresh.end(now.cause());
                return fresh;
            }
            List<Subscription<T>> more = new ArrayList<>(now.subscriptions());
            more.add(fresh);
            if (state.compareAndSet(now, new State<>(more, false, null))) {
                return fresh;
            }
        }
    }

    /** Takes a subscription out; gives false if it was out already. */
    private boolean remove(Subscription<T> subscription) {
        for (;;) {
            State<T> now = state.get();
            List<Subscription<T>> rest = new ArrayList<>(now.subscriptions());
            if (!rest.remove(subscription)) {
                return false;
            }
            if (state.compareAndSet(now, new State<>(rest, false, null))) {
                return true;
            }
        }
    }

    /** Counts the subscriptions. */
    @Override
    public String toString() {
        State<T> now = state.get();
        return now.ended() ? "Broadcast[ended]" : "Broadcast[subscriptions=" + now.subscriptions().size() + "]";
    }

    /**
     * One reader's share of a {@link Broadcast}.
     *
     * @param <T> the type of the values
     */
    public static final class Subscription<T extends Object> implements AutoCloseable {

        private final Broadcast<T> broadcast;
        private final AtomicLong missed = new AtomicLong();
        private final Chan<T> chan;

        private Subscription(Broadcast<T> broadcast, int capacity) {
            AtomicLong count = missed;
            Consumer<T> onDrop = dropped -> count.incrementAndGet();
            this.broadcast = broadcast;
            this.chan = Chan.make(Buffer.dropOldest(capacity, onDrop));
        }

        /**
         * The channel with the values. It is closed by {@link #close()} and by the end of the broadcast.
         *
         * @return the channel, always the same one
         */
        public ReceiveChan<T> channel() {
            return chan;
        }

        /**
         * How many values this subscription has lost because its buffer was full. A value that is received after one
         * was lost may be received shortly before that one is counted.
         *
         * @return the number, which never goes down
         */
        public long missed() {
            return missed.get();
        }

        /**
         * Ends the subscription: its channel is closed, and what is in the buffer can still be received. If it has
         * ended already, this does nothing.
         *
         * <p>It does not block and does not look at the interrupt status. It may be called at any time, by any thread.
         */
        @Override
        public void close() {
            if (broadcast.remove(this)) {
                chan.close();
            }
        }

        private void offer(T value) {
            try {
                chan.trySend(value);
            } catch (ChanClosedException e) {
                return; // its reader has closed it after the list was read
            }
        }

        private void end(@Nullable Throwable cause) {
            if (cause == null) {
                chan.close();
            } else {
                chan.close(cause);
            }
        }

        /** Names the number of values that wait, and of those that were lost. */
        @Override
        public String toString() {
            return "Subscription[size=" + chan.size() + ", missed=" + missed + "]";
        }
    }
}
