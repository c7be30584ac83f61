package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.runnel.History.Event;
import dev.runnel.Model.OnChan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many goroutines, each of which takes random steps on a few channels: all operations, in all their forms, interrupted
 * or not; and then what happened is held against the rules of {@link History}.
 *
 * <p>The stamps order things that nothing else would order. {@link ChanStressTest} goes without them.
 */
class HistoryTest {

    private static final int ROUNDS = Effort.times(300, 50_000);
    private static final int STEPS = 150;
    private static final int[] CAPACITIES = {0, 0, 1, 1, 2, 3, 10};

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void operations_ofManyGoroutines_keepTheRules() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            new Round(seed, Interruptions.NONE).run();
            seed.advance();
        }
    }

    @Test
    void operations_ofManyGoroutinesInterruptedAtAnyPoint_keepTheRules() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            new Round(seed, Interruptions.MANY).run();
            seed.advance();
        }
    }

    private enum Interruptions {
        NONE, MANY
    }

    /** What is sent: each one is another, and its field has to be seen by who receives it. */
    private static final class Value {
        private final int sender;
        private final int step;
        private int written;

        Value(int sender, int step) {
            this.sender = sender;
            this.step = step;
            this.written = step;
        }

        void check() {
            assertEquals(step, written, "what was written before the send");
        }

        @Override
        public String toString() {
            return sender + "." + step;
        }
    }

    /** One history: its channels, its goroutines, its clock. */
    private static final class Round {

        final Seed seed;
        final Interruptions interruptions;
        final int[] capacities;
        final List<Chan<Value>> chans = new ArrayList<>();

        /** What each channel is closed with, if with anything: it tells which one it was that was closed. */
        final List<Exception> causes = new ArrayList<>();

        final AtomicInteger clock = new AtomicInteger();
        final List<Actor> actors = new ArrayList<>();

        /** One in so many steps is a close. */
        final int closing;

        Round(Seed seed, Interruptions interruptions) {
            this.seed = seed;
            this.interruptions = interruptions;
            SplittableRandom random = seed.random(-1);
            capacities = new int[1 + random.nextInt(3)];
            for (int i = 0; i < capacities.length; i++) {
                causes.add(new Exception("of channel " + i));
                capacities[i] = CAPACITIES[random.nextInt(CAPACITIES.length)];
                boolean policy = capacities[i] > 0 && random.nextInt(4) == 0;
                chans.add(policy
                        ? new PolicyChan<>(capacities[i], Buffer.WhenFull.WAIT, dropped -> {})
                        : Chan.make(capacities[i]));
            }
            closing = random.nextBoolean() ? 2 * STEPS : Integer.MAX_VALUE;
            int n = 2 + random.nextInt(8);
            for (int i = 0; i < n; i++) {
                actors.add(new Actor(this, i, seed.random(i)));
            }
        }

        void run() throws Exception {
            for (Actor actor : actors) {
                actor.start();
            }
            Actor rest = new Actor(this, -1, seed.random(-2));
            keepGoing(rest);
            for (Actor actor : actors) {
                actor.task.get();
            }
            for (int i = 0; i < chans.size(); i++) {
                rest.drain(i);
            }
            List<Event> events = new ArrayList<>(rest.events);
            for (Actor actor : actors) {
                events.addAll(actor.events);
                assertTrue(actor.thrown <= actor.interruptions, "interrupted more often than it was");
            }
            new History(capacities, events, clock.get()).check();
            for (Chan<Value> chan : chans) {
                assertEquals(0, Waiting.senders(chan), "senders left in the queue");
                assertEquals(0, Waiting.receivers(chan), "receivers left in the queue");
                Chans.check((LockedChan<?>) chan);
            }
        }

        /** Interrupts the others, if that is to be; and whenever nothing goes on, sends or receives something. */
        private void keepGoing(Actor rest) {
            SplittableRandom random = seed.random(-3);
            int seen = -1;
            int still = 0;
            long moved = System.nanoTime();
            while (!actors.stream().allMatch(actor -> actor.task.isDone())) {
                if (interruptions == Interruptions.MANY) {
                    actors.get(random.nextInt(actors.size())).interrupt();
                    for (int i = random.nextInt(100); i > 0; i--) {
                        Thread.onSpinWait();
                    }
                }
                Thread.yield();
                int now = clock.get();
                if (now != seen) {
                    still = 0;
                    moved = System.nanoTime();
                } else if (++still > 20) {
                    rest.attempt(random.nextBoolean(), random.nextInt(chans.size()));
                    now = clock.get();
                    if (System.nanoTime() - moved > TimeUnit.SECONDS.toNanos(20)) {
                        fail("parked for ever: " + this);
                    }
                }
                seen = now;
            }
        }

        @Override
        public String toString() {
            return actors.stream().filter(actor -> !actor.task.isDone()).toList() + " on " + chans;
        }
    }

    /** A goroutine, and what it has done. */
    private static final class Actor {

        private static final ThreadFactory VIRTUAL = Thread.ofVirtual().factory();
        private static final ThreadFactory PLATFORM = Thread.ofPlatform().factory();

        final Round round;
        final int id;
        final SplittableRandom random;
        final List<Event> events = new ArrayList<>();
        final FutureTask<Void> task = new FutureTask<>(this::takeSteps, null);
        final Thread thread;

        /** Two handles for each channel and direction, so that one can stand in several cases of a select. */
        private final List<OnChan> cases = new ArrayList<>();
        private final List<Case<Value>> handles = new ArrayList<>();

        private volatile String doing = "not begun";
        private int steps;
        private int invoked;
        volatile int interruptions;
        int thrown;

        Actor(Round round, int id, SplittableRandom random) {
            this.round = round;
            this.id = id;
            this.random = random;
            thread = (random.nextInt(6) == 0 ? PLATFORM : VIRTUAL).newThread(task);
            for (int i = 0; i < 2 * round.chans.size(); i++) {
                cases.add(new OnChan(true, i / 2));
                handles.add(round.chans.get(i / 2).onSend());
                cases.add(new OnChan(false, i / 2));
                handles.add(round.chans.get(i / 2).onReceive());
            }
        }

        void start() {
            thread.start();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // there is one who interrupts
        void interrupt() {
            interruptions = interruptions + 1;
            thread.interrupt();
        }

        private void takeSteps() {
            for (int i = 0; i < STEPS; i++) {
                int chan = random.nextInt(round.chans.size());
                if (random.nextInt(round.closing) == 0) {
                    close(chan);
                }
                try {
                    takeStep(chan);
                } catch (InterruptedException e) {
                    thrown++; // and nothing has happened
                }
            }
        }

        private void takeStep(int index) throws InterruptedException {
            try {
                takeStepUntilDrained(index);
            } catch (ChanClosedException e) {
                drained(e);
            }
        }

        /** A receive has been told that a channel is drained, and that it was closed with a cause. */
        private void drained(ChanClosedException e) {
            assertTrue(e.getMessage().startsWith("receive from"), e.getMessage());
            add(new History.Drained(invoked, stamp(), round.causes.indexOf(e.getCause())));
        }

        private void takeStepUntilDrained(int index) throws InterruptedException {
            Chan<Value> chan = round.chans.get(index);
            switch (random.nextInt(22)) {
                case 0, 1, 2, 3 -> {
                    Value value = call("send", index);
                    try {
                        chan.send(value);
                        add(new History.Sent(invoked, stamp(), index, value));
                    } catch (ChanClosedException e) {
                        add(new History.Refused(invoked, stamp(), List.of(index)));
                    }
                }
                case 4, 5, 6, 7 -> {
                    call("receive", index);
                    received(index, chan.receive());
                }
                case 8 -> {
                    call("iterate", index);
                    received(index, next(chan));
                }
                case 9, 10 -> attempt(true, index);
                case 11, 12 -> attempt(false, index);
                case 13 -> {
                    call("size", index);
                    int size = chan.size();
                    add(new History.Size(invoked, stamp(), index, size));
                }
                case 14 -> {
                    call("isDrained", index);
                    if (chan.isDrained()) {
                        add(new History.Drained(invoked, stamp(), index));
                    }
                }
                case 15 -> sendAll(index);
                case 16 -> drainSome(index);
                default -> select();
            }
        }

        private void sendAll(int index) throws InterruptedException {
            call("sendAll", index);
            List<Value> values = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                values.add(new Value(id, steps++));
            }
            int sent = values.size();
            try {
                round.chans.get(index).sendAll(values);
            } catch (ChanClosedException e) {
                sent = ModelRun.sent(e);
                add(new History.Refused(invoked, stamp(), List.of(index)));
            } catch (InterruptedException e) {
                sent = ModelRun.sent(e);
                throw e;
            } finally {
                int returned = stamp();
                for (Value value : values.subList(0, sent)) {
                    add(new History.Sent(invoked, returned, index, value));
                }
            }
        }

        private void drainSome(int index) {
            call("drain", index);
            List<Value> drained = round.chans.get(index).drain(1 + random.nextInt(4));
            int returned = stamp();
            for (Value value : drained) {
                add(new History.Received(invoked, returned, index, checked(value)));
            }
            if (drained.isEmpty()) {
                add(new History.Empty(invoked, returned, index));
            }
        }

        private static Value next(Chan<Value> chan) throws InterruptedException {
            try {
                var iterator = chan.iterator();
                return iterator.hasNext() ? iterator.next() : null;
            } catch (UncheckedInterruptedException e) {
                assertTrue(Thread.interrupted(), "iteration has set the status again");
                throw new InterruptedException();
            }
        }

        /** A try form. */
        void attempt(boolean sends, int index) {
            Chan<Value> chan = round.chans.get(index);
            Value value = call("try", index);
            if (!sends) {
                tryReceive(index);
                return;
            }
            try {
                boolean sent = chan.trySend(value);
                int returned = stamp();
                add(sent
                        ? new History.Sent(invoked, returned, index, value)
                        : new History.NoneReady(invoked, returned, List.of(new OnChan(true, index))));
            } catch (ChanClosedException e) {
                add(new History.Refused(invoked, stamp(), List.of(index)));
            }
        }

        private void tryReceive(int index) {
            try {
                Value received = round.chans.get(index).tryReceive();
                int returned = stamp();
                add(received == null
                        ? new History.Empty(invoked, returned, index)
                        : new History.Received(invoked, returned, index, checked(received)));
            } catch (ChanClosedException e) {
                drained(e);
            }
        }

        private void received(int index, Value value) {
            int returned = stamp();
            add(value == null
                    ? new History.Drained(invoked, returned, index)
                    : new History.Received(invoked, returned, index, checked(value)));
        }

        private static Value checked(Value value) {
            value.check();
            return value;
        }

        /** Some of the handles, in any order, at times with a deadline or {@code otherwise}. */
        private void select() throws InterruptedException {
            int n = 1 + random.nextInt(Math.min(5, handles.size()));
            List<Case<Value>> selected = new ArrayList<>();
            List<OnChan> of = new ArrayList<>();
            Value[] values = new Value[n];
            for (int i = 0; i < n; i++) {
                int at = i + random.nextInt(handles.size() - i);
                Collections.swap(handles, i, at);
                Collections.swap(cases, i, at);
                selected.add(handles.get(i));
                of.add(cases.get(i));
                if (handles.get(i) instanceof SendCase<Value> send) {
                    values[i] = new Value(id, steps++);
                    send.with(values[i]);
                }
            }
            int other = random.nextInt(12);
            Case<Value> otherwise = other < 3 ? Go.otherwise() : null;
            if (otherwise != null) {
                selected.add(random.nextInt(n + 1), otherwise);
            }
            Duration duration = Duration.ofNanos(random.nextInt(100_000));
            long start = System.nanoTime();
            Case<Value> timeout = other == 3 ? Go.after(duration) : null;
            if (timeout != null) {
                selected.add(random.nextInt(n + 1), timeout);
            }
            call(of.toString(), -1);
            try {
                Case<?> chosen = select(selected);
                int returned = stamp();
                if (chosen == otherwise) {
                    add(new History.NoneReady(invoked, returned, of));
                } else if (chosen == timeout) {
                    assertTrue(System.nanoTime() - start >= duration.toNanos(), "too early");
                } else {
                    int index = handles.indexOf(chosen);
                    int chan = of.get(index).chan();
                    Value value = (Value) chosen.value();
                    if (of.get(index).sends()) {
                        add(new History.Sent(invoked, returned, chan, values[index]));
                    } else {
                        add(value == null
                                ? new History.Drained(invoked, returned, chan)
                                : new History.Received(invoked, returned, chan, checked(value)));
                    }
                }
            } catch (InterruptedException e) {
                if (otherwise != null) {
                    throw new AssertionError("it does not look at interruption", e);
                }
                throw e;
            } catch (ChanClosedException e) {
                if (e.getMessage().startsWith("receive from")) {
                    throw e;
                }
                add(new History.Refused(invoked, stamp(),
                        of.stream().filter(OnChan::sends).map(OnChan::chan).toList()));
            }
        }

        private static Case<?> select(List<Case<Value>> cases) throws InterruptedException {
            return switch (cases.size()) {
                case 1 -> Go.select(cases.get(0));
                case 2 -> Go.select(cases.get(0), cases.get(1));
                case 3 -> Go.select(cases.get(0), cases.get(1), cases.get(2));
                case 4 -> Go.select(cases.get(0), cases.get(1), cases.get(2), cases.get(3));
                default -> Go.select(cases.toArray(Case<?>[]::new));
            };
        }

        private void close(int index) {
            call("close", index);
            boolean succeeded;
            try {
                if (random.nextBoolean()) {
                    round.chans.get(index).close();
                } else {
                    round.chans.get(index).close(round.causes.get(index));
                }
                succeeded = true;
            } catch (ChanClosedException e) {
                succeeded = false;
            }
            add(new History.Closed(invoked, stamp(), index, succeeded));
        }

        /** Closes a channel, unless it is closed, and receives what is there. */
        void drain(int index) throws InterruptedException {
            close(index);
            Value value;
            do {
                call("drain", index);
                try {
                    value = round.chans.get(index).receive();
                    received(index, value);
                } catch (ChanClosedException e) {
                    drained(e);
                    value = null;
                }
            } while (value != null);
        }

        /** Takes the stamp of a call; returns a value that it might send. */
        private Value call(String what, int index) {
            doing = index < 0 ? what : what + " " + index;
            invoked = stamp();
            return new Value(id, steps++);
        }

        private int stamp() {
            return round.clock.getAndIncrement();
        }

        private void add(Event event) {
            events.add(event);
        }

        @Override
        public String toString() {
            return thread + " " + doing;
        }
    }
}
