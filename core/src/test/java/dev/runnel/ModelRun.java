package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import dev.runnel.Model.OnChan;
import dev.runnel.Model.Op;
import dev.runnel.Model.Outcome;
import dev.runnel.Model.SelectCase;
import dev.runnel.Model.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Takes one step after the other, on real channels and on the model, and compares. */
final class ModelRun {

    private static final Duration SOON = Duration.ofNanos(100_000);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Goroutines goroutines = new Goroutines();
    private final Model model;
    private final List<Chan<Integer>> chans;

    /** What the channels were closed with; null if without a cause. */
    private final List<Exception> givenCauses = Arrays.asList(null, null);

    /** What the channels have dropped. */
    private final List<Integer> dropped = new CopyOnWriteArrayList<>();

    private final WaitGroup group = new WaitGroup();

    /** The goroutines that wait, by the number of their step. */
    private final Map<Integer, Started<Outcome>> waiting = new LinkedHashMap<>();

    private final List<CancelContext> contexts = new ArrayList<>();

    /** What the contexts were cancelled with; null if they were not. */
    private final List<Throwable> causes = Arrays.asList(null, null);

    private final List<RealSet> sets = List.of(new RealSet(), new RealSet());

    /** Handles that are in no select or set now: whoever needs one takes it from here. */
    private final Map<OnChan, Deque<Case<?>>> handles = new HashMap<>();

    /** The number of the step. */
    private int id;

    ModelRun(Model.Make a, Model.Make b) {
        model = new Model(a, b);
        chans = List.of(a.chan(dropped::add), b.chan(dropped::add), Chan.absent());
        contexts.add(Context.background().withCancel());
        contexts.add(contexts.get(0).withCancel());
    }

    /** A set, and the cases in its places. */
    private static final class RealSet {

        final CaseSet<Object> set = new CaseSet<>();
        final Case<?>[] members = new Case<?>[Model.PLACES];
        final SelectCase[] added = new SelectCase[Model.PLACES];

        /** In which turn the case in a place has happened last, and since when it has been ready in all turns. */
        private final int[] happened = new int[Model.PLACES];
        private final int[] readySince = new int[Model.PLACES];

        private int turn;

        /** States which cases are ready in a turn. */
        void beginTurn(List<Integer> ready) {
            turn++;
            for (int i = 0; i < Model.PLACES; i++) {
                readySince[i] = ready.contains(i) ? Math.min(readySince[i], turn) : Integer.MAX_VALUE;
            }
        }

        /** Checks that the case that has happened was in turn: each other one that was ready has been served before. */
        void endTurn(int chosen, boolean certainlyThat) {
            if (!certainlyThat) {
                Arrays.fill(readySince, Integer.MAX_VALUE);
                return;
            }
            for (int i = 0; i < Model.PLACES && happened[chosen] > 0; i++) {
                int one = i;
                assertTrue(i == chosen || readySince[i] > happened[chosen],
                        () -> "case " + chosen + " has happened twice while case " + one + " was ready");
            }
            happened[chosen] = turn;
            readySince[chosen] = Integer.MAX_VALUE;
        }

        void put(int place, Case<?> c, SelectCase like) {
            members[place] = c;
            added[place] = like;
            happened[place] = 0;
            readySince[place] = Integer.MAX_VALUE;
        }
    }

    void take(Step step) throws Exception {
        id++;
        switch (step) {
            case Model.Close close -> close(close);
            case Model.Add add -> add(add.delta());
            case Model.Cancel cancel -> cancel(cancel);
            case Model.AddCase add -> addCase(add);
            case Model.RemoveCase remove -> removeCase(remove.set(), remove.place());
            case Model.GiveValue give -> giveValue(give);
            case Model.Interrupt interrupt -> interrupt(id - interrupt.ago());
            case Model.Interrupted interrupted when !Model.neverWaits(interrupted.op()) ->
                assertInstanceOf(InterruptedException.class, start(interrupted).failure());
            case Op op when model.isInUse(op) -> assertInUse(start(op).failure());
            case Op op -> perform(op);
        }
        compare();
    }

