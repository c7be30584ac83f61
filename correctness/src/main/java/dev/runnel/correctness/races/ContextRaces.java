package dev.runnel.correctness.races;

import static dev.runnel.correctness.races.Lingering.SOON;
import static dev.runnel.correctness.races.Lingering.linger;

import dev.runnel.AfterFunc;
import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Contexts: cancel against all that depends on it, and against those who wait. */
public final class ContextRaces {

    private static final Exception A = new Exception("A");
    private static final Exception B = new Exception("B");

    private ContextRaces() {}

    /** A child that is derived while its parent is cancelled is done too, before the cancel returns or at once. */
    @JCStressTest
    @Outcome(id = "A, true", expect = Expect.ACCEPTABLE, desc = "done")
    @State
    public static class Child {
        private final CancelContext parent = Context.background().withCancel();
        private CancelContext child;

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            parent.cancel(A);
        }

        /** One side. */
        @Actor
        public void derive(LL_Result r) {
            child = parent.withCancel();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = Calls.cause(child);
            r.r2 = child.done().isDrained();
        }
    }

    /** The same for a child with a deadline of its own. */
    @JCStressTest
    @Outcome(id = "A, true", expect = Expect.ACCEPTABLE, desc = "done")
    @State
    public static class ChildWithTimeout {
        private final CancelContext parent = Context.background().withCancel();
        private CancelContext child;

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            parent.cancel(A);
        }

        /** One side. */
        @Actor
        public void derive(LL_Result r) {
            child = parent.withTimeout(Duration.ofHours(1));
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = Calls.cause(child);
            r.r2 = child.done().isDrained();
        }
    }

    /** A child that leaves its parent while that is cancelled does not hide those beside it. */
    @JCStressTest
    @Outcome(id = "B, A, A", expect = Expect.ACCEPTABLE, desc = "left in time")
    @Outcome(id = "A, A, A", expect = Expect.ACCEPTABLE, desc = "was told")
    @State
    public static class Siblings {
        private final CancelContext parent = Context.background().withCancel();
        private final CancelContext before = parent.withCancel();
        private final CancelContext child = parent.withCancel();
        private final CancelContext behind = parent.withCancel();

        /** One side. */
        @Actor
        public void cancel(LLL_Result r) {
            parent.cancel(A);
        }

        /** One side. */
        @Actor
        public void leave(LLL_Result r) {
            child.cancel(B);
            r.r1 = Calls.cause(child);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r2 = Calls.cause(before);
            r.r3 = Calls.cause(behind);
        }
    }

    /** Of two that cancel a context one has the say, and both find the same. */
    @JCStressTest
    @Outcome(id = "A, A, A", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "B, B, B", expect = Expect.ACCEPTABLE, desc = "the second")
    @State
    public static class TwoCauses {
        private final CancelContext ctx = Context.background().withCancel();

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            ctx.cancel(A);
            r.r1 = Calls.cause(ctx);
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            ctx.cancel(B);
            r.r2 = Calls.cause(ctx);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = Calls.cause(ctx);
        }
    }

    /** A child that is cancelled while its parent is has one cause for all, and hands it on to its own child. */
    @JCStressTest
    @Outcome(id = "A, B, B, B", expect = Expect.ACCEPTABLE, desc = "the child was first")
    @Outcome(id = "A, A, A, A", expect = Expect.ACCEPTABLE, desc = "the parent was first")
    @State
    public static class CausesOfTree {
        private final CancelContext parent = Context.background().withCancel();
        private final CancelContext child = parent.withCancel();
        private final CancelContext grandchild = child.withCancel();

        /** One side. */
        @Actor
        public void cancelParent(LLLL_Result r) {
            parent.cancel(A);
            r.r1 = Calls.cause(parent);
        }

        /** One side. */
        @Actor
        public void cancelChild(LLLL_Result r) {
            child.cancel(B);
            r.r2 = Calls.cause(child);
        }

        /** What is left. */
        @Arbiter
        public void after(LLLL_Result r) {
            r.r3 = Calls.cause(child);
            r.r4 = Calls.cause(grandchild);
        }
    }

    /** Who finds the flag set finds the channel closed, and the other way round. */
    @JCStressTest
    @Outcome(id = "false, false, false, false", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = {"false, false, false, true", "false, false, true, true", "false, true, true, true"},
            expect = Expect.ACCEPTABLE, desc = "meanwhile")
    @Outcome(id = "true, true, true, true", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class FlagAndChannel {
        private final CancelContext ctx = Context.background().withCancel();
        private final ReceiveChan<?> done = ctx.done();

        /** One side. */
        @Actor
        public void cancel(LLLL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void look(LLLL_Result r) {
            r.r1 = ctx.err() != null;
            r.r2 = done.isDrained();
            r.r3 = ctx.err() != null;
            r.r4 = done.isDrained();
        }
    }

    /** Who asks for the channel and waits at it is woken, though there was none when the cancel began. */
    @JCStressTest
    @Outcome(id = "null, A", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class DoneMade {
        private final CancelContext ctx = Context.background().withCancel();

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void wait(LL_Result r) {
            r.r1 = Calls.receive(ctx.done());
            r.r2 = Calls.cause(ctx);
        }
    }

    /** The same for a child, which is done by somebody else's cancel. */
    @JCStressTest
    @Outcome(id = "null, A", expect = Expect.ACCEPTABLE, desc = "woken")
    @State
    public static class DoneOfChildMade {
        private final CancelContext parent = Context.background().withCancel();
        private final CancelContext child = parent.withCancel();

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            parent.cancel(A);
        }

        /** One side. */
        @Actor
        public void wait(LL_Result r) {
            r.r1 = Calls.receive(child.done());
            r.r2 = Calls.cause(child);
        }
    }

    /** A task that is given while the context is cancelled is run, once. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "run")
    @State
    public static class AfterFuncAdded {
        private final CancelContext ctx = Context.background().withCancel();
        private final Counted task = new Counted();

        /** One side. */
        @Actor
        public void cancel(L_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void add(L_Result r) {
            ctx.afterFunc(task);
        }

        /** What is left. */
        @Arbiter
        public void after(L_Result r) {
            r.r1 = task.await(1);
        }
    }

    /** A task is run, or stop says that it will not be; never both. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "stopped")
    @Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "run")
    @State
    public static class AfterFuncStopped {
        private final CancelContext ctx = Context.background().withCancel();
        private final Counted task = new Counted();
        private final AfterFunc func = ctx.afterFunc(task);
        private boolean stopped;

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void stop(LL_Result r) {
            stopped = func.stop();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = stopped;
            r.r2 = task.await(stopped ? 0 : 1);
        }
    }

    /** The same if it is stopped by who has just given it. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "stopped")
    @Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "run")
    @State
    public static class AfterFuncAddedAndStopped {
        private final CancelContext ctx = Context.background().withCancel();
        private final Counted task = new Counted();
        private boolean stopped;

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void addAndStop(LL_Result r) {
            stopped = ctx.afterFunc(task).stop();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r1 = stopped;
            r.r2 = task.await(stopped ? 0 : 1);
        }
    }

    /** A value is received, or the sender knows that it was not. */
    @JCStressTest
    @Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "done, false", expect = Expect.ACCEPTABLE, desc = "done first")
    @State
    public static class ReceiveUnbuffered {
        private final CancelContext ctx = Context.background().withCancel();
        private final Chan<Integer> ch = Chan.make();
        private Object outcome;
        private final Thread receiver = Thread.startVirtualThread(() -> outcome = Calls.receive(ch, ctx));

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r2 = ch.trySend(1);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(receiver);
            r.r1 = outcome;
        }
    }

    /** A value is received, or the sender is told that it was not. */
    @JCStressTest
    @Outcome(id = "sent, 1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "done, null", expect = Expect.ACCEPTABLE, desc = "done first")
    @State
    public static class SendUnbuffered {
        private final CancelContext ctx = Context.background().withCancel();
        private final Chan<Integer> ch = Chan.make();
        private Object outcome;
        private final Thread sender = Thread.startVirtualThread(() -> outcome = Calls.send(ch, 1, ctx));

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r2 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(sender);
            r.r1 = outcome;
        }
    }

    /** A value is received, or in the buffer. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "done, 1", expect = Expect.ACCEPTABLE, desc = "done first")
    @State
    public static class ReceiveCapacityOne {
        private final CancelContext ctx = Context.background().withCancel();
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r1 = Calls.receive(ch, ctx);
        }

        /** One side. */
        @Actor
        public void sendAndCancel(LL_Result r) {
            if (ThreadLocalRandom.current().nextBoolean()) {
                ch.trySend(1);
                ctx.cancel(A);
            } else {
                ctx.cancel(A);
                ch.trySend(1);
            }
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A value is in the buffer, or the sender is told that it is not. */
    @JCStressTest
    @Outcome(id = "sent, 7, 1", expect = Expect.ACCEPTABLE, desc = "there was room first")
    @Outcome(id = "done, 7, null", expect = Expect.ACCEPTABLE, desc = "done first")
    @State
    public static class SendCapacityOne {
        private final CancelContext ctx = Context.background().withCancel();
        private final Chan<Integer> ch = Calls.filled(1, 7);
        private Object outcome;
        private final Thread sender = Thread.startVirtualThread(() -> outcome = Calls.send(ch, 1, ctx));

        /** One side. */
        @Actor
        public void cancel(LLL_Result r) {
            ctx.cancel(A);
        }

        /** One side. */
        @Actor
        public void partner(LLL_Result r) {
            r.r2 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            Calls.join(sender);
            r.r1 = outcome;
            r.r3 = ch.tryReceive();
        }
    }

    /** A deadline and a cancel: one of them has the say, for the child too. */
    @JCStressTest
    @Outcome(id = "A, A, A", expect = Expect.ACCEPTABLE, desc = "cancelled")
    @Outcome(id = "deadline, deadline, deadline", expect = Expect.ACCEPTABLE, desc = "its time was over")
    @State
    public static class Deadline {
        private volatile CancelContext ctx;
        private volatile CancelContext child;

        /** One side. */
        @Actor
        public void start(LLL_Result r) {
            ctx = Context.background().withTimeout(SOON);
            child = ctx.withCancel();
            Calls.receive(child.done());
            r.r1 = Calls.cause(child);
        }

        /** One side. */
        @Actor
        public void cancel(LLL_Result r) {
            while (child == null) {
                Thread.onSpinWait();
            }
            linger();
            ctx.cancel(A);
            r.r2 = Calls.cause(ctx);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = Calls.cause(ctx);
        }
    }

    /** The deadline against the partner: a value is received, or the sender knows that it was not. */
    @JCStressTest
    @Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "done, false", expect = Expect.ACCEPTABLE, desc = "timed out")
    @State
    public static class ReceiveUntilDeadline {
        private final Chan<Integer> ch = Chan.make();
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            begun = true;
            r.r1 = Calls.receive(ch, Context.background().withTimeout(SOON));
        }

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = ch.trySend(1);
        }
    }
}
