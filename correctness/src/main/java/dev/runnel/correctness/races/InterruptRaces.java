package dev.runnel.correctness.races;

import dev.runnel.Chan;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * An interruption of a goroutine that waits, against the partner that comes for it: what is thrown has not happened.
 */
public final class InterruptRaces {

    private InterruptRaces() {}

    /** A value is received, or the sender knows that it was not. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "false, interrupted", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class ReceiveUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> outcome = Calls.receive(ch));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r1 = ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void interrupter(LL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(victim);
            r.r2 = outcome;
        }
    }

    /** A value is received, or in the buffer. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "interrupted, 1", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class ReceiveCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> outcome = Calls.receive(ch));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void interrupter(LL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(victim);
            r.r1 = outcome;
            r.r2 = ch.tryReceive();
        }
    }

    /** A value is received, or the sender is told that it was not. */
    @JCStressTest
    @Outcome(id = "1, sent", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "null, interrupted", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class SendUnbuffered {
        private final Chan<Integer> ch = Chan.make();
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> outcome = Calls.send(ch, 1));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void interrupter(LL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(victim);
            r.r2 = outcome;
        }
    }

    /** A value is in the buffer, or the sender is told that it is not. */
    @JCStressTest
    @Outcome(id = "1, sent, 2", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "1, interrupted, null", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class SendCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 1);
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> outcome = Calls.send(ch, 2));

        /** One side. */
        @Actor
        public void partner(LLL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void interrupter(LLL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            Calls.join(victim);
            r.r2 = outcome;
            r.r3 = ch.tryReceive();
        }
    }

    /** A select that is interrupted has received nothing. */
    @JCStressTest
    @Outcome(id = "true, a1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "false, interrupted", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class SelectReceive {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private Object outcome;
        private final Thread victim =
                Thread.startVirtualThread(() -> outcome = Calls.select(a.onReceive(), b.onSend(2)));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r1 = a.trySend(1);
        }

        /** One side. */
        @Actor
        public void interrupter(LL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(victim);
            r.r2 = outcome;
        }
    }

    /** A select that is interrupted has sent nothing. */
    @JCStressTest
    @Outcome(id = "2, b", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "null, interrupted", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class SelectSend {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private Object outcome;
        private final Thread victim =
                Thread.startVirtualThread(() -> outcome = Calls.select(a.onReceive(), b.onSend(2)));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            r.r1 = b.tryReceive();
        }

        /** One side. */
        @Actor
        public void interrupter(LL_Result r) {
            victim.interrupt();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            Calls.join(victim);
            r.r2 = outcome;
        }
    }
}