    private static void assertInUse(Throwable e) {
        assertInstanceOf(IllegalStateException.class, e);
        assertTrue(e.getMessage().startsWith("this set is in use"), e::getMessage);
    }

    private void perform(Op op) throws Exception {
        switch (op) {
            case Model.SendAll all -> {
                Model.SendAll send = certain(all);
                Started<Outcome> real = start(send);
                Outcome outcome = model.sendAll(id, send);
                if (outcome == null) {
                    waiting.put(id, real);
                } else {
                    assertEquals(outcome, real.get());
                }
            }
            case Model.Drain drain -> {
                Model.Drain certain = certain(drain);
                drain(certain, start(certain).get());
            }
            case Model.Interrupted(Model.Drain drain) -> {
                Model.Drain certain = certain(drain);
                drain(certain, start(new Model.Interrupted(certain)).get());
            }
            default -> performOne(op);
        }
    }

    /**
     * One that is sure to end in one way: who sends several may be back with the next before the end, or not, and a set
     * may send before the end, or not.
     */
    private Model.Drain certain(Model.Drain drain) {
        boolean uncertain = model.isSendingAll(drain.chan()) || model.isAwaitedBySet(true, drain.chan());
        return uncertain ? new Model.Drain(drain.chan(), 1) : drain;
    }

    /** One that is sure to end in one way: a set that waits may receive any of several values. */
    private Model.SendAll certain(Model.SendAll send) {
        boolean uncertain = send.count() > 1 && model.isAwaitedBySet(false, send.chan());
        return uncertain ? new Model.SendAll(send.chan(), 1) : send;
    }

    private void drain(Model.Drain drain, Outcome real) {
        for (Integer value : real.drained()) {
            model.offerFromSet(drain.chan(), value);
        }
        assertEquals(model.drain(drain.chan(), drain.max()), real);
    }

    private void performOne(Op given) throws Exception {
        Op op = given instanceof Model.Interrupted interrupted ? interrupted.op() : given;
        List<Integer> ready = model.ready(op);
        List<Integer> surelyReady = model.surelyReady(op);
        boolean mayWait = !Model.neverWaits(op) && surelyReady.isEmpty();
        if (op instanceof Model.Turn turn) {
            sets.get(turn.set()).beginTurn(surelyReady);
        }
        Started<Outcome> real = start(given);
        if (ready.isEmpty() && mayWait && !model.isFaced(op)) {
            model.await(id, op);
            waiting.put(id, real);
            return;
        }
        Outcome outcome = real.get();
        if (outcome.equals(Outcome.NOTHING)) {
            assertTrue(Model.neverWaits(op) && surelyReady.isEmpty(),
                    () -> "nothing has happened, but ready were " + ready);
            return;
        }
        boolean fromSet = model.cases(op).get(outcome.chosen()) instanceof OnChan on && !on.sends()
                && model.offerFromSet(on.chan(), outcome.value());
        if (!fromSet && !ready.contains(outcome.chosen())) {
            assertTrue(mayWait, () -> outcome + ", but ready were only " + ready);
            model.await(id, op); // and then a set came
            waiting.put(id, real);
            return;
        }
        assertEquals(model.happen(id, op, outcome.chosen()), outcome);
        if (op instanceof Model.Turn turn) {
            endTurn(turn, outcome);
        }
    }

    private void endTurn(Model.Turn turn, Outcome outcome) {
        RealSet real = sets.get(turn.set());
        SelectCase chosen = real.added[outcome.chosen()];
        boolean certain = !outcome.closed() || Arrays.stream(real.added).filter(OnChan.class::isInstance).count() == 1;
        real.endTurn(outcome.chosen(), certain && chosen != null);
    }

