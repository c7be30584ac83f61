package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import dev.runnel.Model.OnChan;
import dev.runnel.Model.Op;
import dev.runnel.Model.Outcome;
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

    /** Handles that are in no select now: whoever needs one takes it from here. */
    private final Map<OnChan, Deque<Case<Integer>>> handles = new HashMap<>();

    /** The number of the step. */
    private int id;

    ModelRun(Model.Make a, Model.Make b) {
        model = new Model(a, b);
        chans = List.of(a.chan(dropped::add), b.chan(dropped::add), Chan.absent());
    }

    void take(Step step) throws Exception {
        id++;
        switch (step) {
            case Model.Close close -> close(close);
            case Model.Add add -> add(add.delta());
            case Model.Interrupt interrupt -> interrupt(id - interrupt.ago());
            case Model.Interrupted interrupted when !Model.neverWaits(interrupted.op()) ->
                assertInstanceOf(InterruptedException.class, start(interrupted).failure());
            case Op op -> perform(op);
        }
        compare();
    }

    private void perform(Op op) throws Exception {
        switch (op) {
            case Model.SendAll send -> {
                Started<Outcome> real = start(op);
                Outcome outcome = model.sendAll(id, send);
                if (outcome == null) {
                    waiting.put(id, real);
                } else {
                    assertEquals(outcome, real.get());
                }
            }
            case Model.Drain drain -> {
                Model.Drain certain = certain(drain);
                assertEquals(model.drain(drain.chan(), certain.max()), start(certain).get());
            }
            case Model.Interrupted(Model.Drain drain) -> {
                Model.Drain certain = certain(drain);
                assertEquals(model.drain(drain.chan(), certain.max()), start(new Model.Interrupted(certain)).get());
            }
            default -> performOne(op);
        }
    }

    /** One that is sure to end in one way: who sends several may be back with the next before the end, or not. */
    private Model.Drain certain(Model.Drain drain) {
        return model.isSendingAll(drain.chan()) ? new Model.Drain(drain.chan(), 1) : drain;
    }

    private void performOne(Op op) throws Exception {
        List<Integer> ready = model.ready(op);
        Started<Outcome> real = start(op);
        if (ready.isEmpty() && !Model.neverWaits(op)) {
            model.await(id, op);
            waiting.put(id, real);
            return;
        }
        Outcome outcome = real.get();
        if (outcome.equals(Outcome.NOTHING)) {
            assertTrue(model.mayDoNothing(op), () -> "nothing has happened, but ready were " + ready);
            return;
        }
        assertTrue(ready.contains(outcome.chosen()), () -> outcome + ", but ready were only " + ready);
        assertEquals(model.happen(id, op, outcome.chosen()), outcome);
    }

    private Started<Outcome> start(Op op) {
        int number = id;
        return goroutines.call(() -> {
            try {
                return call(number, op);
            } catch (ChanClosedException e) {
                OnChan on = (OnChan) Model.cases(op).get(0);
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
            case Model.Select select -> select(number, select);
            case Model.Interrupted interrupted -> {
                Thread.currentThread().interrupt();
                Outcome outcome = call(number, interrupted.op());
                assertTrue(Thread.interrupted(), "the status has been left set");
                yield outcome;
            }
        };
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
        List<Case<Integer>> cases = new ArrayList<>();
        for (Model.SelectCase c : select.cases()) {
            cases.add(switch (c) {
                case OnChan on -> handle(on, Model.value(number, cases.size()));
                case Model.After after -> Go.after(after.comes() ? SOON : NEVER);
            });
        }
        if (select.otherwise()) {
            cases.add(Go.otherwise());
        }
        try {
            Case<?> chosen = select(cases);
            int index = cases.indexOf(chosen);
            return new Outcome(index == select.cases().size() ? -1 : index, (Integer) chosen.value(), false);
        } catch (ChanClosedException e) {
            // which case it was is not said: any of which it may tell will do
            for (int i = 0; i < select.cases().size(); i++) {
                if (select.cases().get(i) instanceof OnChan on && tells(e, on)) {
                    return new Outcome(i, null, true);
                }
            }
            throw new AssertionError("no case comes to this", e);
        } finally {
            for (int i = 0; i < select.cases().size(); i++) {
                if (select.cases().get(i) instanceof OnChan on) {
                    giveBack(on, cases.get(i));
                }
            }
        }
    }

    /** Whether an exception may tell how an operation came to a closed channel. */
    private boolean tells(ChanClosedException e, OnChan on) {
        return on.chan() < 2 && ((LockedChan<?>) chans.get(on.chan())).closed
                && e.getMessage().startsWith(on.sends() ? "send on" : "receive from")
                && e.getCause() == givenCauses.get(on.chan());
    }

    private Case<Integer> handle(OnChan on, int value) {
        Case<Integer> handle;
        synchronized (handles) {
            handle = handles.computeIfAbsent(on, key -> new ArrayDeque<>()).poll();
        }
        Chan<Integer> chan = chans.get(on.chan());
        if (!on.sends()) {
            return handle == null ? chan.onReceive() : handle;
        }
        return (handle == null ? chan.onSend() : (SendCase<Integer>) handle).with(value);
    }

    private void giveBack(OnChan on, Case<Integer> handle) {
        synchronized (handles) {
            handles.get(on).push(handle);
        }
    }

    private static Case<?> select(List<Case<Integer>> cases) throws InterruptedException {
        return switch (cases.size()) {
            case 1 -> Go.select(cases.get(0));
            case 2 -> Go.select(cases.get(0), cases.get(1));
            case 3 -> Go.select(cases.get(0), cases.get(1), cases.get(2));
            case 4 -> Go.select(cases.get(0), cases.get(1), cases.get(2), cases.get(3));
            default -> Go.select(cases.toArray(Case<?>[]::new));
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
        for (Map.Entry<Integer, Outcome> ended : model.takeEnded().entrySet()) {
            try {
                assertEquals(ended.getValue(), waiting.remove(ended.getKey()).get());
            } catch (ExecutionException e) {
                throw new AssertionError("it should have ended with " + ended.getValue(), e);
            }
        }
        for (int i = 0; i < 2; i++) {
            Chan<?> chan = chans.get(i);
            Await.senders(chan, model.senders(i));
            Await.receivers(chan, model.receivers(i));
            assertEquals(model.size(i), chan.size(), "size of " + i);
            assertEquals(model.isDrained(i), chan.isDrained(), "isDrained of " + i);
            Chans.check((LockedChan<?>) chan);
        }
        assertEquals(model.dropped(), dropped);
        Await.awaiting(group, model.awaiting());
        assertEquals("WaitGroup[counter=" + model.counter() + "]", group.toString());
        for (Started<Outcome> one : waiting.values()) {
            assertFalse(one.isDone(), "what waits in the model waits");
        }
    }

    /** Interrupts those that still wait, and waits for them to end. */
    void end() throws Exception {
        for (int number : List.copyOf(waiting.keySet())) {
            interrupt(number);
        }
    }
}
