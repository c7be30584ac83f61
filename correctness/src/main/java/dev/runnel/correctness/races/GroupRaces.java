package dev.runnel.correctness.races;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.Group;
import dev.runnel.Task;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Groups: start, failure, limit, and end. */
public final class GroupRaces {

    private static final Exception A = new Exception("A");

    /** Waits for a group: null, or the message of what is thrown; done if that is for its context. */
    private static String await(Group group) {
        try {
            group.await();
            return null;
        } catch (ContextException e) {
            return Calls.DONE;
        } catch (Exception e) {
            return e.getMessage();
        }
    }

    /** Starts a task if the group is open: whether it did. */
    private static Object tryGo(Group group, Task task) {
        try {
            return group.tryGo(task);
        } catch (IllegalStateException e) {
            return Calls.CLOSED;
        }
    }

    /** A task that ends when it is interrupted. */
    private static final class Endless implements Task {

        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();

        @Override
        public void run() throws InterruptedException {
            begun.incrementAndGet();
            running.incrementAndGet();
            try {
                Chan.absent().receive();
            } finally {
                running.decrementAndGet();
            }
        }
    }

    private GroupRaces() {}

    /**
     * A task that is started while another fails is interrupted, or not run; await tells the failure after it has
     * ended.
     */
    @JCStressTest
    @Outcome(id = "A, 0", expect = Expect.ACCEPTABLE, desc = "ended")
    @State
    public static class FailureAndGo {
        private final Group group = Group.open(Context.background());
        private final Endless endless = new Endless();

        /** One side. */
        @Actor
        public void fail(LL_Result r) {
            tryGo(group, () -> {
                throw A;
            });
        }

        /** One side. */
        @Actor
        public void go(LL_Result r) {
            tryGo(group, endless);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = await(group);
            r.r2 = endless.running.get();
        }
    }

    /** The first of two failures is the group's, and has the second one in it, if there was one. */
    @JCStressTest
    @Outcome(id = {"A, 1 of 1", "B, 1 of 1"}, expect = Expect.ACCEPTABLE, desc = "the other one was not run")
    @Outcome(id = {"A, 2 of 2", "B, 2 of 2"}, expect = Expect.ACCEPTABLE, desc = "both failed")
    @State
    public static class TwoFailures {
        private final Group group = Group.open(Context.background());
        private final AtomicInteger thrown = new AtomicInteger();

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            tryGo(group, () -> fail("A"));
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            tryGo(group, () -> fail("B"));
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            try {
                group.await();
            } catch (Exception e) {
                r.r1 = e.getMessage();
                r.r2 = 1 + e.getSuppressed().length + " of " + thrown.get();
            }
        }

        private void fail(String message) throws Exception {
            thrown.incrementAndGet();
            throw new Exception(message);
        }
    }

    /** Nothing of a group runs when its close has returned. */
    @JCStressTest
    @Outcome(id = "0, true, 0", expect = Expect.ACCEPTABLE, desc = "was started and has ended")
    @Outcome(id = "0, false, 0", expect = Expect.ACCEPTABLE, desc = "was not started")
    @Outcome(id = "0, closed, 0", expect = Expect.ACCEPTABLE, desc = "came after it")
    @State
    public static class CloseAndGo {
        private final Group group = Group.open(Context.background());
        private final Endless endless = new Endless();
        private Object started;

        /** One side. */
        @Actor
        public void close(LLL_Result r) {
            group.close();
            r.r1 = endless.running.get();
        }

        /** One side. */
        @Actor
        public void go(LLL_Result r) {
            started = tryGo(group, endless);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r2 = started;
            r.r3 = Boolean.TRUE.equals(started) ? endless.running.get() : endless.begun.get();
        }
    }

    /** The same for a cancel from above, which await tells. */
    @JCStressTest
    @Outcome(id = "done, 0", expect = Expect.ACCEPTABLE, desc = "ended")
    @State
    public static class CancelAndGo {
        private final CancelContext ctx = Context.background().withCancel();
        private final Group group = Group.open(ctx);
        private final Endless endless = new Endless();

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void go(LL_Result r) {
            tryGo(group, endless);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = await(group);
            r.r2 = endless.running.get();
        }
    }

    /** A failure is told, unless its task was not run because of a cancel from above. */
    @JCStressTest
    @Outcome(id = "A, 1", expect = Expect.ACCEPTABLE, desc = "failed")
    @Outcome(id = "done, 0", expect = Expect.ACCEPTABLE, desc = "was not run")
    @State
    public static class CancelAndFailure {
        private final CancelContext ctx = Context.background().withCancel();
        private final Group group = Group.open(ctx);
        private final AtomicInteger run = new AtomicInteger();

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel();
        }

        /** One side. */
        @Actor
        public void go(LL_Result r) {
            tryGo(group, () -> {
                run.incrementAndGet();
                throw A;
            });
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = await(group);
            r.r2 = run.get();
        }
    }

    /** With a limit of one two tasks are run, but not at once. */
    @JCStressTest
    @Outcome(id = "null, 2, 1", expect = Expect.ACCEPTABLE, desc = "one after the other")
    @State
    public static class Limit {
        private final Group group = Group.open(Context.background(), 1);
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger run = new AtomicInteger();

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            go();
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            go();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r1 = await(group);
            r.r2 = run.get();
            r.r3 = most.get();
        }

        private void go() {
            try {
                group.go(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    run.incrementAndGet();
                    running.decrementAndGet();
                });
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** With a limit of one a second task is not started while the first one runs. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "the second")
    @State
    public static class LimitTry {
        private final Group group = Group.open(Context.background(), 1);
        private final Endless endless = new Endless();
        private Object first;
        private Object second;

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            first = tryGo(group, endless);
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            second = tryGo(group, endless);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            while (endless.begun.get() == 0) {
                Thread.yield();
            }
            group.close();
            r.r1 = first;
            r.r2 = second;
            r.r3 = endless.begun.get();
        }
    }

    /** Who waits for a place is let go by a cancel from above, and its task is not run. */
    @JCStressTest
    @Outcome(id = "done, 0", expect = Expect.ACCEPTABLE, desc = "let go")
    @State
    public static class LimitAndCancel {
        private final CancelContext ctx = Context.background().withCancel();
        private final Group group = Group.open(ctx, 1);
        private final boolean held = group.tryGo(new Endless());
        private final Counted task = new Counted();

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void go(LL_Result r) {
            try {
                group.go(task);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = await(group);
            r.r2 = held ? task.await(0) : "not held";
        }
    }
}