    private Started<Outcome> start(Op op) {
        int number = id;
        return goroutines.call(() -> {
            try {
                return call(number, op);
            } catch (ContextException e) {
                Model.WithContext with = (Model.WithContext) op;
                assertSame(contexts.get(with.context()).cause(), e.getCause());
                return new Outcome(1, null, false);
            } catch (ChanClosedException e) {
                OnChan on = (OnChan) model.cases(op).get(0);
                assertTrue(tells(e, on), () -> e + " does not tell of " + on);
                return new Outcome(0, op instanceof Model.SendAll ? sent(e) : null, true);
            }
        });
    }

    /** The operation on what is real. */
    private Outcome call(int number, Op op) throws Exception {
        int value = Model.value(number, 0);
        return switch (op) {
            case Model.Send send -> {
                chans.get(send.chan()).send(value);
                yield new Outcome(0, null, false);
            }
            case Model.Receive receive -> new Outcome(0, chans.get(receive.chan()).receive(), false);
            case Model.Next next -> new Outcome(0, next(chans.get(next.chan())), false);
            case Model.TrySend send ->
                chans.get(send.chan()).trySend(value) ? new Outcome(0, null, false) : Outcome.NOTHING;
            case Model.TryReceive receive -> {
                Chan<Integer> chan = chans.get(receive.chan());
                Integer received = chan.tryReceive();
                yield received != null || chan.isDrained() ? new Outcome(0, received, false) : Outcome.NOTHING;
            }
            case Model.SendAll send -> {
                chans.get(send.chan())
                        .sendAll(IntStream.range(0, send.count()).mapToObj(i -> Model.value(number, i)).toList());
                yield new Outcome(0, send.count(), false);
            }
            case Model.Drain drain -> new Outcome(0, null, false, chans.get(drain.chan()).drain(drain.max()));
            case Model.AwaitGroup await -> {
                group.await();
                yield new Outcome(0, null, false);
            }
            case Model.Sleep sleep -> {
                Go.sleep(sleep.comes() ? SOON : NEVER);
                yield new Outcome(0, null, false);
            }
            case Model.WithContext(Op op1, int context) -> call(number, op1, contexts.get(context));
            case Model.Select select -> select(number, select);
            case Model.Turn turn -> turn(turn);
            case Model.Interrupted interrupted -> {
                Thread.currentThread().interrupt();
                Outcome outcome = call(number, interrupted.op());
                assertTrue(Thread.interrupted(), "the status has been left set");
                yield outcome;
            }
        };
    }

    private Outcome call(int number, Op op, Context context) throws InterruptedException {
        Integer received = null;
        switch (op) {
            case Model.Send send -> chans.get(send.chan()).send(Model.value(number, 0), context);
            case Model.Receive receive -> received = chans.get(receive.chan()).receive(context);
            case Model.AwaitGroup await -> group.await(context);
            case Model.Sleep sleep -> Go.sleep(sleep.comes() ? SOON : NEVER, context);
            default -> throw new IllegalArgumentException(op + " is given no context");
        }
        return new Outcome(0, received, false);
    }

    /** How many values had been sent, as an exception of sendAll says. */
    static int sent(Exception e) {
        Matcher says = Pattern.compile("(\\d+) of \\d+ values had been sent").matcher(e.getMessage());
        assertTrue(says.find(), e::getMessage);
        return Integer.parseInt(says.group(1));
    }

    private static Integer next(Chan<Integer> chan) throws InterruptedException {
        try {
            return chan.iterator().next();
        } catch (NoSuchElementException e) {
            return null;
        } catch (UncheckedInterruptedException e) {
            assertTrue(Thread.interrupted(), "iteration has set the status again");
            throw new InterruptedException();
        }
    }

