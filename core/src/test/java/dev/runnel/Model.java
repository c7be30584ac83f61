package dev.runnel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What channels do, written down as plainly as can be: two channels and the absent one, no concurrency, and operations
 * that wait are entries in lists. It follows the table of semantics, and shares nothing with the code that it is held
 * against.
 */
final class Model {

    /** An operation; channels are given by their index, and print as the program that does it. */
    sealed interface Op {}

    record Send(int chan) implements Op {
        @Override
        public String toString() {
            return name(chan) + ".send(…)";
        }
    }

    record Receive(int chan) implements Op {
        @Override
        public String toString() {
            return name(chan) + ".receive()";
        }
    }

    record TrySend(int chan) implements Op {
        @Override
        public String toString() {
            return name(chan) + ".trySend(…)";
        }
    }

    record TryReceive(int chan) implements Op {
        @Override
        public String toString() {
            return name(chan) + ".tryReceive()";
        }
    }

    record Close(int chan) implements Op {
        @Override
        public String toString() {
            return name(chan) + ".close()";
        }
    }

    /** Interrupts one of those that wait, by its place among them. */
    record Interrupt(int waiting) implements Op {
        @Override
        public String toString() {
            return "interrupt waiting[" + waiting + "]";
        }
    }

    record SelectCase(boolean sends, int chan) {
        @Override
        public String toString() {
            return name(chan) + (sends ? ".onSend(…)" : ".onReceive()");
        }
    }

    record Select(List<SelectCase> cases, boolean otherwise) implements Op {
        @Override
        public String toString() {
            return cases.stream().map(SelectCase::toString).collect(Collectors.joining(", ", "select(", ""))
                    + (otherwise ? ", otherwise())" : ")");
        }
    }

    private static String name(int chan) {
        return switch (chan) {
            case 0 -> "a";
            case 1 -> "b";
            default -> "absent";
        };
    }

    /**
     * How an operation has ended.
     *
     * @param chosen which of its cases has happened; of one that is no select, 0
     * @param value what was received, or null
     * @param closed whether it was a send that came to a closed channel
     */
    record Outcome(int chosen, Integer value, boolean closed) {}

    private static final class Channel {
        final int capacity;
        final Deque<Integer> buffer = new ArrayDeque<>();
        final List<Entry> senders = new ArrayList<>();
        final List<Entry> receivers = new ArrayList<>();
        boolean closed;

        Channel(int capacity) {
            this.capacity = capacity;
        }
    }

    /** A case of an operation that waits in the queue of a channel. */
    private record Entry(int id, int index, int value) {}

    private final List<Channel> channels;

    /** The operations that have ended since {@link #takeEnded} was called last. */
    private Map<Integer, Outcome> ended = new HashMap<>();

    Model(int capacityA, int capacityB) {
        channels = List.of(new Channel(capacityA), new Channel(capacityB));
    }

    /** The cases that a send, a receive or a select consists of. */
    static List<SelectCase> cases(Op op) {
        return switch (op) {
            case Send send -> List.of(new SelectCase(true, send.chan));
            case TrySend send -> List.of(new SelectCase(true, send.chan));
            case Receive receive -> List.of(new SelectCase(false, receive.chan));
            case TryReceive receive -> List.of(new SelectCase(false, receive.chan));
            case Select select -> select.cases;
            case Close close -> throw new IllegalArgumentException(close.toString());
            case Interrupt interrupt -> throw new IllegalArgumentException(interrupt.toString());
        };
    }

    /** Which of the cases of an operation could happen now. */
    List<Integer> ready(Op op) {
        List<SelectCase> cases = cases(op);
        return IntStream.range(0, cases.size()).filter(i -> isReady(cases.get(i))).boxed().toList();
    }

    private boolean isReady(SelectCase c) {
        if (c.chan >= channels.size()) {
            return false;
        }
        Channel channel = channels.get(c.chan);
        if (channel.closed) {
            return true;
        }
        return c.sends
                ? !channel.receivers.isEmpty() || channel.buffer.size() < channel.capacity
                : !channel.buffer.isEmpty() || !channel.senders.isEmpty();
    }

    /** Lets a case that is ready happen, with the value it sends if it does. */
    Outcome happen(SelectCase c, int index, int value) {
        Channel channel = channels.get(c.chan);
        if (c.sends) {
            if (channel.closed) {
                return new Outcome(index, null, true);
            }
            if (!channel.receivers.isEmpty()) {
                end(channel.receivers.get(0), value, false);
            } else {
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
        return new Outcome(index, received, false);
    }

    /** Lets an operation wait, in a place for each of its cases. */
    void await(int id, Op op, int value) {
        List<SelectCase> cases = cases(op);
        for (int i = 0; i < cases.size(); i++) {
            SelectCase c = cases.get(i);
            if (c.chan < channels.size()) {
                Channel channel = channels.get(c.chan);
                (c.sends ? channel.senders : channel.receivers).add(new Entry(id, i, value));
            }
        }
    }

    /** Closes a channel. Returns false if that is an error. */
    boolean close(int chan) {
        Channel channel = channels.get(chan);
        if (channel.closed) {
            return false;
        }
        channel.closed = true;
        while (!channel.receivers.isEmpty()) {
            end(channel.receivers.get(0), null, false);
        }
        while (!channel.senders.isEmpty()) {
            end(channel.senders.get(0), null, true);
        }
        return true;
    }

    private void end(Entry entry, Integer value, boolean closed) {
        ended.put(entry.id, new Outcome(entry.index, value, closed));
        forget(entry.id);
    }

    /** Takes an operation that waits out of all queues. */
    void forget(int id) {
        for (Channel channel : channels) {
            channel.senders.removeIf(entry -> entry.id == id);
            channel.receivers.removeIf(entry -> entry.id == id);
        }
    }

    /** The operations that waited and have ended, each with its outcome. */
    Map<Integer, Outcome> takeEnded() {
        Map<Integer, Outcome> taken = ended;
        ended = new HashMap<>();
        return taken;
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

    boolean isDrained(int chan) {
        return channels.get(chan).closed && channels.get(chan).buffer.isEmpty();
    }
}
