package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random programs of a group, whose tasks succeed, fail, or wait until they are told to or are interrupted, against a
 * model that knows no concurrency: after each step the test waits until everything has come to rest. Where tasks that
 * are stopped together fail, any of them may have been the first. A program that fails is shrunk to the few steps that
 * matter, and printed.
 */
class GroupModelTest {

    private enum How {
        GO,
        CALL,
        TRY_GO
    }

    private enum Begin {
        SUCCEED,
        FAIL,
        WAIT
    }

    /** What a task that waits does when it is interrupted. */
    private enum Interrupted {
        THROW_IT,
        FAIL,
        RETURN
    }

    /** What a task throws when it fails. */
    private enum Failure {
        EXCEPTION,
        ERROR,
        INTERRUPTED,
        CONTEXT;

        Throwable make(int number) {
            return switch (this) {
                case EXCEPTION -> new Exception("of task " + number);
                case ERROR -> new AssertionError("of task " + number);
                case INTERRUPTED -> new InterruptedException("of task " + number);
                case CONTEXT -> new ContextException(null, true);
            };
        }

        /** Whether it only tells that a task was stopped, if the context is done. */
        boolean tellsOfStop() {
            return this == INTERRUPTED || this == CONTEXT;
        }
    }

    /** A step. It names a task or a goroutine by a number, of which the remainder counts: so each can be taken. */
    sealed interface Step {}

    record Start(How how, Begin begin, Interrupted interrupted, Failure failure) implements Step {}

    /** Tells a task that waits to go on. */
    record Release(int which, boolean fails) implements Step {}

    record Cancel(boolean withCause) implements Step {}

    record AwaitAll() implements Step {}

    record Close(boolean interrupted) implements Step {}

    /** Interrupts a goroutine that waits in go, call or await. */
    record Interrupt(int which) implements Step {}

    /**
     * A program.
     *
     * @param limit 0 if there is none
     * @param cancelled whether the group is opened when its parent is done
     */
    record Program(int limit, boolean cancelled, List<Step> steps) {

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("\nCancelContext parent = Context.background().withCancel();\n")
                    .append(cancelled ? "parent.cancel();\n" : "")
                    .append(limit == 0 ? "Group group = Group.open(parent);\n"
                            : "Group group = Group.open(parent, " + limit + ");\n");
            int tasks = 0;
            int goroutines = 0;
            for (Step step : steps) {
                text.append(line(step, tasks, goroutines)).append('\n');
                if (step instanceof AwaitAll || step instanceof Start start && start.how != How.TRY_GO) {
                    goroutines++;
                }
                if (step instanceof Start) {
                    tasks++;
                }
            }
            return text.toString();
        }

