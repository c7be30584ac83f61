package dev.runnel.correctness.races;

import static dev.runnel.correctness.races.Lingering.SOON;
import static dev.runnel.correctness.races.Lingering.linger;

import dev.runnel.Chan;
import dev.runnel.Go;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The deadline of a select against the partner that comes for it. */
public final class TimeoutRaces {

    private TimeoutRaces() {}

    /** A value is received, or the sender knows that it was not. */
    @JCStressTest
    @Outcome(id = "a1, true", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "b, false", expect = Expect.ACCEPTABLE, desc = "timed out")
    @State
    public static class ReceiveUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            begun = true;
            r.r1 = Calls.select(ch.onReceive(), Go.after(SOON));
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

    /** A value is received, or the sender is told that it was not. */
    @JCStressTest
    @Outcome(id = "a, 1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "b, null", expect = Expect.ACCEPTABLE, desc = "timed out")
    @State
    public static class SendUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            begun = true;
            r.r1 = Calls.select(ch.onSend(1), Go.after(SOON));
        }

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = ch.tryReceive();
        }
    }

    /** A value is received, or in the buffer. */
    @JCStressTest
    @Outcome(id = "a1, true, null", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "b, true, 1", expect = Expect.ACCEPTABLE, desc = "timed out")
    @State
    public static class ReceiveCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void select(LLL_Result r) {
            begun = true;
            r.r1 = Calls.select(ch.onReceive(), Go.after(SOON));
        }

        /** One side. */
        @Actor
        public void partner(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = ch.trySend(1);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A value is in the buffer, or the sender is told that it is not. */
    @JCStressTest
    @Outcome(id = "a, 1, 2", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "b, 1, null", expect = Expect.ACCEPTABLE, desc = "timed out")
    @State
    public static class SendCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 1);
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void select(LLL_Result r) {
            begun = true;
            r.r1 = Calls.select(ch.onSend(2), Go.after(SOON));
        }

        /** One side. */
        @Actor
        public void partner(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }
}
