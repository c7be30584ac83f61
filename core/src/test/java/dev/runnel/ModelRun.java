package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import dev.runnel.Model.Op;
import dev.runnel.Model.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Does one operation after the other, on real channels and on the model, and compares. */
final class ModelRun {

    private final Goroutines goroutines = new Goroutines();
    private final Model model;
    private final List<Chan<Integer>> chans;
    private final Map<Integer, Started<Outcome>> waiting = new LinkedHashMap<>();

    /** The next operation's number, and the value it sends if it sends one. */
    private int next;

    ModelRun(int capacityA, int capacityB) {
        model = new Model(capacityA, capacityB);
        chans = List.of(Chan.make(capacityA), Chan.make(capacityB), Chan.absent());
    }

    void step(Op op) throws Exception {
        next++;
        switch (op) {
            case Model.Close close -> close(close.chan());
            case Model.Interrupt interrupt -> interrupt(interrupt.waiting());
            case Model.TrySend send -> doNow(op, true);
            case Model.TryReceive receive -> doNow(op, true);
            case Model.Select select -> doNow(op, select.otherwise());
            case Model.Send send -> doNow(op, false);
            case Model.Receive receive -> doNow(op, false);
        }
        compare();
    }

    private void doNow(Op op, boolean mustNotWait) throws Exception {
        int value = next;
        List<Integer> ready = model.ready(op);
        Started<Outcome> real = goroutines.call(() -> perform(op, value));
        if (ready.isEmpty() && !mustNotWait) {
            model.await(next, op, value);
            waiting.put(next, real);
            return;
        }
        Outcome outcome = real.get();
        if (ready.isEmpty()) {
            assertEquals(new Outcome(-1, null, false), outcome);
            return;
        }
        assertTrue(ready.contains(outcome.chosen()), () -> outcome + " was not ready, but only " + ready);
        int chosen = outcome.chosen();
        assertEquals(model.happen(Model.cases(op).get(chosen), chosen, value), outcome);
    }

    /** The operation on the real channels; nothing chosen is -1. */
    private Outcome perform(Op op, int value) throws Exception {
        try {
            return switch (op) {
                case Model.Send send -> {
                    chans.get(send.chan()).send(value);
                    yield new Outcome(0, null, false);
                }
                case Model.Receive receive -> new Outcome(0, chans.get(receive.chan()).receive(), false);
                case Model.TrySend send -> new Outcome(chans.get(send.chan()).trySend(value) ? 0 : -1, null, false);
                case Model.TryReceive receive -> {
                    Chan<Integer> chan = chans.get(receive.chan());
                    Integer received = chan.tryReceive();
                    yield new Outcome(received != null || chan.isDrained() ? 0 : -1, received, false);
                }
                case Model.Select select -> perform(select, value);
                case Model.Close close -> throw new IllegalArgumentException(close.toString());
                case Model.Interrupt interrupt -> throw new IllegalArgumentException(interrupt.toString());
            };
        } catch (ChanClosedException e) {
            return new Outcome(0, null, true);
        }
    }

    private Outcome perform(Model.Select select, int value) throws InterruptedException {
        List<Case<Integer>> cases = new ArrayList<>();
        for (Model.SelectCase c : select.cases()) {
            Chan<Integer> chan = chans.get(c.chan());
            cases.add(c.sends() ? chan.onSend(value) : chan.onReceive());
        }
        if (select.otherwise()) {
            cases.add(Go.otherwise());
        }
        Case<?> chosen;
        try {
            chosen = select(cases);
        } catch (ChanClosedException e) {
            // which case it was is not said: any send to a closed channel will do
            for (int i = 0; i < select.cases().size(); i++) {
                Model.SelectCase c = select.cases().get(i);
                if (c.sends() && c.chan() < 2 && isClosed(c.chan())) {
                    return new Outcome(i, null, true);
                }
            }
            throw new AssertionError("no send to a closed channel among " + select, e);
        }
        int index = cases.indexOf(chosen);
        boolean otherwise = index == select.cases().size();
        return new Outcome(otherwise ? -1 : index, (Integer) chosen.value(), false);
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

    private boolean isClosed(int chan) {
        return ((LockedChan<?>) chans.get(chan)).closed;
    }

    private void close(int chan) {
        boolean closed;
        try {
            chans.get(chan).close();
            closed = true;
        } catch (ChanClosedException e) {
            closed = false;
        }
        assertEquals(model.close(chan), closed);
    }

    private void interrupt(int place) throws Exception {
        if (waiting.isEmpty()) {
            return;
        }
        int id = List.copyOf(waiting.keySet()).get(place % waiting.size());
        Started<Outcome> interrupted = waiting.remove(id);
        model.forget(id);
        interrupted.interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
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
        for (Started<Outcome> one : waiting.values()) {
            assertFalse(one.isDone(), "what waits in the model waits");
        }
    }

    /** Interrupts those that still wait, and waits for them to end. */
    void end() throws Exception {
        while (!waiting.isEmpty()) {
            interrupt(0);
        }
    }
}
