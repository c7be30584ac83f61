package dev.runnel.correctness.races;

import dev.runnel.Chan;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The two ends of a buffered channel against each other, against those who come to wait, and against a second one at
 * the same end; and two such channels between two who try both.
 */
public final class RingRaces {

    private RingRaces() {}

    /** A receiver that comes to wait does not miss the value. */
    @JCStressTest
    @Outcome(id = "sent, 1", expect = Expect.ACCEPTABLE, desc = "received")
    @State
    public static class ReceiverCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = Calls.send(ch, 1);
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r2 = Calls.receive(ch);
        }
    }

    /** A sender that comes to wait does not miss the room. */
    @JCStressTest
    @Outcome(id = "sent, 1, 2", expect = Expect.ACCEPTABLE, desc = "sent")
    @State
    public static class SenderCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r1 = Calls.send(ch, 2);
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r2 = Calls.receive(ch);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** Values come in the order in which they were sent, through a ring that goes round more than once. */
    @JCStressTest
    @Outcome(id = "123456", expect = Expect.ACCEPTABLE, desc = "in order")
    @State
    public static class OrderCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void send(I_Result r) {
            for (int i = 1; i <= 6; i++) {
                Calls.send(ch, i);
            }
        }

        /** One side. */
        @Actor
        public void receive(I_Result r) {
            int all = 0;
            for (int i = 1; i <= 6; i++) {
                all = 10 * all + (int) Calls.receive(ch);
            }
            r.r1 = all;
        }
    }

    /** A receiver that comes to wait does not miss the value. */
    @JCStressTest
    @Outcome(id = "sent, 1", expect = Expect.ACCEPTABLE, desc = "received")
    @State
    public static class ReceiverCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = Calls.send(ch, 1);
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r2 = Calls.receive(ch);
        }
    }

    /** A sender that comes to wait does not miss the room. */
    @JCStressTest
    @Outcome(id = "sent, 1, 2", expect = Expect.ACCEPTABLE, desc = "sent")
    @State
    public static class SenderCapacityTwo {
        private final Chan<Integer> ch = Calls.filled(2, 1, 2);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r1 = Calls.send(ch, 3);
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r2 = Calls.receive(ch);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** Values come in the order in which they were sent, through a ring that goes round more than once. */
    @JCStressTest
    @Outcome(id = "123456", expect = Expect.ACCEPTABLE, desc = "in order")
    @State
    public static class OrderCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void send(I_Result r) {
            for (int i = 1; i <= 6; i++) {
                Calls.send(ch, i);
            }
        }

        /** One side. */
        @Actor
        public void receive(I_Result r) {
            int all = 0;
            for (int i = 1; i <= 6; i++) {
                all = 10 * all + (int) Calls.receive(ch);
            }
            r.r1 = all;
        }
    }

    /** Of two senders one has the room. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "false, true, 2", expect = Expect.ACCEPTABLE, desc = "the second")
    @State
    public static class TwoSendersCapacityOne {
        private final Chan<Integer> ch = Chan.make(1);

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            r.r1 = ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            r.r2 = ch.trySend(2);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** Two senders have room, and neither writes over the other. */
    @JCStressTest
    @Outcome(id = "true, true, 1, 2", expect = Expect.ACCEPTABLE, desc = "the first was first")
    @Outcome(id = "true, true, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second was first")
    @State
    public static class TwoSendersCapacityTwo {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void one(LLLL_Result r) {
            r.r1 = ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void other(LLLL_Result r) {
            r.r2 = ch.trySend(2);
        }

        /** What is left. */
        @Arbiter
        public void after(LLLL_Result r) {
            r.r3 = ch.tryReceive();
            r.r4 = ch.tryReceive();
        }
    }

    /** Of two receivers one has the value. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "null, 1", expect = Expect.ACCEPTABLE, desc = "the second")
    @State
    public static class TwoReceiversCapacityOne {
        private final Chan<Integer> ch = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** Two receivers have a value each. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the first was first")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the second was first")
    @State
    public static class TwoReceiversCapacityTwo {
        private final Chan<Integer> ch = Calls.filled(2, 1, 2);

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** A trySend does not fail because a receiver is at work at the other end, and the other way round. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "neither failed")
    @State
    public static class Spurious {
        private final Chan<Integer> ch = Calls.filled(2, 1);

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = ch.trySend(2);
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r2 = ch.tryReceive();
        }
    }

    /** The size is between none and the capacity while values come and go. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "before the send")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "after it")
    @State
    public static class Size {
        private final Chan<Integer> ch = Chan.make(2);

        /** One side. */
        @Actor
        public void size(L_Result r) {
            r.r1 = ch.size();
        }

        /** One side. */
        @Actor
        public void sendAndReceive(L_Result r) {
            ch.trySend(1);
            ch.tryReceive();
            ch.trySend(2);
        }
    }

    /** Room that becomes free belongs to the sender that waits, not to one that comes by. */
    @JCStressTest
    @Outcome(id = "1, false", expect = Expect.ACCEPTABLE, desc = "one waited")
    @Outcome(id = "1, unknown", expect = Expect.ACCEPTABLE, desc = "it may not have waited yet")
    @State
    public static class BargingSender {
        private final Chan<Integer> ch = Calls.filled(2, 1, 2);
        private final Thread waiting = Thread.startVirtualThread(() -> Calls.send(ch, 3));

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            boolean waits = LockSupport.getBlocker(waiting) == ch;
            boolean sent = ch.trySend(4);
            r.r2 = waits ? sent : "unknown";
        }

        /** Lets who waits end. */
        @Arbiter
        public void after(LL_Result r) {
            ch.close();
            Calls.join(waiting);
        }
    }

    /** A value that comes belongs to the receiver that waits, not to one that comes by. */
    @JCStressTest
    @Outcome(id = "true, null", expect = Expect.ACCEPTABLE, desc = "one waited")
    @Outcome(id = "true, unknown", expect = Expect.ACCEPTABLE, desc = "it may not have waited yet")
    @State
    public static class BargingReceiver {
        private final Chan<Integer> ch = Chan.make(2);
        private final Thread waiting = Thread.startVirtualThread(() -> Calls.receive(ch));

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            r.r1 = ch.trySend(1);
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            boolean waits = LockSupport.getBlocker(waiting) == ch;
            Integer received = ch.tryReceive();
            r.r2 = waits ? received : "unknown";
        }

        /** Lets who waits end. */
        @Arbiter
        public void after(LL_Result r) {
            ch.close();
            Calls.join(waiting);
        }
    }

    /**
     * Two who each send to one channel, and then try the other one: at least one of them is the later one, and finds a
     * value.
     */
    @JCStressTest
    @Outcome(id = {"null, 1", "1, null", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
    @State
    public static class ValuesCapacityOne {
        private final Chan<Integer> a = Chan.make(1);
        private final Chan<Integer> b = Chan.make(1);

        /** One side. */
        @Actor
        public void sendToA(LL_Result r) {
            a.trySend(1);
            r.r1 = b.tryReceive();
        }

        /** The other one. */
        @Actor
        public void sendToB(LL_Result r) {
            b.trySend(1);
            r.r2 = a.tryReceive();
        }
    }

    /** The same with room: of two who each receive, one finds it. */
    @JCStressTest
    @Outcome(id = {"false, true", "true, false", "true, true"}, expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @State
    public static class RoomCapacityOne {
        private final Chan<Integer> a = Calls.filled(1, 1);
        private final Chan<Integer> b = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void receiveFromA(LL_Result r) {
            a.tryReceive();
            r.r1 = b.trySend(2);
        }

        /** The other one. */
        @Actor
        public void receiveFromB(LL_Result r) {
            b.tryReceive();
            r.r2 = a.trySend(2);
        }
    }

    /** Two who each send to one channel, and then try the other one, through a ring. */
    @JCStressTest
    @Outcome(id = {"null, 1", "1, null", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
    @State
    public static class ValuesCapacityTwo {
        private final Chan<Integer> a = Chan.make(2);
        private final Chan<Integer> b = Chan.make(2);

        /** One side. */
        @Actor
        public void sendToA(LL_Result r) {
            a.trySend(1);
            r.r1 = b.tryReceive();
        }

        /** The other one. */
        @Actor
        public void sendToB(LL_Result r) {
            b.trySend(1);
            r.r2 = a.tryReceive();
        }
    }

    /** The same with room, through a ring. */
    @JCStressTest
    @Outcome(id = {"false, true", "true, false", "true, true"}, expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @State
    public static class RoomCapacityTwo {
        private final Chan<Integer> a = Calls.filled(2, 1, 2);
        private final Chan<Integer> b = Calls.filled(2, 1, 2);

        /** One side. */
        @Actor
        public void receiveFromA(LL_Result r) {
            a.tryReceive();
            r.r1 = b.trySend(2);
        }

        /** The other one. */
        @Actor
        public void receiveFromB(LL_Result r) {
            b.tryReceive();
            r.r2 = a.trySend(2);
        }
    }

    /** Through a ring, and through a slot that is looked at without its lock. */
    @JCStressTest
    @Outcome(id = {"null, 1", "1, null", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
    @State
    public static class ValuesCapacityTwoAndOne {
        private final Chan<Integer> a = Chan.make(2);
        private final Chan<Integer> b = Chan.make(1);

        /** One side. */
        @Actor
        public void sendToA(LL_Result r) {
            a.trySend(1);
            r.r1 = b.tryReceive();
        }

        /** The other one. */
        @Actor
        public void sendToB(LL_Result r) {
            b.trySend(1);
            r.r2 = a.tryReceive();
        }
    }

    /** The same with room. */
    @JCStressTest
    @Outcome(id = {"false, true", "true, false", "true, true"}, expect = Expect.ACCEPTABLE,
            desc = "one after the other")
    @State
    public static class RoomCapacityTwoAndOne {
        private final Chan<Integer> a = Calls.filled(2, 1, 2);
        private final Chan<Integer> b = Calls.filled(1, 1);

        /** One side. */
        @Actor
        public void receiveFromA(LL_Result r) {
            a.tryReceive();
            r.r1 = b.trySend(2);
        }

        /** The other one. */
        @Actor
        public void receiveFromB(LL_Result r) {
            b.tryReceive();
            r.r2 = a.trySend(2);
        }
    }

    /** One sends, and then looks whether a channel is closed; the other one closes that, and then tries to receive. */
    @JCStressTest
    @Outcome(id = {"false, 1", "true, 1", "true, null"}, expect = Expect.ACCEPTABLE, desc = "one after the other")
    @State
    public static class ValueAndClose {
        private final Chan<Integer> a = Chan.make(2);
        private final Chan<Integer> quit = Chan.make();

        /** One side. */
        @Actor
        public void send(LL_Result r) {
            a.trySend(1);
            r.r1 = quit.isDrained();
        }

        /** The other one. */
        @Actor
        public void close(LL_Result r) {
            quit.close();
            r.r2 = a.tryReceive();
        }
    }
}
