package dev.runnel.correctness.races;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Go;
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

/** Selects against each other, and against those who serve them. */
public final class SelectRaces {

    private SelectRaces() {}

    /** Two selects that could pick each other on either channel agree on one, once. */
    @JCStressTest
    @Outcome(id = "a, a1", expect = Expect.ACCEPTABLE, desc = "on the first")
    @Outcome(id = "b2, b", expect = Expect.ACCEPTABLE, desc = "on the second")
    @State
    public static class Mirror {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(a.onSend(1), b.onReceive());
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(a.onReceive(), b.onSend(2));
        }
    }

    /** The same with the cases in another order. */
    @JCStressTest
    @Outcome(id = "a, b1", expect = Expect.ACCEPTABLE, desc = "on the first channel")
    @Outcome(id = "b2, a", expect = Expect.ACCEPTABLE, desc = "on the second")
    @State
    public static class MirrorCrossed {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(a.onSend(1), b.onReceive());
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(b.onSend(2), a.onReceive());
        }
    }

    /** One select sends on both channels, the other receives from both. */
    @JCStressTest
    @Outcome(id = "a, a1", expect = Expect.ACCEPTABLE, desc = "on the first")
    @Outcome(id = "b, b2", expect = Expect.ACCEPTABLE, desc = "on the second")
    @State
    public static class SameDirection {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();

        /** One side. */
        @Actor
        public void sender(LL_Result r) {
            r.r1 = Calls.select(a.onSend(1), b.onSend(2));
        }

        /** One side. */
        @Actor
        public void receiver(LL_Result r) {
            r.r2 = Calls.select(a.onReceive(), b.onReceive());
        }
    }

    /** Two selects that each send and receive on one channel meet each other, not themselves. */
    @JCStressTest
    @Outcome(id = "a, b1", expect = Expect.ACCEPTABLE, desc = "the first sent")
    @Outcome(id = "b2, a", expect = Expect.ACCEPTABLE, desc = "the second sent")
    @State
    public static class OneChannel {
        private final Chan<Integer> ch = Chan.make();

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(ch.onSend(1), ch.onReceive());
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(ch.onSend(2), ch.onReceive());
        }
    }

    /** The same as Mirror with buffers: what was sent was received, or is there still. */
    @JCStressTest
    @Outcome(id = "a, a1, null, null", expect = Expect.ACCEPTABLE, desc = "met on the first")
    @Outcome(id = "b2, b, null, null", expect = Expect.ACCEPTABLE, desc = "met on the second")
    @Outcome(id = "a, b, 1, 2", expect = Expect.ACCEPTABLE, desc = "both filled a buffer")
    @State
    public static class MirrorBuffered {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Chan.make(1);

        /** One side. */
        @Actor
        public void one(LLLL_Result r) {
            r.r1 = Calls.select(a.onSend(1), b.onReceive());
        }

        /** One side. */
        @Actor
        public void other(LLLL_Result r) {
            r.r2 = Calls.select(a.onReceive(), b.onSend(2));
        }

        /** What is left. */
        @Arbiter
        public void after(LLLL_Result r) {
            r.r3 = a.tryReceive();
            r.r4 = b.tryReceive();
        }
    }

    /** A select is served once, though several cases become ready. */
    @JCStressTest
    @Outcome(id = "a1, true, false", expect = Expect.ACCEPTABLE, desc = "by the first")
    @Outcome(id = "b2, false, true", expect = Expect.ACCEPTABLE, desc = "by the second")
    @Outcome(id = "b3, false, false", expect = Expect.ACCEPTABLE, desc = "it came late")
    @State
    public static class OnlyOne {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();

        /** One side. */
        @Actor
        public void select(LLL_Result r) {
            r.r1 = Calls.select(a.onReceive(), b.onReceive());
        }

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            boolean first = a.trySend(1);
            boolean second = b.trySend(2);
            r.r2 = first;
            r.r3 = second;
            if (!first && !second) {
                Calls.send(b, 3);
            }
        }
    }

    /** A selectFirst takes the first case that is ready, whatever becomes ready beside it. */
    @JCStressTest
    @Outcome(id = "a1", expect = Expect.ACCEPTABLE, desc = "the first")
    @State
    public static class First {
        private final Chan<Integer> a = Calls.filled(1, 1);
        private final Chan<Integer> b = Chan.make(1);

        /** One side. */
        @Actor
        public void select(L_Result r) {
            r.r1 = Calls.selectFirst(a.onReceive(), b.onReceive());
        }

        /** One side. */
        @Actor
        public void send(L_Result r) {
            b.trySend(2);
        }
    }

    /** A value that moves from one channel to the other is on one of them at each instant, or was never. */
    @JCStressTest
    @Outcome(id = "a2, 1", expect = Expect.ACCEPTABLE, desc = "took the newer")
    @Outcome(id = "b1, null", expect = Expect.ACCEPTABLE, desc = "took the older")
    @State
    public static class Otherwise {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.select(a.onReceive(), b.onReceive(), Go.otherwise());
        }

        /** One side. */
        @Actor
        public void move(LL_Result r) {
            a.trySend(2);
            r.r2 = b.tryReceive();
        }
    }

    /** One is ready at each instant: the second, for a sender that has been waiting, until the first is closed. */
    @JCStressTest
    @Outcome(id = "a, 1", expect = Expect.ACCEPTABLE, desc = "found the first closed")
    @Outcome(id = "b1, null", expect = Expect.ACCEPTABLE, desc = "took the value")
    @State
    public static class OtherwiseUnbuffered {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Calls.offered(1);

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.select(a.onReceive(), b.onReceive(), Go.otherwise());
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            a.close();
            r.r2 = b.tryReceive();
        }
    }
}
