package dev.runnel.correctness.linearizability;

import static dev.runnel.correctness.linearizability.ChanOperations.CLOSED;
import static dev.runnel.correctness.linearizability.ChanOperations.OTHERWISE;
import static dev.runnel.correctness.linearizability.ChanOperations.SENT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;

/**
 * What channels do, for {@link ChanOperations}, {@link SelectOperations} and {@link CaseSetOperations}. Who waits is
 * not part of the state: an operation that waits happens when it can. So a try form on an unbuffered channel that is
 * open may always fail; but if it succeeds, it meets an operation that may wait. Everything that sends or receives is a
 * select, of one case or more.
 */
abstract class ChanSpecification implements Specification<List<ChanSpecification.State>> {

    /** What is in the buffer of a channel, and whether it is closed. */
    record State(List<Integer> queue, boolean closed) {}

    /** One case: a send of a value, or a receive. */
    private record Part(boolean sends, int chan, int value) {}

    /**
     * A select.
     *
     * @param named whether its result names the channel
     * @param none its result if nothing was ready
     */
    private record Select(List<Part> parts, boolean waits, boolean named, Object none) {

        /** Its result if a part has happened, with a value, {@code SENT} or {@code CLOSED}. */
        Object report(Part part, Object got) {
            return !named || CLOSED.equals(got) ? got : (part.chan == 0 ? "a: " : "b: ") + (part.sends ? null : got);
        }
    }

    private final int[] capacities;

    ChanSpecification(int... capacities) {
        this.capacities = capacities;
    }

    static final class Unbuffered extends ChanSpecification {
        Unbuffered() {
            super(0);
        }
    }

    static final class CapacityOne extends ChanSpecification {
        CapacityOne() {
            super(1);
        }
    }

    static final class CapacityTwo extends ChanSpecification {
        CapacityTwo() {
            super(2);
        }
    }

    static final class BothUnbuffered extends ChanSpecification {
        BothUnbuffered() {
            super(0, 0);
        }
    }

    static final class BothBuffered extends ChanSpecification {
        BothBuffered() {
            super(1, 2);
        }
    }

    static final class Mixed extends ChanSpecification {
        Mixed() {
            super(0, 1);
        }
    }

    @Override
    public List<State> initial() {
        return Collections.nCopies(capacities.length, new State(List.of(), false));
    }

    @Override
    public List<List<State>> after(List<State> states, Call call) {
        State a = states.getFirst();
        return switch (call.name()) {
            case "close" -> close(states, 0, call);
            case "closeB" -> close(states, 1, call);
            case "size" -> call.gave(a.queue.size()) ? List.of(states) : List.of();
            case "isDrained" -> call.gave(a.closed && a.queue.isEmpty()) ? List.of(states) : List.of();
            default -> select(states, selectOf(call.actor()), call);
        };
    }

    private static List<List<State>> close(List<State> states, int chan, Call call) {
        State state = states.get(chan);
        if (state.closed) {
            return call.gave(CLOSED) ? List.of(states) : List.of();
        }
        return call.gave(null) ? List.of(with(states, chan, new State(state.queue, true))) : List.of();
    }

    private static List<State> with(List<State> states, int chan, State state) {
        List<State> changed = new ArrayList<>(states);
        changed.set(chan, state);
        return List.copyOf(changed);
    }