        private static String line(Step step, int tasks, int goroutines) {
            String goroutine = "Thread g" + goroutines + " = go(() -> group.";
            return switch (step) {
                case Start start -> switch (start.how) {
                    case GO -> goroutine + "go(t" + tasks + "));";
                    case CALL -> goroutine + "call(t" + tasks + "));";
                    case TRY_GO -> "group.tryGo(t" + tasks + ");";
                } + switch (start.begin) {
                    case SUCCEED -> " // succeeds";
                    case FAIL -> " // throws " + start.failure;
                    case WAIT -> " // waits; fails with " + start.failure + "; interrupted: " + start.interrupted;
                };
                case Release release when tasks > 0 ->
                    "t" + release.which % tasks + (release.fails ? ".fail();" : ".succeed();");
                case Cancel cancel -> cancel.withCause ? "parent.cancel(new Exception());" : "parent.cancel();";
                case AwaitAll await -> goroutine + "await());";
                case Close close ->
                    (close.interrupted ? "Thread.currentThread().interrupt(); " : "") + "group.close();";
                case Interrupt interrupt when goroutines > 0 -> "g" + interrupt.which % goroutines + ".interrupt();";
                default -> "// nothing there";
            };
        }
    }

    /** A task, and what is to be known of it. */
    private static final class Job {
        final Start how;
        final int number;
        final Throwable failure;

        /** What it is told when it waits: whether to throw something. */
        final Chan<Optional<Throwable>> order = Chan.make();

        volatile boolean begun;
        volatile boolean interrupted;
        volatile boolean ended;

        /** The goroutine that starts it; null if the test does, or nobody. */
        Started<Group.Result<Integer>> starting;

        // The model's.
        boolean isRun;
        boolean isInterrupted;
        boolean hasReturned;

        Job(Start how, int number) {
            this.how = how;
            this.number = number;
            this.failure = how.failure.make(number);
        }

        Integer run() throws Exception {
            begun = true;
            try {
                return switch (how.begin) {
                    case SUCCEED -> number;
                    case FAIL -> fail(failure);
                    case WAIT -> await();
                };
            } finally {
                ended = true;
            }
        }

        private Integer await() throws Exception {
            Optional<Throwable> told;
            try {
                told = order.receive();
            } catch (InterruptedException e) {
                interrupted = true;
                return switch (how.interrupted) {
                    case THROW_IT -> throw e;
                    case FAIL -> fail(failure);
                    case RETURN -> number;
                };
            }
            return told.isPresent() ? fail(told.get()) : number;
        }

        private static Integer fail(Throwable failure) throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    /** One run of a program. */
    private static final class Run {
        final Goroutines goroutines = new Goroutines();
        final CancelContext parent = Context.background().withCancel();
        final int limit;
        final Group group;
        final List<Job> jobs = new ArrayList<>();

        /** Those that were started to call go, call or await, be they waiting or not. */
        final List<Started<?>> started = new ArrayList<>();

        // The model's. At rest all tasks that run wait to be told what to do.

        final List<Job> running = new ArrayList<>();

        /** Those for which there is no place yet, in order. */
        final List<Job> pending = new ArrayList<>();

        final List<Started<?>> awaiting = new ArrayList<>();
        boolean parentDone;
        boolean done;
        boolean closed;

        /** The failure that has ended the context; null if something else has. */
        Throwable cause;

        /** Whether the parent has ended it. */
        boolean byParent;

        /** Of what has failed, what may have been the first. */
        Set<Throwable> firsts = Set.of();

        final Set<Throwable> failures = new HashSet<>();

        /** Whether somebody was told of the failure. */
        boolean reported;

        /** Those for which all tasks may have ended for a moment, before one more was started. */
        final Set<Started<?>> mayReturn = new HashSet<>();

        Run(Program program) {
            limit = program.limit;
            if (program.cancelled) {
                parent.cancel();
                parentDone = true;
                done = true;
                byParent = true;
            }
            group = limit == 0 ? Group.open(parent) : Group.open(parent, limit);
        }

        void take(Step step) throws Exception {
            switch (step) {
                case Start start -> start(new Job(start, jobs.size()));
                case Release release when !jobs.isEmpty() ->
                    release(jobs.get(release.which % jobs.size()), release.fails);
                case Cancel cancel -> cancel(cancel.withCause);
                case AwaitAll await -> {
                    Started<?> one = goroutines.call(() -> {
                        group.await();
                        return null;
                    });
                    started.add(one);
                    awaiting.add(one);
                }
                case Close close -> close(close.interrupted);
                case Interrupt interrupt when !started.isEmpty() ->
                    interrupt(started.get(interrupt.which % started.size()));
                default -> {
                    // there is none to be chosen
                }
            }
        }

        private void start(Job job) throws Exception {
            jobs.add(job);
            if (job.how.how == How.TRY_GO) {
                if (closed) {
                    assertThrows(IllegalStateException.class, () -> group.tryGo(job::run));
                    return;
                }
                boolean possible = !done && hasPlace();
                assertEquals(possible, group.tryGo(job::run), "whether it was started");
                if (possible) {
                    begin(job);
                }
                return;
            }
            Started<Group.Result<Integer>> starting = goroutines.call(() -> {
                if (job.how.how == How.CALL) {
                    return group.call(job::run);
                }
                group.go(job::run);
                return null;
            });
            started.add(starting);
            if (closed) {
                assertInstanceOf(IllegalStateException.class, starting.failure());
                return;
            }
            job.starting = starting;
            if (done) {
                return;
            }
            if (hasPlace()) {
                begin(job);
            } else {
                pending.add(job);
            }
        }

        private boolean hasPlace() {
            return limit == 0 || running.size() < limit;
        }

        private void begin(Job job) {
            job.isRun = true;
            switch (job.how.begin) {
                case SUCCEED -> job.hasReturned = true;
                case FAIL -> fail(job.failure);
                case WAIT -> running.add(job);
            }
        }

        private void release(Job job, boolean fails) {
            if (!running.remove(job)) {
                return;
            }
            assertTrue(job.order.trySend(fails ? Optional.of(job.failure) : Optional.empty()), "it waits");
            if (fails) {
                fail(job.failure);
            } else {
                job.hasReturned = true;
            }
            while (!pending.isEmpty() && hasPlace()) {
                if (running.isEmpty()) {
                    mayReturn.addAll(awaiting);
                }
                begin(pending.removeFirst());
            }
        }

        /** A task fails that was not stopped, which is to say, the first. */
        private void fail(Throwable failure) {
            firsts = Set.of(failure);
            failures.add(failure);
            cause = failure;
            stop();
        }

        /** The context ends, if it has not. */
        private void stop() {
            if (done) {
                return;
            }
            done = true;
            Set<Throwable> thrown = new HashSet<>();
            for (Job job : running) {
                job.isInterrupted = true;
                job.hasReturned = job.how.interrupted == Interrupted.RETURN;
                if (job.how.interrupted == Interrupted.FAIL && !job.how.failure.tellsOfStop()) {
                    thrown.add(job.failure);
                }
            }
            running.clear();
            pending.clear();
            failures.addAll(thrown);
            if (firsts.isEmpty()) {
                firsts = thrown;
            }
        }

        private void cancel(boolean withCause) {
            if (withCause) {
                parent.cancel(new Exception("given"));
            } else {
                parent.cancel();
            }
            parentDone = true;
            byParent |= !done;
            stop();
        }

        private void close(boolean interrupted) throws Exception {
            Started<Boolean> closing = goroutines.call(() -> {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                try {
                    group.close();
                } finally {
                    assertEquals(interrupted, Thread.interrupted(), "whether it is still interrupted");
                }
                return true;
            });
            boolean mayBeReported = reported || !awaiting.isEmpty(); // by one that is woken before this
            stop();
            closed = true;
            Throwable thrown = thrown(closing);
            if (thrown != null) {
                assertFalse(reported, "it had been thrown before");
                first(assertInstanceOf(CompletionException.class, thrown).getCause());
            } else {
                assertTrue(firsts.isEmpty() || mayBeReported, "nobody was told of the failure");
            }
        }

        private void interrupt(Started<?> one) throws Exception {
            if (awaiting.remove(one) || pending.removeIf(job -> job.starting == one)) {
                one.interrupt();
                assertInstanceOf(InterruptedException.class, one.failure());
                jobs.stream().filter(job -> job.starting == one).forEach(job -> job.starting = null);
            }
        }

        /** Somebody was told that the group has failed: of what, and what is suppressed in it. */
        private void first(Throwable thrown) {
            assertTrue(firsts.contains(thrown), () -> thrown + " is none of " + firsts);
            firsts = Set.of(thrown);
            Set<Throwable> others = new HashSet<>(failures);
            others.remove(thrown);
            assertEquals(others, Set.of(thrown.getSuppressed()), "what is suppressed");
            reported = true;
        }

        /** What a goroutine has thrown; null if it has returned. */
        private static Throwable thrown(Started<?> one) throws Exception {
            try {
                one.get();
                return null;
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }

        /** Waits until everything has come to rest, and compares what can be seen. */
        void compare() throws Exception {
            for (Job job : jobs) {
                compare(job);
            }
            WaitGroup counter = Waiting.running(group);
            String expected = "WaitGroup[counter=" + running.size() + "]";
            Await.until(() -> counter.toString().equals(expected), () -> expected + "; it is " + counter);
            if (limit > 0) {
                Chan<?> places = Waiting.places(group);
                Await.senders(places, pending.size());
                assertEquals(running.size(), places.size(), "places taken");
            }
            compareAwaiting(counter);
            compareContext();
        }

        private void compare(Job job) throws Exception {
            boolean waits = running.contains(job);
            if (job.isRun) {
                Await.until(() -> job.begun, () -> "task " + job.number + " to begin");
                Await.until(() -> waits || job.ended, () -> "task " + job.number + " to end");
                Await.receivers(job.order, waits ? 1 : 0);
                assertEquals(waits, !job.ended, "whether it runs");
            }
            assertEquals(job.isInterrupted, job.interrupted, "whether it was interrupted");
            if (job.starting != null) {
                if (pending.contains(job)) {
                    assertFalse(job.starting.isDone(), "it waits for a place");
                } else {
                    compareResult(job, job.starting.get());
                }
            }
            assertEquals(job.isRun, job.begun, "whether it was run");
        }

        private static void compareResult(Job job, Group.Result<Integer> result) {
            if (job.how.how == How.GO) {
                assertNull(result);
            } else if (job.hasReturned) {
                Await.until(() -> {
                    try {
                        return result.get() == job.number;
                    } catch (IllegalStateException e) {
                        return false;
                    }
                }, () -> "the result of task " + job.number);
            } else {
                assertThrows(IllegalStateException.class, result::get);
            }
        }

        private void compareAwaiting(WaitGroup counter) throws Exception {
            if (running.isEmpty()) {
                for (Started<?> one : awaiting) {
                    compareOutcome(one);
                }
                awaiting.clear();
                return;
            }
            Await.until(() -> Waiting.awaiting(counter) == awaiting.stream().filter(one -> !one.isDone()).count(),
                    () -> "those that await to be woken or not");
            for (Started<?> one : List.copyOf(awaiting)) {
                if (one.isDone()) {
                    assertTrue(mayReturn.contains(one), "tasks still run");
                    compareOutcome(one);
                    awaiting.remove(one);
                }
            }
        }

        private void compareOutcome(Started<?> one) throws Exception {
            Throwable thrown = thrown(one);
            if (thrown == null) {
                assertTrue(firsts.isEmpty() && !parentDone || mayReturn.contains(one),
                        () -> "one of " + firsts + " should have been thrown");
            } else if (firsts.isEmpty()) {
                assertTrue(parentDone, () -> "it should not have thrown " + thrown);
                assertSame(parent.cause(), assertInstanceOf(ContextException.class, thrown).getCause());
            } else {
                first(thrown);
            }
        }

        private void compareContext() {
            Context context = group.context();
            ContextException err = context.err();
            if (!done) {
                assertNull(err);
                assertNull(context.cause());
            } else {
                assertNotNull(err);
                assertSame(byParent ? parent.cause() : cause == null ? err : cause, context.cause());
            }
            assertEquals(done ? 0 : 1, ContextTest.dependents(parent), "what is under the parent");
        }

        /** Closes the group, and checks that nothing is left. */
        void finish() throws Exception {
            take(new Close(false));
            compare();
            take(new Close(false));
            take(new AwaitAll());
            compare();
        }

        /** Lets go of all that still waits. */
        void end() {
            parent.cancel();
            started.forEach(Started::interrupt);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void groups_operationsInAnyOrder_doWhatTheModelDoes(@ForAll("programs") Program program) throws Exception {
        Run run = new Run(program);
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
        Arbitrary<Boolean> either = Arbitraries.of(false, true);
        Arbitrary<Boolean> seldom = Arbitraries.of(false, false, false, false, false, true);
        Arbitrary<Step> start = Combinators
                .combine(Arbitraries.of(How.class),
                        Arbitraries.frequency(Tuple.of(2, Begin.SUCCEED), Tuple.of(6, Begin.WAIT),
                                Tuple.of(1, Begin.FAIL)),
                        Arbitraries.of(Interrupted.class), Arbitraries.of(Failure.class))
                .as(Start::new);
        Arbitrary<List<Step>> steps = Arbitraries.frequencyOf(Tuple.of(12, start),
                Tuple.of(6, Combinators.combine(number, seldom).as(Release::new)),
                Tuple.of(1, either.map(Cancel::new)), Tuple.of(3, Arbitraries.of(new AwaitAll())),
                Tuple.of(1, either.map(Close::new)), Tuple.of(2, number.map(Interrupt::new)))
                .list()
                .ofMaxSize(30);
        return Combinators.combine(Arbitraries.of(0, 1, 2, 3), seldom, steps)
                .as((limit, cancelled, those) -> new Program(limit, cancelled, those));
    }
}