    private Outcome select(int number, Model.Select select) throws InterruptedException {
        List<Case<?>> cases = new ArrayList<>();
        for (SelectCase c : select.cases()) {
            cases.add(make(c, Model.value(number, select.place(cases.size()))));
        }
        if (select.otherwise()) {
            cases.add(Go.otherwise());
        }
        try {
            Case<?> chosen = select(cases, select.first());
            int index = cases.indexOf(chosen);
            return new Outcome(index == select.cases().size() ? -1 : select.place(index), (Integer) chosen.value(),
                    false);
        } catch (ChanClosedException e) {
            return closed(e, select.cases());
        } catch (ContextException e) {
            return new Outcome(select.place(done(e, select.cases(), cases)), null, false);
        } finally {
            for (int i = 0; i < select.cases().size(); i++) {
                if (select.cases().get(i) instanceof OnChan on) {
                    giveBack(on, cases.get(i));
                }
            }
        }
    }

    private Outcome turn(Model.Turn turn) throws InterruptedException {
        RealSet real = sets.get(turn.set());
        List<SelectCase> added = Arrays.asList(real.added);
        List<Case<?>> members = Arrays.asList(real.members);
        try {
            Case<?> chosen = turn.tries() ? real.set.trySelect() : real.set.select();
            return chosen == null ? Outcome.NOTHING
                    : new Outcome(members.indexOf(chosen), (Integer) chosen.value(), false);
        } catch (ChanClosedException e) {
            return closed(e, IntStream.range(0, Model.PLACES)
                    .mapToObj(i -> members.get(i) instanceof SendCase<?> send && send.offered() == null
                            ? new Model.After(false) // is off
                            : added.get(i))
                    .toList());
        } catch (ContextException e) {
            return new Outcome(done(e, added, members), null, false);
        }
    }

    /** Which case it was is not said: any of which it may tell will do. */
    private Outcome closed(ChanClosedException e, List<SelectCase> cases) {
        for (int i = 0; i < cases.size(); i++) {
            if (cases.get(i) instanceof OnChan on && tells(e, on)) {
                return new Outcome(i, null, true);
            }
        }
        throw new AssertionError("no case comes to this", e);
    }

    /** The case that has happened is the one that has a value, though it be null. */
    private int done(ContextException e, List<SelectCase> like, List<Case<?>> cases) {
        for (int i = 0; i < like.size(); i++) {
            if (like.get(i) instanceof Model.OnDone on && hasHappened(cases.get(i))) {
                assertSame(contexts.get(on.context()).cause(), e.getCause());
                return i;
            }
        }
        throw new AssertionError("no case comes to this", e);
    }

