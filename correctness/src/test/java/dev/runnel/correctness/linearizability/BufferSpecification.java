package dev.runnel.correctness.linearizability;

import static dev.runnel.correctness.linearizability.ChanOperations.CLOSED;
import static dev.runnel.correctness.linearizability.ChanOperations.SENT;

import dev.runnel.correctness.linearizability.ChanSpecification.State;
import java.util.ArrayList;
import java.util.List;

/** What a channel does whose buffer drops or grows, for {@link BufferOperations}. */
abstract class BufferSpecification implements Specification<State> {

    private final int capacity;
    private final boolean dropsOldest;

    private BufferSpecification(int capacity, boolean dropsOldest) {
        this.capacity = capacity;
        this.dropsOldest = dropsOldest;
    }

    static final class DropOldestOfOne extends BufferSpecification {
        DropOldestOfOne() {
            super(1, true);
        }
    }

    static final class DropOldestOfTwo extends BufferSpecification {
        DropOldestOfTwo() {
            super(2, true);
        }
    }

    static final class DropNewestOfOne extends BufferSpecification {
        DropNewestOfOne() {
            super(1, false);
        }
    }

    static final class Unbounded extends BufferSpecification {
        Unbounded() {
            super(Integer.MAX_VALUE, false);
        }
    }

    @Override
    public State initial() {
        return new State(List.of(), false);
    }

    @Override
    public List<State> after(State state, Call call) {
        return switch (call.name()) {
            case "send", "trySend" -> send(state, (int) call.actor().getArguments().getFirst(), call);
            case "receive", "tryReceive" -> receive(state, call);
            case "drain" -> expect(call, digits(state.queue()), new State(List.of(), state.closed()));
            case "close" -> expect(call, state.closed() ? CLOSED : null, new State(state.queue(), true));
            case "size" -> expect(call, state.queue().size(), state);
            default -> throw new IllegalArgumentException("not specified: " + call.actor());
        };
    }

    private static int digits(List<Integer> values) {
        return values.stream().reduce(0, (digits, value) -> 10 * digits + value);
    }

    private List<State> send(State state, int value, Call call) {
        if (state.closed()) {
            return expect(call, CLOSED, state);
        }
        List<Integer> queue = new ArrayList<>(state.queue());
        if (queue.size() < capacity) {
            queue.add(value);
            return expect(call, SENT, new State(List.copyOf(queue), false));
        }
        if (!dropsOldest) {
            return expect(call, value, state);
        }
        int oldest = queue.removeFirst();
        queue.add(value);
        return expect(call, oldest, new State(List.copyOf(queue), false));
    }

    private static List<State> receive(State state, Call call) {
        List<Integer> queue = state.queue();
        if (queue.isEmpty()) {
            return state.closed() || !call.mayWait() ? expect(call, null, state) : List.of();
        }
        return expect(call, queue.getFirst(), new State(List.copyOf(queue.subList(1, queue.size())), state.closed()));
    }

    private static List<State> expect(Call call, Object result, State next) {
        return call.gave(result) ? List.of(next) : List.of();
    }
}