    private static Select selectOf(Actor actor) {
        int value = actor.getArguments().isEmpty() ? 0 : (int) actor.getArguments().getFirst();
        Part send = new Part(true, 0, value);
        Part sendB = new Part(true, 1, value);
        Part receive = new Part(false, 0, 0);
        Part receiveB = new Part(false, 1, 0);
        boolean waits = Specification.mayWait(actor);
        return switch (actor.getMethod().getName()) {
            case "send", "trySend" -> new Select(List.of(send), waits, false, OTHERWISE);
            case "trySendB" -> new Select(List.of(sendB), waits, false, OTHERWISE);
            case "receive", "receiveOrElse" -> new Select(List.of(receive), waits, false, OTHERWISE);
            case "receiveB" -> new Select(List.of(receiveB), waits, false, OTHERWISE);
            case "tryReceive" -> new Select(List.of(receive), waits, false, null);
            case "tryReceiveB" -> new Select(List.of(receiveB), waits, false, null);
            case "sendOrReceive" -> new Select(List.of(send, receive), waits, false, OTHERWISE);
            case "receiveReceive", "receiveReceiveOtherwise" ->
                new Select(List.of(receive, receiveB), waits, true, OTHERWISE);
            case "selectOne", "trySelectOne" ->
                new Select(List.of(receive, new Part(true, 1, 8)), waits, true, OTHERWISE);
            case "trySelectOneWithoutReceive" -> new Select(List.of(new Part(true, 1, 8)), waits, true, OTHERWISE);
            case "selectTwo" -> new Select(List.of(new Part(true, 0, 7), receiveB), waits, true, OTHERWISE);
            case "sendReceive", "sendReceiveOtherwise" -> new Select(List.of(send, receiveB), waits, true, OTHERWISE);
            case "receiveSend" -> new Select(List.of(receive, sendB), waits, true, OTHERWISE);
            case "sendSend", "sendSendOtherwise" -> new Select(List.of(send, sendB), waits, true, OTHERWISE);
            default -> throw new IllegalArgumentException("not specified: " + actor);
        };
    }

    private List<List<State>> select(List<State> states, Select select, Call call) {
        List<List<State>> possible = new ArrayList<>();
        boolean ready = false;
        for (Part part : select.parts) {
            State state = states.get(part.chan);
            List<Integer> queue = state.queue;
            if (part.sends && state.closed) {
                ready = true;
                if (call.gave(select.report(part, CLOSED))) {
                    possible.add(states);
                }
            } else if (part.sends && queue.size() < capacities[part.chan]) {
                ready = true;
                if (call.gave(select.report(part, SENT))) {
                    List<Integer> longer = new ArrayList<>(queue);
                    longer.add(part.value);
                    possible.add(with(states, part.chan, new State(List.copyOf(longer), false)));
                }
            } else if (!part.sends && !queue.isEmpty()) {
                ready = true;
                if (call.gave(select.report(part, queue.getFirst()))) {
                    List<Integer> shorter = List.copyOf(queue.subList(1, queue.size()));
                    possible.add(with(states, part.chan, new State(shorter, state.closed)));
                }
            } else if (!part.sends && state.closed) {
                ready = true;
                if (call.gave(select.report(part, null))) {
                    possible.add(states);
                }
            }
        }
        if (!ready && !select.waits && call.gave(select.none)) {
            possible.add(states);
        }
        return possible;
    }

    /** A send and a receive that meet on an unbuffered channel. One of them has waited for the other. */
    @Override
    public List<List<State>> afterBoth(List<State> states, Call one, Call other) {
        if (!one.mayWait() && !other.mayWait()) {
            return List.of();
        }
        return meet(states, one, other) || meet(states, other, one) ? List.of(states) : List.of();
    }

    private boolean meet(List<State> states, Call sending, Call receiving) {
        if (isAlone(sending) || isAlone(receiving)) {
            return false;
        }
        Select sender = selectOf(sending.actor());
        Select receiver = selectOf(receiving.actor());
        for (Part send : sender.parts) {
            for (Part receive : receiver.parts) {
                if (send.sends && !receive.sends && send.chan == receive.chan && capacities[send.chan] == 0
                        && !states.get(send.chan).closed && sending.gave(sender.report(send, SENT))
                        && receiving.gave(receiver.report(receive, send.value))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAlone(Call call) {
        return switch (call.name()) {
            case "close", "closeB", "size", "isDrained" -> true;
            default -> false;
        };
    }
}