    private static boolean hasHappened(Case<?> c) {
        try {
            return c.value() == null;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Whether an exception may tell how an operation came to a closed channel. */
    private boolean tells(ChanClosedException e, OnChan on) {
        return on.chan() < 2 && ((LockedChan<?>) chans.get(on.chan())).closed
                && e.getMessage().startsWith(on.sends() ? "send on" : "receive from")
                && e.getCause() == givenCauses.get(on.chan());
    }

    private Case<?> make(SelectCase c, int value) {
        return switch (c) {
            case OnChan on -> handle(on, value);
            case Model.After after -> Go.after(after.comes() ? SOON : NEVER);
            case Model.OnDone on -> contexts.get(on.context()).onDone();
            case Model.OnZero on -> Go.done(group).onReceive();
        };
    }

    @SuppressWarnings("unchecked") // it was made here
    private Case<?> handle(OnChan on, int value) {
        Case<?> handle;
        synchronized (handles) {
            handle = handles.computeIfAbsent(on, key -> new ArrayDeque<>()).poll();
        }
        Chan<Integer> chan = chans.get(on.chan());
        if (!on.sends()) {
            return handle == null ? chan.onReceive() : handle;
        }
        return (handle == null ? chan.onSend() : (SendCase<Integer>) handle).with(value);
    }

    private void giveBack(OnChan on, Case<?> handle) {
        synchronized (handles) {
            handles.get(on).push(handle);
        }
    }

    private static Case<?> select(List<Case<?>> cases, boolean first) throws InterruptedException {
        return switch (cases.size()) {
            case 1 -> first ? Go.selectFirst(cases.toArray(Case<?>[]::new)) : Go.select(cases.get(0));
            case 2 ->
                first ? Go.selectFirst(cases.get(0), cases.get(1)) : Go.select(cases.get(0), cases.get(1));
            case 3 -> first ? Go.selectFirst(cases.get(0), cases.get(1), cases.get(2))
                    : Go.select(cases.get(0), cases.get(1), cases.get(2));
            case 4 -> first ? Go.selectFirst(cases.get(0), cases.get(1), cases.get(2), cases.get(3))
                    : Go.select(cases.get(0), cases.get(1), cases.get(2), cases.get(3));
            default -> {
                Case<?>[] all = cases.toArray(Case<?>[]::new);
                yield first ? Go.selectFirst(all) : Go.select(all);
            }
        };
    }

    private void close(Model.Close close) {
        int chan = close.chan();
        Exception before = givenCauses.get(chan);
        boolean closed;
        try {
            if (close.withCause()) {
                Exception cause = new Exception("given in step " + id);
                if (!model.isClosed(chan)) {
                    givenCauses.set(chan, cause);
                }
                chans.get(chan).close(cause);
            } else {
                chans.get(chan).close();
            }
            closed = true;
        } catch (ChanClosedException e) {
            assertSame(before, e.getCause());
            closed = false;
        }
        assertEquals(model.close(chan, close.withCause()), closed);
    }

    private void add(int delta) {
        boolean added;
        try {
            group.add(delta);
            added = true;
        } catch (IllegalStateException e) {
            added = false;
        }
        assertEquals(model.add(delta), added);
    }

    private void cancel(Model.Cancel cancel) {
        CancelContext context = contexts.get(cancel.context());
        Throwable given = new Exception("given in step " + id);
        if (cancel.withCause()) {
            context.cancel(given);
        } else {
            context.cancel();
        }
        for (int i = cancel.context(); i < contexts.size(); i++) {
            Context one = contexts.get(i);
            if (!model.isDone(i)) {
                causes.set(i, cancel.withCause() ? given : context.err());
            }
            assertSame(causes.get(i), one.cause());
        }
        model.cancel(cancel.context());
    }

    private void addCase(Model.AddCase add) {
        RealSet real = sets.get(add.set());
        if (model.isWaiting(add.set())) {
            assertInUse(assertThrows(IllegalStateException.class, () -> real.set.add(Go.after(NEVER))));
            return;
        }
        removeCase(add.set(), add.place());
        Case<?> made = make(add.added(), Model.value(id, 0));
        assertSame(made, real.set.add(made));
        real.put(add.place(), made, add.added());
        model.addCase(add, Model.value(id, 0));
    }

    private void removeCase(int set, int place) {
        RealSet real = sets.get(set);
        Case<?> member = real.members[place];
        if (member == null) {
            return;
        }
        if (model.isWaiting(set)) {
            assertInUse(assertThrows(IllegalStateException.class, () -> real.set.remove(member)));
            return;
        }
        assertTrue(real.set.remove(member));
        assertFalse(real.set.remove(member));
        if (real.added[place] instanceof OnChan on) {
            giveBack(on, member);
        }
        real.put(place, null, null);
        model.removeCase(set, place);
    }

    @SuppressWarnings("unchecked") // it was made here
    private void giveValue(Model.GiveValue give) {
        if (!model.isWaiting(give.set()) && model.giveValue(give, Model.value(id, 0))) {
            Case<?> member = sets.get(give.set()).members[give.place()];
            ((SendCase<Integer>) member).with(Model.value(id, 0));
        }
    }

    private void interrupt(int target) throws Exception {
        Started<Outcome> interrupted = waiting.remove(target);
        if (interrupted != null) {
            int sent = model.sent(target);
            model.forget(target);
            interrupted.interrupt();
            var e = assertInstanceOf(InterruptedException.class, interrupted.failure());
            if (sent >= 0) {
                assertEquals(sent, sent(e));
            }
        }
    }

    /** Waits until everything has come to rest, and compares what can be seen. */
    private void compare() throws Exception {
        endTurns();
        for (Map.Entry<Integer, Outcome> ended : model.takeEnded().entrySet()) {
            try {
                assertEquals(ended.getValue(), waiting.remove(ended.getKey()).get());
            } catch (ExecutionException e) {
                throw new AssertionError("it should have ended with " + ended.getValue(), e);
            }
        }
        for (int i = 0; i < 2; i++) {
            Chan<?> chan = chans.get(i);
            int index = i;
            Await.until(() -> sendersButSets(chan) == model.senders(index),
                    () -> model.senders(index) + " senders queued; there are " + sendersButSets(chan));
            Await.receivers(chan, model.receivers(i));
            assertEquals(model.size(i), chan.size(), "size of " + i);
            assertEquals(model.isDrained(i), chan.isDrained(), "isDrained of " + i);
            Chans.check((LockedChan<?>) chan);
        }
        assertEquals(model.dropped(), dropped);
        Await.awaiting(group, model.awaiting());
        assertEquals("WaitGroup[counter=" + model.counter() + "]", group.toString());
        compareContexts();
        for (int i = 0; i < sets.size(); i++) {
            CaseSet<Object> set = sets.get(i).set;
            if (model.isWaiting(i)) {
                Await.until(() -> Waiting.isAtRest(set), () -> set + " to wait");
            }
            assertEquals(model.size(new Model.Turn(i, false)), set.size());
        }
        for (Started<Outcome> one : waiting.values()) {
            assertFalse(one.isDone(), "what waits in the model waits");
        }
    }

    /** Lets the turns of sets end that have something to do now, in an order in which they may have come to that. */
    private void endTurns() throws Exception {
        while (!model.stirred().isEmpty()) {
            List<Integer> those = model.stirred();
            Await.until(() -> those.stream().anyMatch(this::mayEnd),
                    () -> "one of the turns " + those + " to end as it may");
            int turn = those.stream().filter(this::mayEnd).findFirst().orElseThrow();
            Outcome outcome = waiting.remove(turn).get();
            assertEquals(model.endTurn(turn, outcome), outcome);
        }
    }

    private boolean mayEnd(int turn) {
        Started<Outcome> real = waiting.get(turn);
        return real.isDone() && model.mayEnd(turn, real.future().resultNow());
    }

    /** How many stand in the queue of a channel, but for sets, which are there only at times. */
    private int sendersButSets(Chan<?> chan) {
        return Waiting.sendersBut(chan, sets.stream().map(one -> one.set).toList());
    }

    private void compareContexts() {
        for (int i = 0; i < contexts.size(); i++) {
            Context context = contexts.get(i);
            assertSame(causes.get(i), context.cause());
            int n = model.waitingForDone(i);
            if (n > 0) { // else the channel may not have been asked for
                Await.receivers((Chan<?>) (ReceiveChan<?>) context.done(), n);
            }
        }
        assertEquals(model.isDone(1) ? 0 : 1, ContextTest.dependents(contexts.get(0)), "contexts under the first");
    }

    /** Interrupts those that still wait, and waits for them to end. */
    void end() throws Exception {
        for (int number : List.copyOf(waiting.keySet())) {
            interrupt(number);
        }
    }

    /** Ends all, and checks that nothing is left in any channel. */
    void finish() throws Exception {
        end();
        for (RealSet real : sets) {
            real.set.clear();
        }
        List<Chan<?>> all = new ArrayList<>(chans.subList(0, 2));
        for (Context context : contexts) {
            all.add((Chan<?>) (ReceiveChan<?>) context.done());
        }
        for (Chan<?> chan : all) {
            assertEquals(0, Waiting.senders(chan), "senders left in a queue");
            assertEquals(0, Waiting.receivers(chan), "receivers left in a queue");
            assertNull(((LockedChan<?>) chan).watches, "what the sets have left in a channel");
        }
    }
}
