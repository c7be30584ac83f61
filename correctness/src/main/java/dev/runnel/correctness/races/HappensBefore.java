package dev.runnel.correctness.races;

import dev.runnel.Chan;
import dev.runnel.Go;
import dev.runnel.WaitGroup;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Each of the happens-before rules, on a field without any order of its own. */
public final class HappensBefore {

    private HappensBefore() {}

    /** A send happens-before the completion of its receive. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class SendReceiveUnbuffered {
        private final Chan<Integer> ch = Chan.make();
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
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** A send happens-before the completion of its receive. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class SendReceiveCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);
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
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** A send happens-before the completion of its receive. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class SendReceiveCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);
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
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** The same for the forms that do not wait. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class TrySendTryReceive {
        private final Chan<Integer> ch = Chan.make(1);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.trySend(7);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            r.r1 = ch.tryReceive() == null ? -1 : x;
        }
    }

    /** The same for select. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class SelectSelect {
        private final Chan<Integer> ch = Chan.make();
        private final Chan<Integer> other = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.select(ch.onSend(7), other.onReceive());
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.select(ch.onReceive(), other.onReceive());
            r.r1 = x;
        }
    }

    /** A close happens-before a receive that returns because of it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CloseReceiveUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** A close happens-before a receive that returns because of it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CloseReceiveCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.receive(ch);
            r.r1 = x;
        }
    }

    /** A close happens-before the look that finds the channel drained. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class CloseIsDrained {
        private final Chan<Integer> ch = Chan.make(1);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            r.r1 = ch.isDrained() ? x : -1;
        }
    }

    /** A close happens-before a send that throws because of it. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CloseSendUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.send(ch, 7);
            r.r1 = x;
        }
    }

    /** The same where the send has waited at a full buffer. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class CloseSendCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 7);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.close();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.send(ch, 7);
            r.r1 = x;
        }
    }

    /** On an unbuffered channel a receive happens-before the completion of its send. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ReceiveSendUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.send(ch, 7);
            r.r1 = x;
        }
    }

    /** The same for select. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ReceiveSendSelect {
        private final Chan<Integer> ch = Chan.make();
        private final Chan<Integer> other = Chan.make();
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.select(ch.onReceive(), other.onReceive());
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.select(ch.onSend(7), other.onReceive());
            r.r1 = x;
        }
    }

    /** With capacity C the k-th receive happens-before the completion of the (k + C)-th send. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ReceiveSendCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 7);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.send(ch, 8);
            r.r1 = x;
        }
    }

    /** The same for a capacity of two. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class ReceiveSendCapacityTwo {
        private final Chan<Integer> ch = Calls.filled(2, 6, 7);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.send(ch, 8);
            r.r1 = x;
        }
    }

    /** The same for the forms that do not wait. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "came too early")
    @State
    public static class TryReceiveTrySend {
        private final Chan<Integer> ch = Calls.filled(1, 7);
        private int x;

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            r.r1 = ch.trySend(8) ? x : -1;
        }
    }

    /** A done happens-before the return of the await that it releases. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class DoneAwait {
        private final WaitGroup group = new WaitGroup();
        private int x;

        /** Made by jcstress for each run. */
        public DoneAwait() {
            group.add(1);
        }

        /** One side. */
        @Actor
        public void before(L_Result r) {
            x = 1;
            group.done();
        }

        /** One side. */
        @Actor
        public void after(L_Result r) {
            Calls.await(group);
            r.r1 = x;
        }
    }

    /** The go statement happens-before the first action of the goroutine. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class GoStatement {
        private int x;
        private int seen;
        private Thread started;

        /** One side. */
        @Actor
        public void go(L_Result r) {
            x = 1;
            started = Go.go(() -> seen = x);
        }

        /** What is left. */
        @Arbiter
        public void after(L_Result r) {
            Calls.join(started);
            r.r1 = seen;
        }
    }

    /** What a task of a group does happens-before the return of the await. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "seen")
    @State
    public static class WaitGroupGo {
        private int x;
        private final WaitGroup group = new WaitGroup();

        /** One side. */
        @Actor
        public void go(L_Result r) {
            group.go(() -> x = 1);
            Calls.await(group);
            r.r1 = x;
        }
    }
}
