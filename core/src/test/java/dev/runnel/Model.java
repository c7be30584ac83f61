package dev.runnel;

import dev.runnel.Buffer.WhenFull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What channels and a wait group do, written down as plainly as can be: two channels, the absent one and a counter, no
 * concurrency, and operations that wait are entries in lists. It follows the table of semantics, and shares nothing
 * with the code that it is held against.
 */
final class Model {

    /**
     * How a channel is made.
     *
     * @param policy whether its buffer is that of a {@link PolicyChan}, also if sends wait
     */
    record Make(int capacity, WhenFull whenFull, boolean policy) {

        <T> Chan<T> chan(Consumer<? super T> onDrop) {
            return policy ? new PolicyChan<>(capacity, whenFull, onDrop) : Chan.make(capacity);
        }

        @Override
        public String toString() {
            return policy ? "new PolicyChan<>(" + capacity + ", WhenFull." + whenFull + ", dropped::add)"
                    : "Chan.make(" + capacity + ")";
        }
    }

    /** A step of a {@link Program}; channels are given by their index. */
    sealed interface Step {}

    /** A step that a goroutine of its own takes, and that ends with an outcome. */
    sealed interface Op extends Step {}

    record Send(int chan) implements Op {}

    record Receive(int chan) implements Op {}

    /** Receives by means of an iterator. */
    record Next(int chan) implements Op {}

    record TrySend(int chan) implements Op {}

    record TryReceive(int chan) implements Op {}

    /** Sends so many values one after the other. */
    record SendAll(int chan, int count) implements Op {}

    record Drain(int chan, int max) implements Op {}

    record Select(List<SelectCase> cases, boolean otherwise) implements Op {}

    record AwaitGroup() implements Op {}

    /** An operation of a goroutine whose interrupt status is set before. */
    record Interrupted(Op op) implements Op {}

    record Close(int chan, boolean withCause) implements Step {}

    record Add(int delta) implements Step {}

    /** Interrupts the goroutine of an earlier step, which is so many steps ago. */
    record Interrupt(int ago) implements Step {}

    sealed interface SelectCase {}

    record OnChan(boolean sends, int chan) implements SelectCase {}

    /** A deadline, which comes if one but waits for it, or never. */
    record After(boolean comes) implements SelectCase {}

    /**
     * How an operation has ended.
     *
     * @param chosen which of its cases has happened, -1 if none; of one that is no select, 0
     * @param value what was received, or how many values were sent, or null
     * @param closed whether it was a send that came to a closed channel, or a receive that came to the end of one that
     *     was closed with a cause
     * @param drained what was drained
     */
    record Outcome(int chosen, Integer value, boolean closed, List<Integer> drained) {

        static final Outcome NOTHING = new Outcome(-1, null, false);

        Outcome(int chosen, Integer value, boolean closed) {
            this(chosen, value, closed, List.of());
        }
    }

    private static final class Channel {
        final int capacity;
        final WhenFull whenFull;
        final Deque<Integer> buffer = new ArrayDeque<>();
        final List<Entry> senders = new ArrayList<>();
        final List<Entry> receivers = new ArrayList<>();
        boolean closed;
        boolean closedWithCause;

        Channel(Make make) {
            capacity = make.capacity;
            whenFull = make.whenFull;
        }

        boolean isFull() {
            return buffer.size() == capacity;
        }
    }

    /** A case of an operation that waits in the queue of a channel. */
    private record Entry(int id, int index, int value) {}

    /** An operation that sends several values, and how far it has come. */
    private static final class Sending {
        final SendAll op;
        int sent;

        Sending(SendAll op) {
            this.op = op;
        }
    }

    private final List<Channel> channels;

    /** Those that wait, by the number of their step. */
    private final Map<Integer, Sending> sending = new HashMap<>();

    /** What the channels have dropped. */
    private final List<Integer> dropped = new ArrayList<>();

    private int counter;
    private final List<Integer> awaiting = new ArrayList<>();

    /** The operations that have ended since {@link #takeEnded} was called last. */
    private Map<Integer, Outcome> ended = new HashMap<>();

    Model(Make a, Make b) {
        channels = List.of(new Channel(a), new Channel(b));
    }

    /** The value that the operation with a number sends in one of its cases. */
    static int value(int id, int index) {
        return id * 10 + index;
    }

