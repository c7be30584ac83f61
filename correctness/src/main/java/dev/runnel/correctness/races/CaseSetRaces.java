package dev.runnel.correctness.races;

import static dev.runnel.correctness.races.Lingering.SOON;
import static dev.runnel.correctness.races.Lingering.linger;

import dev.runnel.Case;
import dev.runnel.CaseSet;
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
import org.openjdk.jcstress.infra.results.L_Result;

/** Sets of cases against those at the other end, each other, and the end of their wait. */
public final class CaseSetRaces {

    private CaseSetRaces() {}

    /** A set that waits to receive meets the sender. */
    @JCStressTest
    @Outcome(id = "a1, sent", expect = Expect.ACCEPTABLE, desc = "met")
    @State
    public static class Send {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r2 = Calls.send(a, 1);
        }
    }

    /** A value that gets into a buffer is received. */
    @JCStressTest
    @Outcome(id = "a1, true", expect = Expect.ACCEPTABLE, desc = "received")
    @State
    public static class SendBuffered {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r2 = a.trySend(1);
        }
    }

    /** A set that waits to receive is told of a close. */
    @JCStressTest
    @Outcome(id = "b", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class Close {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void select(L_Result r) {
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            b.close();
        }
    }

    /** A set that waits to send is told of a close. */
    @JCStressTest
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class CloseSend {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Calls.filled(1, 7);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));
        private final Case<Integer> toB = set.add(b.onSend(2));

        /** One side. */
        @Actor
        public void select(L_Result r) {
            r.r1 = Calls.select(set, toA);
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            b.close();
        }
    }

    /** A set that waits to send is told of the room that a receive makes. */
    @JCStressTest
    @Outcome(id = "a, 7, 1", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class Room {
        private final Chan<Integer> a = Calls.filled(1, 7);
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));
        private final Case<Integer> toB = set.add(b.onSend(2));

        /** One side. */
        @Actor
        public void select(LLL_Result r) {
            r.r1 = Calls.select(set, toA);
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r2 = a.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = a.tryReceive();
        }
    }

    /** A set that waits to send meets a receiver. */
    @JCStressTest
    @Outcome(id = "a, 1", expect = Expect.ACCEPTABLE, desc = "met")
    @State
    public static class Receive {
        private final Chan<Integer> a = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.select(set, toA);
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r2 = Calls.receive(a);
        }
    }

    /** Two sets that could pick each other on either channel agree on one, once. */
    @JCStressTest
    @Outcome(id = "a, a1", expect = Expect.ACCEPTABLE, desc = "on the first")
    @Outcome(id = "b2, b", expect = Expect.ACCEPTABLE, desc = "on the second")
    @State
    public static class TwoSets {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));
        private final Case<Integer> inB = set.add(b.onReceive());
        private final CaseSet<Integer> otherSet = new CaseSet<>();
        private final Case<Integer> inA = otherSet.add(a.onReceive());
        private final Case<Integer> toB = otherSet.add(b.onSend(2));

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(set, toA);
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(otherSet, inA);
        }
    }

    /** A set and a select that could pick each other on either channel agree on one, once. */
    @JCStressTest
    @Outcome(id = "a, a1", expect = Expect.ACCEPTABLE, desc = "on the first")
    @Outcome(id = "b2, b", expect = Expect.ACCEPTABLE, desc = "on the second")
    @State
    public static class SetAndSelect {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(set, toA);
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(a.onReceive(), b.onSend(2));
        }
    }

    /** A set that could send to itself waits for another one. */
    @JCStressTest
    @Outcome(id = "a, b1", expect = Expect.ACCEPTABLE, desc = "the first sent")
    @Outcome(id = "b2, a", expect = Expect.ACCEPTABLE, desc = "the second sent")
    @State
    public static class SelfAndOther {
        private final Chan<Integer> ch = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> send = set.add(ch.onSend(1));
        private final Case<Integer> receive = set.add(ch.onReceive());
        private final CaseSet<Integer> otherSet = new CaseSet<>();
        private final Case<Integer> otherSend = otherSet.add(ch.onSend(2));
        private final Case<Integer> otherReceive = otherSet.add(ch.onReceive());

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(set, send);
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.select(otherSet, otherSend);
        }
    }

    /** Two sets that compete for a value: one gets it, and the other is not in the way of the next. */
    @JCStressTest
    @Outcome(id = "a1, a2", expect = Expect.ACCEPTABLE, desc = "in order")
    @Outcome(id = "a2, a1", expect = Expect.ACCEPTABLE, desc = "the other way round")
    @State
    public static class OneValue {
        private final Chan<Integer> a = Chan.make(2);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final CaseSet<Integer> otherSet = new CaseSet<>();
        private final Case<Integer> otherInA = otherSet.add(a.onReceive());

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            a.trySend(1);
            a.trySend(2);
            r.r2 = Calls.select(otherSet, otherInA);
        }
    }

    /** A case that is removed takes no value any more. */
    @JCStressTest
    @Outcome(id = "a1, true, null", expect = Expect.ACCEPTABLE, desc = "received")
    @Outcome(id = "null, true, 1", expect = Expect.ACCEPTABLE, desc = "removed")
    @State
    public static class Remove {
        private final Chan<Integer> a = Chan.make(1);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());

        /** One side. */
        @Actor
        public void remove(LLL_Result r) {
            r.r1 = Calls.trySelect(set, inA);
            set.remove(inA);
        }

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r2 = a.trySend(1);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = Calls.trySelect(set, inA) == null ? a.tryReceive() : "selected";
        }
    }

    /** A case that is removed while its channel tells it leaves the other cases of the set told. */
    @JCStressTest
    @Outcome(id = "b2, null", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class RemoveArmed {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Chan.make(1);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void remove(LL_Result r) {
            set.remove(inA);
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            a.trySend(1);
            b.trySend(2);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            a.tryReceive();
            r.r2 = a.tryReceive();
        }
    }

    /**
     * A value that moves from one channel to the other is on one of them at each instant: there is no turn without.
     */
    @JCStressTest
    @Outcome(id = "a2, 1", expect = Expect.ACCEPTABLE, desc = "took the newer")
    @Outcome(id = "b1, null", expect = Expect.ACCEPTABLE, desc = "took the older")
    @State
    public static class TrySelect {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Calls.filled(1, 1);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private final Case<Integer> inB = set.add(b.onReceive());

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            r.r1 = Calls.trySelect(set, inA);
        }

        /** One side. */
        @Actor
        public void move(LL_Result r) {
            a.trySend(2);
            r.r2 = b.tryReceive();
        }
    }

    /** An interruption of a set that waits: a value is received, or in the buffer. */
    @JCStressTest
    @Outcome(id = "a1, null", expect = Expect.ACCEPTABLE, desc = "received")
    @Outcome(id = "interrupted, 1", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class Interrupt {
        private final Chan<Integer> a = Chan.make(1);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> outcome = Calls.select(set, inA));

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            a.trySend(1);
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
            r.r2 = a.tryReceive();
        }
    }

    /** The same for one that sends to another set: it is received, or the next receive finds nothing. */
    @JCStressTest
    @Outcome(id = "a, 1", expect = Expect.ACCEPTABLE, desc = "handed over")
    @Outcome(id = "interrupted, closed", expect = Expect.ACCEPTABLE, desc = "interrupted")
    @State
    public static class InterruptSend {
        private final Chan<Integer> a = Chan.make();
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> toA = set.add(a.onSend(1));
        private Object outcome;
        private final Thread victim = Thread.startVirtualThread(() -> {
            outcome = Calls.select(set, toA);
            a.close();
        });
        private final CaseSet<Integer> otherSet = new CaseSet<>();
        private final Case<Integer> inA = otherSet.add(a.onReceive());

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            String got = Calls.select(otherSet, inA);
            r.r2 = got.equals("a") ? Calls.CLOSED : got.equals("a1") ? 1 : got;
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
        }
    }

    /** The instant of a case against a partner: a value is received, or in the buffer. */
    @JCStressTest
    @Outcome(id = "a1, null", expect = Expect.ACCEPTABLE, desc = "received")
    @Outcome(id = "b, 1", expect = Expect.ACCEPTABLE, desc = "its time came")
    @State
    public static class After {
        private final Chan<Integer> a = Chan.make(1);
        private final CaseSet<Integer> set = new CaseSet<>();
        private final Case<Integer> inA = set.add(a.onReceive());
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void select(LL_Result r) {
            set.add(Go.after(SOON));
            begun = true;
            r.r1 = Calls.select(set, inA);
        }

        /** One side. */
        @Actor
        public void partner(LL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            a.trySend(1);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = a.tryReceive();
        }
    }
}
