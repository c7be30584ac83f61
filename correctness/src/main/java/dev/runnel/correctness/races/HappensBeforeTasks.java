package dev.runnel.correctness.races;

import dev.runnel.AfterFunc;
import dev.runnel.Buffer;
import dev.runnel.CancelContext;
import dev.runnel.Case;
import dev.runnel.CaseSet;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.Go;
import dev.runnel.Group;
import dev.runnel.Producers;
import dev.runnel.Timer;
import dev.runnel.WaitGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The happens-before rules of contexts, groups, producers, timers, listeners and sets of cases, as in {@link
 * HappensBefore}.
 */
public final class HappensBeforeTasks {

    private HappensBeforeTasks() {}

    /** A cancel happens-before a receive from the channel that it closes. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CancelDone {
        private final CancelContext ctx = Context.background().withCancel();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ctx.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(ctx.done());
            r.r1 = x;
        }
    }

    /** A cancel happens-before the look that finds the context done. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class CancelErr {
        private final CancelContext ctx = Context.background().withCancel();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ctx.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            r.r1 = ctx.err() == null ? -1 : x;
        }
    }

    /** The same for a context that is derived from it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class CancelCauseOfChild {
        private final CancelContext ctx = Context.background().withCancel();
        private final Context child = ctx.withCancel();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ctx.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            r.r1 = child.cause() == null ? -1 : x;
        }
    }

    /** A cancel happens-before the first action of the task that it starts. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CancelAfterFunc {
        private final CancelContext ctx = Context.background().withCancel();
        private int x;
        private int seen;
        private final CountDownLatch ran = new CountDownLatch(1);
        private final AfterFunc func = ctx.afterFunc(() -> {
            seen = x;
            ran.countDown();
        });

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ctx.close();
        }

        /** What is left. */
        @Arbiter
        public void after(L_Result r) {
            Calls.await(ran);
            r.r1 = func.stop() ? -1 : seen;
        }
    }

    /** The start of a timer happens-before the task that it brings. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class TimerTask {
        private int x;
        private int seen;
        private final CountDownLatch ran = new CountDownLatch(1);

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Timer.afterFunc(Duration.ZERO, () -> {
                seen = x;
                ran.countDown();
            });
        }

        /** What is left. */
        @Arbiter
        public void after(L_Result r) {
            Calls.await(ran);
            r.r1 = seen;
        }
    }

    /** What a task of a group does happens-before the return of the await. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class GroupAwait {
        private int x;
        private final Group group = Group.open(Context.background());
        private final boolean started = group.tryGo(() -> x = 1);

        /** One side. */
        @Actor
        public void after(L_Result r) {
            try {
                group.await();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            r.r1 = started ? x : 0;
        }
    }

    /** What a task does happens-before the return of the look that finds its result. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class GroupResult {
        private final Group group = Group.open(Context.background());
        private volatile Group.Result<Integer> result;
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            try {
                result = group.call(() -> {
                    x = 1;
                    return 7;
                });
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Group.Result<Integer> of = result;
            try {
                r.r1 = of == null || of.get() == null ? -1 : x;
            } catch (IllegalStateException e) {
                r.r1 = -1;
            }
        }
    }

    /** What producers do happens-before the receive that finds their channel closed. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ProducersReceive {
        private final Chan<Integer> ch = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            try (Producers producers = Producers.of(ch)) {
                producers.go(() -> x = 1);
            }
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** A close with a cause happens-before a receive that throws because of it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CloseWithCause {
        private static final Exception CAUSE = new Exception("a cause");
        private final Chan<Integer> ch = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close(CAUSE);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** What a thread does happens-before the receive that finds its channel closed. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ThreadDone {
        private int x;

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(Go.done(Go.go(() -> x = 1)));
            r.r1 = x;
        }
    }

    /** A done happens-before the receive that finds the channel of the group closed. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class GroupDone {
        private final WaitGroup group = new WaitGroup();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            group.done();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(Go.done(group));
            r.r1 = x;
        }

        /** Made by jcstress for each run. */
        public GroupDone() {
            group.add(1);
        }
    }

    /** A send happens-before what the listener does that is told of its value. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class DroppedListener {
        private int x;
        private int seen = -1;
        private final Chan<Integer> ch = Chan.make(Buffer.conflating(dropped -> seen = dropped == 1 ? x : -1));

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            ch.trySend(2);
            r.r1 = seen;
        }
    }

    /** A send happens-before the turn of a set that receives it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class SendCaseSet {
        private final Chan<Integer> ch = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> receive = set.add(ch.onReceive());
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.send(ch, 7);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.select(set, receive);
            r.r1 = x;
        }
    }

    /** A receive by a set happens-before the turn of the set that has sent. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CaseSets {
        private final Chan<Integer> ch = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> receive = set.add(ch.onReceive());
        private final CaseSet<Integer> otherSet = new CaseSet<>();
        private final Case<Integer> send = otherSet.add(ch.onSend(7));
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.select(set, receive);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.select(otherSet, send);
            r.r1 = x;
        }
    }
}
