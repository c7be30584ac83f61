package dev.runnel;

import dev.runnel.Buffer.WhenFull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What channels, a wait group, contexts and sets of cases do, written down as plainly as can be: two channels, the
 * absent one, a counter, a context and one under it, and two sets; no concurrency, and operations that wait are entries
 * in lists. It follows the table of semantics, and shares nothing with the code that it is held against.
 *
 * <p>Where the rules leave a choice, the model says what is allowed, and is told what was chosen. So it is with the
 * case of a select, and with a set that waits: that stands in no queue, so that others may be faster, and of two sets
 * either may be.
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

    record Select(List<SelectCase> cases, boolean otherwise, boolean first) implements Op {

        /** The place of one of the cases in the outcome: that of the first like it, if either of them may be chosen. */
        int place(int index) {
            return first ? index : cases.indexOf(cases.get(index));
        }
    }

    record AwaitGroup() implements Op {}

    /** Sleeps for a moment, or nearly for ever. */
    record Sleep(boolean comes) implements Op {}

    /** An operation that is given a context: one that sends, receives, awaits the group or sleeps. */
    record WithContext(Op op, int context) implements Op {}

    /** A turn of a set, which may wait or not. */
    record Turn(int set, boolean tries) implements Op {}

    /** An operation of a goroutine whose interrupt status is set before. */
    record Interrupted(Op op) implements Op {}

    record Close(int chan, boolean withCause) implements Step {}

    record Add(int delta) implements Step {}

    record Cancel(int context, boolean withCause) implements Step {}

    /** Adds a case to a set, in a place from which it removes the one that was there. */
    record AddCase(int set, int place, SelectCase added) implements Step {}

    record RemoveCase(int set, int place) implements Step {}

    /** Gives another value to a case that sends, if there is one in a place of a set. */
    record GiveValue(int set, int place) implements Step {}

    /** Interrupts the goroutine of an earlier step, which is so many steps ago. */
    record Interrupt(int ago) implements Step {}

    sealed interface SelectCase {}

    record OnChan(boolean sends, int chan) implements SelectCase {}

    /** A deadline, which comes if one but waits for it, or never. */
    record After(boolean comes) implements SelectCase {}

    record OnDone(int context) implements SelectCase {}

    /** That the counter of the group is zero. */
    record OnZero() implements SelectCase {}

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

    /** A case in a set. */
    private static final class Member {
        final SelectCase added;
        int value;

        /** Whether it can happen: not if it sends, and has sent its value. */
        boolean on = true;

        Member(SelectCase added, int value) {
            this.added = added;
            this.value = value;
        }
    }

    private static final class Cases {
        final Member[] members = new Member[PLACES];

        /** The operation that waits for one of them; 0 if there is none. */
        int waiting;
    }

    private static final class Scope {
        final List<Entry> waiting = new ArrayList<>();
        boolean done;
    }

    /** How many cases fit into a set. */
    static final int PLACES = 4;

    private static final OnChan NOWHERE = new OnChan(false, 2);

    private final List<Channel> channels;
    private final List<Cases> sets = List.of(new Cases(), new Cases());

    /** Each is under the one before. */
    private final List<Scope> contexts = List.of(new Scope(), new Scope());

    /** Those that wait, by the number of their step. */
    private final Map<Integer, Sending> sending = new HashMap<>();

    /** What the channels have dropped. */
    private final List<Integer> dropped = new ArrayList<>();

    private int counter;
    private final List<Entry> awaiting = new ArrayList<>();

    /** The operations that have ended since {@link #takeEnded} was called last. */
    private Map<Integer, Outcome> ended = new HashMap<>();

    Model(Make a, Make b) {
        channels = List.of(new Channel(a), new Channel(b));
    }

    /** The value that the operation with a number sends in one of its cases. */
    static int value(int id, int index) {
        return id * 10 + index;
    }

    /** The cases that an operation consists of. */
    List<SelectCase> cases(Op op) {
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
            case AwaitGroup await -> List.of(new OnZero());
            case Sleep sleep -> List.of(new After(sleep.comes));
            case WithContext with -> List.of(cases(with.op).get(0), new OnDone(with.context));
            case Turn turn -> Arrays.stream(sets.get(turn.set).members)
                    .map(member -> member == null || !member.on ? NOWHERE : member.added)
                    .toList();
        };
    }

    /** The value that an operation sends in one of its cases. */
    private int value(int id, Op op, int index) {
        return op instanceof Turn turn ? sets.get(turn.set).members[index].value : value(id, place(op, index));
    }

    /** The place of one of the cases of an operation in its outcome. */
    private static int place(Op op, int index) {
        return switch (op) {
            case Select select -> select.place(index);
            case Interrupted interrupted -> place(interrupted.op, index);
            default -> index;
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
            case Sleep sleep -> false;
            case WithContext with -> false;
            case Turn turn -> turn.tries;
        };
    }

    /** Which of the cases of an operation could happen now. */
    List<Integer> ready(Op op) {
        if (op instanceof WithContext with && contexts.get(with.context).done) {
            return List.of(1); // is looked at on entry
        }
        List<SelectCase> cases = cases(op);
        List<Integer> ready = IntStream.range(0, cases.size()).filter(i -> isReady(cases.get(i))).boxed().toList();
        if (op instanceof Select select && select.first) {
            int first = ready.stream().filter(i -> !(cases.get(i) instanceof After)).findFirst().orElse(cases.size());
            return ready.stream().filter(i -> i <= first).toList();
        }
        return ready;
    }

    /** Which of the cases of an operation can happen for sure: a deadline need not have come yet. */
    List<Integer> surelyReady(Op op) {
        return ready(op).stream().filter(i -> !(cases(op).get(i) instanceof After)).toList();
    }

    private boolean isReady(SelectCase c) {
        return switch (c) {
            case After after -> after.comes;
            case OnDone on -> contexts.get(on.context).done;
            case OnZero on -> counter == 0;
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
        if (!(cases(op).get(index) instanceof OnChan on)) {
            return new Outcome(index, null, false);
        }
        Outcome outcome = happen(on, index, value(id, op, index));
        if (op instanceof Turn turn && on.sends && !outcome.closed) {
            sets.get(turn.set).members[index].on = false;
        }
        return outcome;
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
        if (op instanceof Turn turn) {
            sets.get(turn.set).waiting = id;
            return;
        }
        List<SelectCase> cases = cases(op);
        for (int i = 0; i < cases.size(); i++) {
            Entry entry = new Entry(id, place(op, i), value(id, op, i));
            switch (cases.get(i)) {
                case OnChan on when on.chan < channels.size() -> {
                    Channel channel = channels.get(on.chan);
                    (on.sends ? channel.senders : channel.receivers).add(entry);
                }
                case OnDone on -> contexts.get(on.context).waiting.add(entry);
                case OnZero on -> awaiting.add(entry);
                default -> {
                    // nobody will end it
                }
            }
        }
    }

    // Sets that wait.

    private boolean isRendezvous(OnChan on) {
        return on.chan < channels.size() && channels.get(on.chan).capacity == 0;
    }

    /** The case of a set that waits which sends a value on a channel without a buffer; null if there is none. */
    private Entry offer(int chan, Integer value) {
        for (Cases set : sets) {
            for (int i = 0; set.waiting != 0 && i < PLACES; i++) {
                Member member = set.members[i];
                if (member != null && member.on && member.added.equals(new OnChan(true, chan))
                        && isRendezvous(new OnChan(true, chan)) && value != null && value == member.value) {
                    return new Entry(set.waiting, i, value);
                }
            }
        }
        return null;
    }

    /**
     * Puts a set that waits into the queue of a channel, if it sends a value there: another set may be there, in which
     * case it stands in the queue, and anybody may find it.
     */
    boolean offerFromSet(int chan, Integer value) {
        Entry offered = offer(chan, value);
        if (offered != null) {
            channels.get(chan).senders.add(0, offered);
        }
        return offered != null;
    }

    /** Whether a set that waits, of another operation, has the other end of a case. */
    private boolean isFaced(int id, SelectCase c) {
        return c instanceof OnChan on && isRendezvous(on) && sets.stream()
                .filter(set -> set.waiting != 0 && set.waiting != id)
                .flatMap(set -> Arrays.stream(set.members))
                .anyMatch(member -> member != null && member.on
                        && member.added.equals(new OnChan(!on.sends, on.chan)));
    }

    /** Whether an operation that begins to wait will meet a set that waits. */
    boolean isFaced(Op op) {
        return cases(op).stream().anyMatch(c -> isFaced(0, c));
    }

    /** Whether a set waits for one end of a channel. */
    boolean isAwaitedBySet(boolean sends, int chan) {
        return sets.stream()
                .filter(set -> set.waiting != 0)
                .flatMap(set -> Arrays.stream(set.members))
                .anyMatch(member -> member != null && member.added.equals(new OnChan(sends, chan)));
    }

    /** The turns that wait and have something ready, so that one of them at least will end. */
    List<Integer> stirred() {
        List<Integer> stirred = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            int id = sets.get(i).waiting;
            if (id != 0 && cases(new Turn(i, false)).stream().anyMatch(c -> isReady(c) || isFaced(id, c))) {
                stirred.add(id);
            }
        }
        return stirred;
    }

    /** Whether a turn that waits may end so. */
    boolean mayEnd(int id, Outcome outcome) {
        SelectCase c = cases(turn(id)).get(outcome.chosen);
        if (c instanceof OnChan on && !on.sends && outcome.value != null) {
            Channel channel = channels.get(on.chan);
            Integer next = !channel.buffer.isEmpty() ? channel.buffer.peek()
                    : channel.senders.isEmpty() ? null : (Integer) channel.senders.get(0).value;
            return outcome.value.equals(next) || offer(on.chan, outcome.value) != null;
        }
        return isReady(c);
    }

    /** Ends a turn that waits as it has ended. */
    Outcome endTurn(int id, Outcome outcome) {
        Turn turn = turn(id);
        forget(id);
        if (cases(turn).get(outcome.chosen) instanceof OnChan on && !on.sends) {
            offerFromSet(on.chan, outcome.value);
        }
        return happen(id, turn, outcome.chosen);
    }

    private Turn turn(int id) {
        return new Turn(sets.get(0).waiting == id ? 0 : 1, false);
    }

    boolean isWaiting(int set) {
        return sets.get(set).waiting != 0;
    }

    /** Whether an operation is a turn of a set that is in use. */
    boolean isInUse(Op op) {
        return op instanceof Interrupted interrupted ? isInUse(interrupted.op)
                : op instanceof Turn turn && isWaiting(turn.set);
    }

    void addCase(AddCase add, int value) {
        sets.get(add.set).members[add.place] = new Member(add.added, value);
    }

    void removeCase(int set, int place) {
        sets.get(set).members[place] = null;
    }

    /** Gives a value to a case that sends. Returns false if there is none. */
    boolean giveValue(GiveValue give, int value) {
        Member member = sets.get(give.set).members[give.place];
        if (member == null || !(member.added instanceof OnChan on) || !on.sends) {
            return false;
        }
        member.value = value;
        member.on = true;
        return true;
    }

    boolean hasCase(int set, int place) {
        return sets.get(set).members[place] != null;
    }

    int size(Turn turn) {
        return (int) Arrays.stream(sets.get(turn.set).members).filter(Objects::nonNull).count();
    }

    // What ends others.

    /** Cancels a context, and what is under it. */
    void cancel(int context) {
        for (int i = context; i < contexts.size(); i++) {
            Scope scope = contexts.get(i);
            scope.done = true;
            while (!scope.waiting.isEmpty()) {
                end(scope.waiting.get(0), null, false);
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
            while (!awaiting.isEmpty()) {
                end(awaiting.get(0), null, false);
            }
        }
        return true;
    }

    private void end(Entry entry, Integer value, boolean closed) {
        for (Cases set : sets) {
            if (set.waiting == entry.id) {
                set.members[entry.index].on = false; // it stands in a queue only to send
            }
        }
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
        for (Scope scope : contexts) {
            scope.waiting.removeIf(entry -> entry.id == id);
        }
        awaiting.removeIf(entry -> entry.id == id);
        for (Cases set : sets) {
            if (set.waiting == id) {
                set.waiting = 0;
            }
        }
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

    boolean isDone(int context) {
        return contexts.get(context).done;
    }

    int waitingForDone(int context) {
        return contexts.get(context).waiting.size();
    }
}
