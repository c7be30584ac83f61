package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * Random trees of contexts, whose nodes are cancelled, closed, given deadlines that have passed or are far away, values
 * and tasks, against a model that looks at all nodes each time. After each step all that can be asked of a context is
 * compared. A program that fails is shrunk to the few steps that matter, and printed.
 */
class ContextModelTest {

    private static final List<Context.Key<Integer>> KEYS = List.of(Context.Key.of("k0"), Context.Key.of("k1"));

    /** A step. It names a context or a task by a number, of which the remainder counts: so each step is always possible. */
    sealed interface Step {}

    record WithCancel(int of) implements Step {}

    /**
     * Derives a context with a deadline.
     *
     * @param hours how far away it is; not above zero if it has passed
     */
    record WithDeadline(int of, int hours, boolean asInstant, boolean withCause) implements Step {}

    record With(int of, int key) implements Step {}

    record WithoutCancel(int of) implements Step {}

    record Cancel(int which, boolean withCause) implements Step {}

    record Close(int which) implements Step {}

    record RunAfter(int of) implements Step {}

    record Stop(int task) implements Step {}

    /** Asks for the channel, which nobody need have done before. */
    record AskForDone(int of) implements Step {}

    record Program(List<Step> steps) {

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("\nContext c0 = Context.background();\n");
            int contexts = 1;
            List<Integer> cancellable = new ArrayList<>();
            List<RunAfter> tasks = new ArrayList<>();
            for (Step step : steps) {
                String made = (step instanceof With || step instanceof WithoutCancel ? "Context c" : "CancelContext c")
                        + contexts + " = c";
                text.append(switch (step) {
                    case WithCancel with -> made + with.of % contexts + ".withCancel();";
                    case WithDeadline with ->
                        made + with.of % contexts
                                + (with.asInstant ? ".withDeadline(now().plus(ofHours(" : ".withTimeout(ofHours(")
                                + with.hours + (with.asInstant ? "))" : ")")
                                + (with.withCause ? ", new Exception());" : ");");
                    case With with -> made + with.of % contexts + ".with(K" + with.key + ", " + contexts + ");";
                    case WithoutCancel without -> made + without.of % contexts + ".withoutCancel();";
                    case Cancel cancel when !cancellable.isEmpty() ->
                        "c" + chosen(cancellable, cancel.which)
                                + (cancel.withCause ? ".cancel(new Exception());" : ".cancel();");
                    case Close close when !cancellable.isEmpty() ->
                        "c" + chosen(cancellable, close.which) + ".close();";
                    case RunAfter run ->
                        "AfterFunc f" + tasks.size() + " = c" + run.of % contexts + ".afterFunc(() -> count++);";
                    case Stop stop when !tasks.isEmpty() -> "f" + stop.task % tasks.size() + ".stop();";
                    case AskForDone ask -> "c" + ask.of % contexts + ".done();";
                    default -> "// nothing there";
                }).append('\n');
                if (step instanceof RunAfter run) {
                    tasks.add(run);
                }
                if (step instanceof WithCancel || step instanceof WithDeadline) {
                    cancellable.add(contexts);
                }
                if (text.lastIndexOf(" c" + contexts + " = ") >= 0) {
                    contexts++;
                }
            }
            return text.toString();
        }
    }

    private static <T> T chosen(List<T> list, int number) {
        return list.get(number % list.size());
    }

    /** A context, and what is to be known of it. */
    private static final class Node {
        final Context real;

        /** The one above; null for the background, and for what is not done with the one it comes from. */
        final Node above;

        /** Whether it can end by itself, and not only with the one above. */
        final boolean ends;

        final Integer[] values;

        /** When it ends at the latest; null if never. */
        Instant deadline;
        int hours = Integer.MAX_VALUE;

        /** The one whose end has ended it; null if it has not ended. */
        Node endedBy;

        /** What was given for that, if it was the first to end. */
        Throwable given;

        boolean exceeded;
        ReceiveChan<Void> done;

        Node(Context real, Node above, boolean ends, Integer[] values) {
            this.real = real;
            this.above = above;
            this.ends = ends;
            this.values = values;
            if (above != null) {
                endedBy = above.endedBy;
                deadline = above.deadline;
                hours = above.hours;
            }
        }

        boolean isUnder(Node other) {
            return this == other || above != null && above.isUnder(other);
        }

        boolean canEnd() {
            return ends || above != null && above.canEnd();
        }

        /** The one whose end is its own. */
        Node source() {
            return ends || above == null ? this : above.source();
        }
    }

    private static final class Task {
        final Node of;
        final AtomicInteger runs = new AtomicInteger();
        AfterFunc real;
        boolean stopped;

        Task(Node of) {
            this.of = of;
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> cancellable = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();

    @Property(edgeCases = EdgeCasesMode.NONE)
    void contexts_inAnyTree_doWhatTheModelDoes(@ForAll("programs") Program program) {
        int alarms = Deadlines.ALL.size();
        nodes.clear();
        cancellable.clear();
        tasks.clear();
        nodes.add(new Node(Context.background(), null, false, new Integer[KEYS.size()]));
        try {
            for (Step step : program.steps) {
                take(step);
                nodes.forEach(this::compare);
                tasks.forEach(ContextModelTest::compare);
            }
        } finally {
            cancellable.forEach(node -> ((CancelContext) node.real).close());
        }
        assertTrue(Deadlines.ALL.size() <= alarms, "alarms left");
    }

    private void take(Step step) {
        switch (step) {
            case WithCancel with -> {
                Node above = chosen(nodes, with.of);
                add(new Node(above.real.withCancel(), above, true, above.values));
            }
            case WithDeadline with -> withDeadline(with);
            case With with -> {
                Node above = chosen(nodes, with.of);
                Integer[] values = above.values.clone();
                values[with.key] = nodes.size();
                add(new Node(above.real.with(KEYS.get(with.key), nodes.size()), above, false, values));
            }
            case WithoutCancel without -> {
                Node from = chosen(nodes, without.of);
                add(new Node(from.real.withoutCancel(), null, false, from.values));
            }
            case Cancel cancel when !cancellable.isEmpty() -> {
                Node node = chosen(cancellable, cancel.which);
                Throwable cause = cancel.withCause ? new Exception("given") : null;
                if (cause == null) {
                    ((CancelContext) node.real).cancel();
                } else {
                    ((CancelContext) node.real).cancel(cause);
                }
                end(node, cause, false);
            }
            case Close close when !cancellable.isEmpty() -> {
                Node node = chosen(cancellable, close.which);
                ((CancelContext) node.real).close();
                end(node, null, false);
            }
            case RunAfter run -> {
                Task task = new Task(chosen(nodes, run.of));
                task.real = task.of.real.afterFunc(task.runs::incrementAndGet);
                tasks.add(task);
            }
            case Stop stop when !tasks.isEmpty() -> {
                Task task = chosen(tasks, stop.task);
                assertEquals(!task.stopped && task.of.endedBy == null, task.real.stop(), "whether it was stopped");
                task.stopped |= task.of.endedBy == null;
            }
            case AskForDone ask -> {
                Node node = chosen(nodes, ask.of);
                node.done = node.real.done();
            }
            default -> {
                // there is none to be chosen
            }
        }
    }

    private void add(Node node) {
        nodes.add(node);
        if (node.ends) {
            cancellable.add(node);
        }
    }

    private void withDeadline(WithDeadline with) {
        Node above = chosen(nodes, with.of);
        Duration wait = Duration.ofHours(with.hours);
        Throwable cause = with.withCause ? new Exception("of the deadline") : null;
        Instant before = Instant.now();
        Instant deadline = before.plus(wait);
        CancelContext real = with.asInstant
                ? cause == null ? above.real.withDeadline(deadline) : above.real.withDeadline(deadline, cause)
                : cause == null ? above.real.withTimeout(wait) : above.real.withTimeout(wait, cause);
        Instant after = Instant.now();
        Node node = new Node(real, above, true, above.values);
        if (above.hours <= 0) {
            node.deadline = real.deadline(); // two that have passed: either
        } else if (with.hours < above.hours) { // what is as far from now as the other was from then is later
            node.deadline = real.deadline();
            node.hours = with.hours;
            if (with.asInstant) {
                assertEquals(deadline, node.deadline);
            } else {
                Duration late = with.hours < 0 ? Duration.ZERO : wait; // a timeout cannot be before the call
                assertFalse(node.deadline.isBefore(before.plus(late)) || node.deadline.isAfter(after.plus(late)),
                        () -> node.deadline + " is not " + wait + " after a call between " + before + " and " + after);
            }
        }
        add(node);
        if (with.hours <= 0 && with.hours < above.hours) {
            end(node, cause, true);
        }
    }

    /** Ends all that is under a node, and has not ended yet, if the node itself has not. */
    private void end(Node node, Throwable given, boolean exceeded) {
        if (node.endedBy == null) {
            node.given = given;
            node.exceeded = exceeded;
            nodes.stream().filter(one -> one.endedBy == null && one.isUnder(node)).forEach(one -> one.endedBy = node);
        }
    }

    private void compare(Node node) {
        Context real = node.real;
        Node by = node.endedBy;
        ContextException err = real.err();
        if (by == null) {
            assertNull(err);
            assertNull(real.cause());
            real.check();
        } else {
            assertSame(by.real.err(), err);
            assertEquals(by.exceeded, err instanceof DeadlineExceededException);
            assertSame(by.given == null ? err : by.given, real.cause());
            ContextException thrown = assertThrows(ContextException.class, real::check);
            assertSame(err.getClass(), thrown.getClass());
            assertSame(real.cause(), thrown.getCause());
        }
        if (node.done != null) {
            assertSame(node.done, real.done());
            assertEquals(by != null, node.done.isDrained(), "whether the channel is closed");
            assertEquals(node.canEnd(), node.done != (ReceiveChan<?>) Chan.absent());
        }
        for (int i = 0; i < KEYS.size(); i++) {
            assertEquals(node.values[i], real.value(KEYS.get(i)));
        }
        assertEquals(node.deadline, real.deadline());
        if (node.canEnd()) {
            assertEquals(dependents(node.source()), ContextTest.dependents(real), "what is under it");
        }
    }

    private long dependents(Node node) {
        long contexts = cancellable.stream()
                .filter(one -> one.endedBy == null && one.above != null && one.above.source() == node)
                .count();
        long waiting = tasks.stream()
                .filter(task -> task.of.endedBy == null && !task.stopped && task.of.source() == node)
                .count();
        return contexts + waiting;
    }

    private static void compare(Task task) {
        int runs = task.of.endedBy != null && !task.stopped ? 1 : 0;
        Await.until(() -> task.runs.get() == runs, () -> runs + " runs of a task; there were " + task.runs);
    }

    @Provide
    Arbitrary<Program> programs() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 11);
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        Arbitrary<Step> withDeadline = Combinators.combine(number, Arbitraries.of(-1, 0, 1, 2, 3, 3), either, either)
                .as(WithDeadline::new);
        return Arbitraries.frequencyOf(Tuple.of(6, number.map(WithCancel::new)), Tuple.of(4, withDeadline),
                Tuple.of(3, Combinators.combine(number, Arbitraries.of(0, 1)).as(With::new)),
                Tuple.of(1, number.map(WithoutCancel::new)),
                Tuple.of(2, Combinators.combine(number, either).as(Cancel::new)), Tuple.of(1, number.map(Close::new)),
                Tuple.of(4, number.map(RunAfter::new)), Tuple.of(2, number.map(Stop::new)),
                Tuple.of(3, number.map(AskForDone::new))).list().ofMaxSize(30).map(Program::new);
    }
}