    /** The cases that an operation on channels consists of. */
    static List<SelectCase> cases(Op op) {
        return switch (op) {
            case Send send -> List.of(new OnChan(true, send.chan));
            case TrySend send -> List.of(new OnChan(true, send.chan));
            case Receive receive -> List.of(new OnChan(false, receive.chan));
            case Next next -> List.of(new OnChan(false, next.chan));
            case TryReceive receive -> List.of(new OnChan(false, receive.chan));
            case SendAll send -> List.of(new OnChan(true, send.chan));
            case Drain drain -> List.of(new OnChan(false, drain.chan));
            case Select select -> select.cases;
            case Interrupted interrupted -> cases(interrupted.op);
            case AwaitGroup await -> throw new IllegalArgumentException(await.toString());
        };
    }

    /** Whether an operation ends at once, whatever is ready. */
    static boolean neverWaits(Op op) {
        return switch (op) {
            case TrySend send -> true;
            case TryReceive receive -> true;
            case Drain drain -> true;
            case SendAll send -> false;
            case Select select -> select.otherwise;
            case Interrupted interrupted -> neverWaits(interrupted.op);
            case Send send -> false;
            case Receive receive -> false;
            case Next next -> false;
            case AwaitGroup await -> false;
        };
    }

    /** Which of the cases of an operation could happen now; of one that awaits the group, 0 if it could. */
    List<Integer> ready(Op op) {
        if (op instanceof AwaitGroup) {
            return counter == 0 ? List.of(0) : List.of();
        }
        List<SelectCase> cases = cases(op);
        return IntStream.range(0, cases.size()).filter(i -> isReady(cases.get(i))).boxed().toList();
    }

    /** Whether an operation may end with nothing done: a deadline need not have come yet. */
    boolean mayDoNothing(Op op) {
        return neverWaits(op) && ready(op).stream().allMatch(i -> cases(op).get(i) instanceof After);
    }

    private boolean isReady(SelectCase c) {
        return switch (c) {
            case After after -> after.comes;
            case OnChan on -> on.chan < channels.size() && isReady(on, channels.get(on.chan));
        };
    }

    private static boolean isReady(OnChan c, Channel channel) {
        if (channel.closed) {
            return true;
        }
        return c.sends
                ? !channel.receivers.isEmpty() || !channel.isFull() || channel.whenFull != WhenFull.WAIT
                : !channel.buffer.isEmpty() || !channel.senders.isEmpty();
    }

    /** Lets a case of an operation happen that is ready. */
    Outcome happen(int id, Op op, int index) {
        return !(op instanceof AwaitGroup) && cases(op).get(index) instanceof OnChan on
                ? happen(on, index, value(id, index))
                : new Outcome(index, null, false);
    }

    private Outcome happen(OnChan c, int index, int value) {
        Channel channel = channels.get(c.chan);
        if (c.sends) {
            if (channel.closed) {
                return new Outcome(index, null, true);
            }
            if (!channel.receivers.isEmpty()) {
                end(channel.receivers.get(0), value, false);
            } else if (channel.isFull() && channel.whenFull == WhenFull.DROP_NEWEST) {
                dropped.add(value);
            } else {
                if (channel.isFull()) {
                    dropped.add(channel.buffer.poll());
                }
                channel.buffer.add(value);
            }
            return new Outcome(index, null, false);
        }
        Integer received = channel.buffer.poll();
        if (!channel.senders.isEmpty()) {
            Entry sender = channel.senders.get(0);
            if (received == null) {
                received = sender.value;
            } else {
                channel.buffer.add(sender.value);
            }
            end(sender, null, false);
        }
        return new Outcome(index, received, received == null && channel.closedWithCause);
    }

    /** Sends values one after the other. Returns how that ends, or null if it waits. */
    Outcome sendAll(int id, SendAll op) {
        Sending one = new Sending(op);
        sending.put(id, one);
        if (goOn(id, one)) {
            return ended.remove(id);
        }
        return null;
    }

