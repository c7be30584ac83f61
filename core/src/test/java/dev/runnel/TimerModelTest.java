package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random programs of timers, tickers and timers with a task, which are stopped and reset while goroutines wait at them,
 * against a model that does not know the time: what is set is due at once, or not within this test. After each step the
 * test waits until everything has come to rest. A program that fails is shrunk to the few steps that matter, and
 * printed.
 */
class TimerModelTest {

    /** By how much the system's clock may differ from the one that deadlines go by, within a test. */
    private static final Duration SLACK = Duration.ofMillis(5);

    private enum Kind {
        TIMER,
        TICKER,
        TASK
    }

    /** A step. It names a timer or a goroutine by a number, of which the remainder counts: so each can be taken. */
    sealed interface Step {}

    /**
     * Starts one more.
     *
     * @param hours how far away it is; not above zero if it is due at once, which a ticker takes for 1
     */
    record Start(Kind kind, int hours) implements Step {}

    record Stop(int which) implements Step {}

    /** Starts one anew; a ticker refuses what is not above zero. */
    record Reset(int which, int hours) implements Step {}

    record TryReceive(int from) implements Step {}

    record SelectOtherwise(int from, int other) implements Step {}

    /** Starts a goroutine that waits. */
    record Receive(int from) implements Step {}

    /** Starts a goroutine that waits at two. */
    record Select(int from, int other) implements Step {}

    record Interrupt(int which) implements Step {}

    record Program(List<Step> steps) {

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("\n");
            int timers = 0;
            int goroutines = 0;
            for (Step step : steps) {
                text.append(line(step, timers, goroutines)).append('\n');
                if (step instanceof Start) {
                    timers++;
                } else if (timers > 0 && (step instanceof Receive || step instanceof Select)) {
                    goroutines++;
                }
            }
            return text.toString();
        }

        private static String line(Step step, int timers, int goroutines) {
            return switch (step) {
                case Start start -> switch (start.kind) {
                    case TIMER -> "Timer t" + timers + " = Timer.start(ofHours(" + start.hours + "));";
                    case TICKER -> "Ticker t" + timers + " = Ticker.start(ofHours(" + period(start.hours) + "));";
                    case TASK ->
                        "Timer t" + timers + " = Timer.afterFunc(ofHours(" + start.hours + "), () -> count++);";
                };
                case Interrupt interrupt when goroutines > 0 -> "g" + interrupt.which % goroutines + ".interrupt();";
                case Step other when timers == 0 || other instanceof Interrupt -> "// nothing there";
                case Stop stop -> "t" + stop.which % timers + ".stop();";
                case Reset reset -> "t" + reset.which % timers + ".reset(ofHours(" + reset.hours + "));";
                case TryReceive receive -> "t" + receive.from % timers + ".channel().tryReceive();";
                case SelectOtherwise select ->
                    "select(" + onReceive(select.from % timers) + ", " + onReceive(select.other % timers)
                            + ", otherwise());";
                case Receive receive ->
                    "Thread g" + goroutines + " = go(() -> t" + receive.from % timers + ".channel().receive());";
                case Select select ->
                    "Thread g" + goroutines + " = go(() -> select(" + onReceive(select.from % timers) + ", "
                            + onReceive(select.other % timers) + "));";
                case Interrupt interrupt -> throw new AssertionError(interrupt);
            };
        }

