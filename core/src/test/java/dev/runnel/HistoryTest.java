package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.util.concurrent.atomic.AtomicReference;
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
    private static final int INTERRUPTED_ROUNDS = Effort.times(150, 50_000);
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
        for (int round = 0; round < INTERRUPTED_ROUNDS; round++) {
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
        final CancelContext parent = Context.background().withCancel();

        /** What operations are given; it is cancelled now and then, and the next one takes its place. */
        final AtomicReference<CancelContext> context = new AtomicReference<>(parent.withCancel());

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
                assertNull(((LockedChan<?>) chan).watches, "what sets have left in the channel");
                Chans.check((LockedChan<?>) chan);
            }
            assertEquals(0, Waiting.receivers((Chan<?>) (ReceiveChan<?>) context.get().done()), "waiting for its end");
            assertEquals(1, ContextTest.dependents(parent), "those that were cancelled have left");
        }

        void cancel() {
            context.getAndSet(parent.withCancel()).cancel();
        }

        /** Interrupts the others, if that is to be; and whenever nothing goes on, sends or receives something. */
        private void keepGoing(Actor rest) throws InterruptedException {
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
                if (random.nextInt(4) == 0) {
                    cancel();
                }
                Thread.yield();
                int now = clock.get();
                if (now != seen) {
                    still = 0;
                    moved = System.nanoTime();
                } else if (++still > 20) {
                    rest.attempt(random.nextBoolean(), random.nextInt(chans.size()));
                    rest.selectForAWhile(); // a set that waits for an unbuffered channel is not found otherwise
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

        /** What is in the set; those that send have a value each. */
        private final CaseSet<Value> set = new CaseSet<>();
        private final List<Case<Value>> members = new ArrayList<>();
        private final List<OnChan> memberOf = new ArrayList<>();

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
            takeAllSteps();
            set.clear();
        }

        private void takeAllSteps() {
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
            } catch (ContextException e) {
                assertNotNull(e.getCause()); // and nothing has happened
            }
        }

        /** A receive has been told that a channel is drained, and that it was closed with a cause. */
        private void drained(ChanClosedException e) {
            assertTrue(e.getMessage().startsWith("receive from"), e.getMessage());
            add(new History.Drained(invoked, stamp(), round.causes.indexOf(e.getCause())));
        }

        private void takeStepUntilDrained(int index) throws InterruptedException {
            Chan<Value> chan = round.chans.get(index);
            switch (random.nextInt(31)) {
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
                case 17, 18 -> withContext(index);
                case 19 -> changeSet(index);
                case 20, 21, 22, 23 -> turn();
                default -> select();
            }
        }

        private void withContext(int index) throws InterruptedException {
            Context context = round.context.get();
            boolean done = context.err() != null;
            Value value = call("operation with a context", index);
            Chan<Value> chan = round.chans.get(index);
            if (random.nextBoolean()) {
                received(index, chan.receive(context));
            } else {
                try {
                    chan.send(value, context);
                    add(new History.Sent(invoked, stamp(), index, value));
                } catch (ChanClosedException e) {
                    add(new History.Refused(invoked, stamp(), List.of(index)));
                }
            }
            assertFalse(done, "it has happened though the context was done");
        }

        /** Adds a case to the set, or removes one, whatever it may be told at that moment. */
        private void changeSet(int index) {
            if (members.size() > 1 && random.nextBoolean()) {
                int at = random.nextInt(members.size());
                assertTrue(set.remove(members.remove(at)));
                memberOf.remove(at);
            } else if (members.size() < 6) {
                boolean sends = random.nextInt(3) == 0;
                Chan<Value> chan = round.chans.get(index);
                members.add(set.add(sends ? chan.onSend() : chan.onReceive()));
                memberOf.add(new OnChan(sends, index));
            }
        }

        /** A turn of the set, which may wait or not, at times with a deadline. */
        private void turn() throws InterruptedException {
            if (members.isEmpty()) {
                changeSet(random.nextInt(round.chans.size()));
            }
            List<OnChan> on = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i) instanceof SendCase<Value> send) {
                    if (send.offered() == null && random.nextBoolean()) {
                        send.with(new Value(id, steps++));
                    }
                    if (send.offered() == null) {
                        continue; // is off
                    }
                }
                on.add(memberOf.get(i));
            }
            List<Value> values =
                    members.stream().map(c -> c instanceof SendCase<Value> send ? send.offered() : null).toList();
            Case<Value> timeout = random.nextInt(4) == 0 ? Go.after(Duration.ofNanos(random.nextInt(100_000))) : null;
            boolean tries = random.nextInt(3) == 0 || on.isEmpty() && timeout == null; // else it waits for ever
            if (timeout != null) {
                set.add(timeout);
            }
            call("turn of a set " + on, -1);
            try {
                Case<?> chosen = tries ? set.trySelect() : set.select();
                int returned = stamp();
                if (chosen == null) {
                    add(new History.NoneReady(invoked, returned, on));
                } else if (chosen != timeout) {
                    int at = members.indexOf(chosen);
                    happened(memberOf.get(at), values.get(at), (Value) chosen.value(), returned);
                }
            } catch (InterruptedException e) {
                assertFalse(tries, "it does not look at interruption");
                throw e;
            } catch (ChanClosedException e) {
                refused(e, on);
            } finally {
                if (timeout != null) {
                    assertTrue(set.remove(timeout));
                }
            }
        }

        /** A case has happened, which has sent one value or received the other. */
        private void happened(OnChan on, Value sent, Value received, int returned) {
            if (on.sends()) {
                add(new History.Sent(invoked, returned, on.chan(), sent));
            } else {
                add(received == null
                        ? new History.Drained(invoked, returned, on.chan())
                        : new History.Received(invoked, returned, on.chan(), checked(received)));
            }
        }

        /** One of some cases that send has come to a closed channel, or else one that receives to its end. */
        private void refused(ChanClosedException e, List<OnChan> of) {
            if (e.getMessage().startsWith("receive from")) {
                throw e;
            }
            add(new History.Refused(invoked, stamp(), of.stream().filter(OnChan::sends).map(OnChan::chan).toList()));
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

        /** Some of the handles, in any order, at times with a deadline, a context or {@code otherwise}. */
        private void select() throws InterruptedException {
            select(random.nextInt(12), 100_000);
        }

        void selectForAWhile() throws InterruptedException {
            try {
                select(3, 1_000_000);
            } catch (ChanClosedException e) {
                drained(e);
            }
        }

        /** Selects with {@code otherwise} if {@code other} is below 3, a deadline if it is 3, a context if it is 4. */
        private void select(int other, int longest) throws InterruptedException {
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
            Case<Value> otherwise = other < 3 ? Go.otherwise() : null;
            if (otherwise != null) {
                selected.add(random.nextInt(n + 1), otherwise);
            }
            Duration duration = Duration.ofNanos(random.nextInt(longest));
            long start = System.nanoTime();
            Case<Value> timeout = other == 3 ? Go.after(duration) : null;
            if (timeout != null) {
                selected.add(random.nextInt(n + 1), timeout);
            }
            if (other == 4) {
                selected.add(random.nextInt(n + 1), round.context.get().onDone());
            }
            boolean first = random.nextInt(3) == 0;
            call((first ? "first of " : "") + of, -1);
            try {
                Case<?> chosen = first ? Go.selectFirst(selected.toArray(Case<?>[]::new)) : select(selected);
                int returned = stamp();
                if (first) {
                    addNoneReadyBefore(chosen, selected, of, returned);
                }
                if (chosen == otherwise) {
                    add(new History.NoneReady(invoked, returned, of));
                } else if (chosen == timeout) {
                    assertTrue(System.nanoTime() - start >= duration.toNanos(), "too early");
                } else {
                    int index = handles.indexOf(chosen);
                    happened(of.get(index), values[index], (Value) chosen.value(), returned);
                }
            } catch (InterruptedException e) {
                if (otherwise != null) {
                    throw new AssertionError("it does not look at interruption", e);
                }
                throw e;
            } catch (ChanClosedException e) {
                refused(e, of);
            }
        }

        /** At some instant none of the cases was ready that come before the one that selectFirst has chosen. */
        private void addNoneReadyBefore(Case<?> chosen, List<Case<Value>> selected, List<OnChan> of, int returned) {
            List<OnChan> before = new ArrayList<>();
            for (Case<Value> c : selected.subList(0, selected.indexOf(chosen))) {
                int index = handles.subList(0, of.size()).indexOf(c);
                if (index >= 0) {
                    before.add(of.get(index));
                }
            }
            add(new History.NoneReady(invoked, returned, before));
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