    /** Goes on sending values, until one has to wait. Returns whether all have been sent, or the channel is closed. */
    private boolean goOn(int id, Sending one) {
        OnChan on = new OnChan(true, one.op.chan);
        while (one.sent < one.op.count) {
            if (!isReady(on)) {
                if (on.chan < channels.size()) {
                    channels.get(on.chan).senders.add(new Entry(id, 0, value(id, one.sent)));
                }
                return false;
            }
            if (happen(on, 0, value(id, one.sent)).closed) {
                break;
            }
            one.sent++;
        }
        sending.remove(id);
        ended.put(id, new Outcome(0, one.sent, one.sent < one.op.count));
        return true;
    }

    /** Whether somebody who waits to send to a channel will go on with another value. */
    boolean isSendingAll(int chan) {
        return sending.values().stream().anyMatch(one -> one.op.chan == chan);
    }

    /** How many values an operation that waits has sent; -1 if it is none that sends several. */
    int sent(int id) {
        return sending.containsKey(id) ? sending.get(id).sent : -1;
    }

    /** Receives until there is nothing more. */
    Outcome drain(int chan, int max) {
        OnChan on = new OnChan(false, chan);
        List<Integer> drained = new ArrayList<>();
        while (drained.size() < max && isReady(on)) {
            Outcome one = happen(on, 0, 0);
            if (one.value == null) {
                return new Outcome(0, null, one.closed && drained.isEmpty(), drained);
            }
            drained.add(one.value);
        }
        return new Outcome(0, null, false, drained);
    }

    /** Lets an operation wait, in a place for each of its cases. */
    void await(int id, Op op) {
        if (op instanceof AwaitGroup) {
            awaiting.add(id);
            return;
        }
        List<SelectCase> cases = cases(op);
        for (int i = 0; i < cases.size(); i++) {
            if (cases.get(i) instanceof OnChan c && c.chan < channels.size()) {
                Channel channel = channels.get(c.chan);
                (c.sends ? channel.senders : channel.receivers).add(new Entry(id, i, value(id, i)));
            }
        }
    }

    /** Closes a channel. Returns false if that is an error. */
    boolean close(int chan, boolean withCause) {
        Channel channel = channels.get(chan);
        if (channel.closed) {
            return false;
        }
        channel.closed = true;
        channel.closedWithCause = withCause;
        while (!channel.receivers.isEmpty()) {
            end(channel.receivers.get(0), null, withCause);
        }
        while (!channel.senders.isEmpty()) {
            end(channel.senders.get(0), null, true);
        }
        return true;
    }

    /** Adds to the counter of the group. Returns false if that is an error. */
    boolean add(int delta) {
        if (counter + delta < 0) {
            return false;
        }
        counter += delta;
        if (counter == 0) {
            for (int id : awaiting) {
                ended.put(id, new Outcome(0, null, false));
            }
            awaiting.clear();
        }
        return true;
    }

    private void end(Entry entry, Integer value, boolean closed) {
        Sending one = sending.get(entry.id);
        forget(entry.id);
        if (one == null) {
            ended.put(entry.id, new Outcome(entry.index, value, closed));
        } else if (closed) {
            ended.put(entry.id, new Outcome(0, one.sent, true));
        } else {
            one.sent++;
            sending.put(entry.id, one);
            goOn(entry.id, one);
        }
    }

    /** Takes an operation that waits out of all queues. */
    void forget(int id) {
        for (Channel channel : channels) {
            channel.senders.removeIf(entry -> entry.id == id);
            channel.receivers.removeIf(entry -> entry.id == id);
        }
        awaiting.removeIf(waiter -> waiter == id);
        sending.remove(id);
    }

    /** The operations that waited and have ended, each with its outcome. */
    Map<Integer, Outcome> takeEnded() {
        Map<Integer, Outcome> taken = ended;
        ended = new HashMap<>();
        return taken;
    }

    List<Integer> dropped() {
        return dropped;
    }

    int size(int chan) {
        return channels.get(chan).buffer.size();
    }

    int senders(int chan) {
        return channels.get(chan).senders.size();
    }

    int receivers(int chan) {
        return channels.get(chan).receivers.size();
    }

    boolean isClosed(int chan) {
        return chan < channels.size() && channels.get(chan).closed;
    }

    boolean isDrained(int chan) {
        return isClosed(chan) && channels.get(chan).buffer.isEmpty();
    }

    int counter() {
        return counter;
    }

    int awaiting() {
        return awaiting.size();
    }
}
