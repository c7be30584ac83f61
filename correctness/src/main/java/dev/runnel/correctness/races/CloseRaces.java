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
import org.openjdk.jcstress.infra.results.L_Result;

/** A close against each other operation. That nobody is left waiting is part of each. */
public final class CloseRaces {

    private CloseRaces() {}

    /** A sender that nobody receives from is told of the close, before or after it waits. */
    @JCStressTest
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class SendUnbuffered {
        private final Chan<Integer> ch = Chan.make();

        /** One side. */
        @Actor
        public void send(L_Result r) {
            r.r1 = Calls.send(ch, 1);
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            ch.close();
        }
    }

    /** A send into a buffer with room is before the close and its value stays, or after it. */
    @JCStressTest
    @Outcome(id = "sent, 1", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class SendCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = Calls.send(ch, 1);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A trySend into a buffer with room never fails, whether before or after the close. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class TrySendCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void trySend(LL_Result r) {
            r.r1 = Calls.trySend(ch, 1);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A send into a buffer with room is before the close and its value stays, or after it. */
    @JCStressTest
    @Outcome(id = "sent, 1", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class SendCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = Calls.send(ch, 1);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A trySend into a buffer with room never fails, whether before or after the close. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class TrySendCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void trySend(LL_Result r) {
            r.r1 = Calls.trySend(ch, 1);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A sender at a full buffer is told of the close, and its value is not delivered. */
    @JCStressTest
    @Outcome(id = "closed, 1, null", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class SendFull {
        private final Chan<Integer> ch = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r1 = Calls.send(ch, 2);
        }

        /** One side. */
        @Actor
        public void close(LLL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r2 = ch.tryReceive();
            r.r3 = ch.tryReceive();
        }
    }

    /** A receiver that nobody sends to is told of the close, before or after it waits. */
    @JCStressTest
    @Outcome(id = "null", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class ReceiveUnbuffered {
        private final Chan<Integer> ch = Chan.make();

        /** One side. */
        @Actor
        public void receive(L_Result r) {
            r.r1 = Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            ch.close();
        }
    }

    /** A receiver that nobody sends to is told of the close, before or after it waits. */
    @JCStressTest
    @Outcome(id = "null", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class ReceiveCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void receive(L_Result r) {
            r.r1 = Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            ch.close();
        }
    }

    /** What is buffered when the channel is closed is received before that is told. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "the value, then the close")
    @State
    public static class ReceiveBuffered {
        private final Chan<Integer> ch = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r1 = Calls.receive(ch);
            r.r2 = Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }
    }

    /** A tryReceive never misses what is buffered. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the value")
    @State
    public static class TryReceiveBuffered {
        private final Chan<Integer> ch = Calls.filled(2, 1);

        /** One side. */
        @Actor
        public void tryReceive(L_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            ch.close();
        }
    }

    /** Who sends and then closes has it received in that order. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "in order")
    @State
    public static class SendThenClose {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r1 = Calls.receive(ch);
            r.r2 = Calls.receive(ch);
        }

        /** One side. */
        @Actor
        public void sendAndClose(LL_Result r) {
            Calls.send(ch, 1);
            ch.close();
        }
    }

    /** A select that waits to receive is told of the close of one channel, which makes that one ready. */
    @JCStressTest
    @Outcome(id = "a", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class SelectReceive {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make(1);

        /** One side. */
        @Actor
        public void select(L_Result r) {
            r.r1 = Calls.select(a.onReceive(), b.onReceive());
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            a.close();
        }
    }

    /** A select that waits to send is told of the close of one channel. */
    @JCStressTest
    @Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "told")
    @State
    public static class SelectSend {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Calls.filled(1, 7);

        /** One side. */
        @Actor
        public void select(L_Result r) {
            r.r1 = Calls.select(a.onSend(1), b.onSend(2));
        }

        /** One side. */
        @Actor
        public void close(L_Result r) {
            b.close();
        }
    }

    /** Of two that close, one is told that it came second. */
    @JCStressTest
    @Outcome(id = "null, closed", expect = Expect.ACCEPTABLE, desc = "the first was first")
    @Outcome(id = "closed, null", expect = Expect.ACCEPTABLE, desc = "the second was first")
    @State
    public static class Close {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = Calls.close(ch);
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = Calls.close(ch);
        }
    }

    /**
     * Two who each close a channel, and then try the other one: at least one of them is the later one. An unbuffered
     * channel is looked at without its lock.
     */
    @JCStressTest
    @Outcome(id = {"closed, false", "false, closed", "closed, closed"}, expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @State
    public static class TwoThatTryTheOther {
        private final Chan<Integer> a = Chan.make();
        private final Chan<Integer> b = Chan.make();

        /** One side. */
        @Actor
        public void closeA(LL_Result r) {
            a.close();
            r.r1 = Calls.trySend(b, 1);
        }

        /** The other one. */
        @Actor
        public void closeB(LL_Result r) {
            b.close();
            r.r2 = Calls.trySend(a, 1);
        }
    }
}