        private static String onReceive(int timer) {
            return "t" + timer + ".channel().onReceive()";
        }
    }

    private static int period(int hours) {
        return Math.max(1, hours);
    }

    /** A timer or ticker, and what is to be known of it. */
    private static final class Timed {
        final Kind kind;
        final Timer timer;
        final Ticker ticker;

        /** How often its task has run. */
        final AtomicInteger runs = new AtomicInteger();

        /** How often it is to have run. */
        int expected;

        boolean running;
        boolean due;

        /** When it was started or reset. */
        Instant since;

        /** Who waits at the channel, in order; one that has two cases for it stands there twice. */
        final List<Receiver> queue = new ArrayList<>();

        Timed(Kind kind, int hours) {
            this.kind = kind;
            since = Instant.now();
            Duration duration = Duration.ofHours(hours);
            ticker = kind == Kind.TICKER ? Ticker.start(Duration.ofHours(period(hours))) : null;
            timer = switch (kind) {
                case TIMER -> Timer.start(duration);
                case TICKER -> null;
                case TASK -> Timer.afterFunc(duration, runs::incrementAndGet);
            };
            run(kind == Kind.TICKER ? period(hours) : hours);
        }

        ReceiveChan<Instant> channel() {
            return timer == null ? ticker.channel() : timer.channel();
        }

        /** Lets it run in the model. */
        void run(int hours) {
            boolean atOnce = kind == Kind.TASK && hours <= 0;
            expected += atOnce ? 1 : 0;
            running = !atOnce;
            due = running && hours <= 0;
        }

        void stop() {
            running = false;
            due = false;
        }

        /** A value of it has been received. */
        void received(Instant value) {
            assertTrue(due, "a value was due");
            assertFalse(value.isBefore(since.minus(SLACK)) || value.isAfter(Instant.now().plus(SLACK)),
                    () -> value + " is of another time than since " + since);
            stop();
        }
    }

    /** A goroutine that waits, or has waited. */
    private static final class Receiver {
        final List<Timed> from;
        final Goroutines.Started<Received> real;

        Receiver(List<Timed> from, Goroutines.Started<Received> real) {
            this.from = from;
            this.real = real;
        }

        boolean waits() {
            return from.stream().anyMatch(timed -> timed.queue.contains(this));
        }

        void leave() {
            from.forEach(timed -> timed.queue.removeIf(one -> one == this));
        }
    }

    private record Received(Timed from, Instant value) {}

    /** One run of a program. */
    private static final class Run {
        final Goroutines goroutines = new Goroutines();
        final List<Timed> timers = new ArrayList<>();
        final List<Receiver> receivers = new ArrayList<>();
        final int alarmsOfOthers = Deadlines.ALL.size();

        void take(Step step) throws Exception {
            switch (step) {
                case Start start -> timers.add(new Timed(start.kind, start.hours));
                case Interrupt interrupt when !receivers.isEmpty() ->
                    interrupt(receivers.get(interrupt.which % receivers.size()));
                case Step other when timers.isEmpty() || other instanceof Interrupt -> {
                    // there is none to be chosen
                }
                case Stop stop -> stop(timer(stop.which));
                case Reset reset -> reset(timer(reset.which), reset.hours);
                case TryReceive receive -> tryReceive(timer(receive.from));
                case SelectOtherwise select -> selectOtherwise(timer(select.from), timer(select.other));
                case Receive receive -> {
                    Timed from = timer(receive.from);
                    receive(List.of(from), () -> new Received(from, from.channel().receive()));
                }
                case Select select -> {
                    Timed from = timer(select.from);
                    Timed other = timer(select.other);
                    receive(List.of(from, other), () -> {
                        Case<Instant> one = from.channel().onReceive();
                        Case<? extends Instant> done = Go.select(one, other.channel().onReceive());
                        return new Received(done == one ? from : other, done.value());
                    });
                }
                case Interrupt interrupt -> throw new AssertionError(interrupt);
            }
        }

        private Timed timer(int number) {
            return timers.get(number % timers.size());
        }

        private static void stop(Timed timed) {
            if (timed.kind == Kind.TICKER) {
                timed.ticker.stop();
            } else {
                assertEquals(timed.running, timed.timer.stop(), "whether it was stopped");
            }
            timed.stop();
        }

        private static void reset(Timed timed, int hours) throws Exception {
            Duration duration = Duration.ofHours(hours);
            if (timed.kind == Kind.TICKER && hours <= 0) {
                assertThrows(IllegalArgumentException.class, () -> timed.ticker.reset(duration));
                return;
            }
            timed.since = Instant.now();
            if (timed.kind == Kind.TICKER) {
                timed.ticker.reset(duration);
            } else {
                assertEquals(timed.running, timed.timer.reset(duration), "whether it was running");
            }
            timed.run(hours);
            if (timed.due && !timed.queue.isEmpty()) {
                Receiver first = timed.queue.getFirst();
                first.leave();
                Received received = first.real.get();
                assertSame(timed, received.from);
                timed.received(received.value);
            }
        }

        private static void tryReceive(Timed from) {
            Instant value = from.channel().tryReceive();
            if (value != null) {
                from.received(value);
            }
            assertFalse(from.due, "the value was there");
        }

        private static void selectOtherwise(Timed from, Timed other) throws Exception {
            Case<Instant> one = from.channel().onReceive();
            Case<Instant> two = other.channel().onReceive();
            Case<Instant> none = Go.otherwise();
            Case<? extends Instant> done = Go.select(one, two, none);
            if (done == none) {
                assertFalse(from.due || other.due, "a value was there");
            } else {
                (done == one ? from : other).received(done.value());
            }
        }

        private void receive(List<Timed> from, Callable<Received> how) throws Exception {
            Receiver receiver = new Receiver(from, goroutines.call(how));
            receivers.add(receiver);
            if (from.stream().anyMatch(timed -> timed.due)) {
                Received received = receiver.real.get();
                received.from.received(received.value);
            } else {
                from.forEach(timed -> timed.queue.add(receiver));
            }
        }

        private static void interrupt(Receiver receiver) throws Exception {
            if (receiver.waits()) {
                receiver.leave();
                receiver.real.interrupt();
                assertInstanceOf(InterruptedException.class, receiver.real.failure());
            }
        }

        /** Waits until everything has come to rest, and compares what can be seen. */
        void compare() {
            for (Timed timed : timers) {
                Await.until(() -> timed.runs.get() == timed.expected,
                        () -> timed.expected + " runs of a task; there were " + timed.runs);
            }
            awaitAlarms(); // before the queues, whose lock sets those that are missing
            for (Timed timed : timers) {
                ReceiveChan<Instant> real = timed.channel();
                assertEquals(0, real.size());
                assertFalse(real.isDrained());
                if (timed.kind != Kind.TASK) {
                    Await.receivers((Chan<?>) real, timed.queue.size());
                    Chans.check((LockedChan<?>) real);
                }
            }
            for (Receiver receiver : receivers) {
                assertEquals(receiver.waits(), !receiver.real.isDone(), "whether it waits");
            }
        }

        /** An alarm is set for who waits at what runs, and for a task. */
        private void awaitAlarms() {
            long expected = timers.stream()
                    .filter(timed -> timed.running && (timed.kind == Kind.TASK || !timed.queue.isEmpty()))
                    .count();
            Await.until(() -> Deadlines.ALL.size() - alarmsOfOthers == expected,
                    () -> expected + " alarms; there are " + (Deadlines.ALL.size() - alarmsOfOthers));
        }

        /** Stops all and interrupts those that wait. */
        void end() {
            for (Timed timed : timers) {
                if (timed.kind == Kind.TICKER) {
                    timed.ticker.stop();
                } else {
                    timed.timer.stop();
                }
                timed.stop();
            }
            receivers.forEach(receiver -> receiver.real.interrupt());
        }

        /** Ends all, and checks that nothing is left. */
        void finish() throws Exception {
            for (Receiver receiver : receivers) {
                interrupt(receiver);
            }
            for (Timed timed : timers) {
                stop(timed);
                assertNull(timed.channel().tryReceive());
            }
            compare();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void timers_inAnyOrder_doWhatTheModelDoes(@ForAll("programs") Program program) throws Exception {
        Run run = new Run();
        try {
            for (Step step : program.steps) {
                run.take(step);
                run.compare();
            }
            run.finish();
        } finally {
            run.end();
        }
    }

    @Provide
    Arbitrary<Program> programs() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 11);
        Arbitrary<Integer> hours = Arbitraries.of(1, 2, 0, -1);
        Arbitrary<Step> start = Combinators.combine(Arbitraries.of(Kind.TIMER, Kind.TASK, Kind.TICKER), hours)
                .as(Start::new);
        return Arbitraries.frequencyOf(Tuple.of(5, start), Tuple.of(4, number.map(Stop::new)),
                Tuple.of(7, Combinators.combine(number, hours).as(Reset::new)),
                Tuple.of(3, number.map(TryReceive::new)),
                Tuple.of(2, Combinators.combine(number, number).as(SelectOtherwise::new)),
                Tuple.of(4, number.map(Receive::new)), Tuple.of(3, Combinators.combine(number, number).as(Select::new)),
                Tuple.of(2, number.map(Interrupt::new))).list().ofMaxSize(30).map(Program::new);
    }
}
