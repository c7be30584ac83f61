package dev.runnel.correctness.races;

import dev.runnel.Buffer;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Buffers that drop or grow, and many values at once, against receivers, other senders and a close. */
public final class BufferRaces {

    /** What is in the buffer, a digit each. */
    private static int drained(Chan<Integer> ch) {
        int digits = 0;
        for (int value : ch.drain(9)) {
            digits = 10 * digits + value;
        }
        return digits;
    }

    /** Sends three values; says how many were sent. */
    private static Object sendThree(Chan<Integer> ch) {
        try {
            ch.sendAll(List.of(1, 2, 3));
            return 3;
        } catch (ChanClosedException e) {
            return e.getMessage().replaceAll(".*\\((\\d) of.*", "$1");
        } catch (InterruptedException e) {
            return Calls.INTERRUPTED;
        }
    }

    private BufferRaces() {}

    /** A value is received, dropped, or left; the oldest one is not left. */
    @JCStressTest
    @Outcome(id = "1, null, 2", expect = Expect.ACCEPTABLE, desc = "received in time")
    @Outcome(id = "2, 1, null", expect = Expect.ACCEPTABLE, desc = "dropped")
    @State
    public static class DropOldest {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.dropOldest(1, dropped::set));
        private final boolean filled = ch.trySend(1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            ch.trySend(2);
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A value is received, dropped, or left; the oldest one is not dropped. */
    @JCStressTest
    @Outcome(id = "1, null, 2", expect = Expect.ACCEPTABLE, desc = "received in time")
    @Outcome(id = "1, 2, null", expect = Expect.ACCEPTABLE, desc = "dropped")
    @State
    public static class DropNewest {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.dropNewest(1, dropped::set));
        private final boolean filled = ch.trySend(1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            ch.trySend(2);
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** Of two values that are sent one drops the other, and it is its sender who tells. */
    @JCStressTest
    @Outcome(id = "null, 1, 2", expect = Expect.ACCEPTABLE, desc = "the second stays")
    @Outcome(id = "2, null, 1", expect = Expect.ACCEPTABLE, desc = "the first stays")
    @State
    public static class DropOldestTwoSenders {
        private final ThreadLocal<Integer> told = new ThreadLocal<>();
        private final Chan<Integer> ch = Chan.make(Buffer.conflating(told::set));

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            ch.trySend(1);
            r.r1 = told.get();
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            ch.trySend(2);
            r.r2 = told.get();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A send that a close comes before drops nothing. */
    @JCStressTest
    @Outcome(id = "true, 1, 2", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null, 1", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class DropOldestClose {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.dropOldest(1, dropped::set));
        private final boolean filled = ch.trySend(1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r1 = Calls.trySend(ch, 2);
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void close(LLL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A send that a close comes before drops nothing, its own value neither. */
    @JCStressTest
    @Outcome(id = "true, 2, 1", expect = Expect.ACCEPTABLE, desc = "before")
    @Outcome(id = "closed, null, 1", expect = Expect.ACCEPTABLE, desc = "after")
    @State
    public static class DropNewestClose {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.dropNewest(1, dropped::set));
        private final boolean filled = ch.trySend(1);

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            r.r1 = Calls.trySend(ch, 2);
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void close(LLL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** Who waits gets a value, and what it does not get was replaced or is left. */
    @JCStressTest
    @Outcome(id = "1, null, 2", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "2, 1, null", expect = Expect.ACCEPTABLE, desc = "the second")
    @State
    public static class Conflating {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.conflating(dropped::set));

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            ch.trySend(1);
            ch.trySend(2);
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r1 = Calls.receive(ch);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A select that sends drops, in the same way. */
    @JCStressTest
    @Outcome(id = "1, null, 2", expect = Expect.ACCEPTABLE, desc = "received in time")
    @Outcome(id = "2, 1, null", expect = Expect.ACCEPTABLE, desc = "dropped")
    @State
    public static class SelectSends {
        private final AtomicReference<Object> dropped = new AtomicReference<>();
        private final Chan<Integer> ch = Chan.make(Buffer.dropOldest(1, dropped::set));
        private final boolean filled = ch.trySend(1);
        private final Chan<Integer> other = Chan.make();

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            Calls.select(ch.onSend(2), other.onReceive());
            r.r2 = dropped.get();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r1 = ch.tryReceive();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = ch.tryReceive();
        }
    }

    /** A buffer that grows keeps the order, and all that was sent before the close. */
    @JCStressTest
    @Outcome(id = "1, 2, null", expect = Expect.ACCEPTABLE, desc = "in order")
    @State
    public static class Unbounded {
        private final Chan<Integer> ch = Chan.make(Buffer.unbounded());

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            ch.trySend(1);
            ch.trySend(2);
            ch.close();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            r.r1 = Calls.receive(ch);
            r.r2 = Calls.receive(ch);
            r.r3 = Calls.receive(ch);
        }
    }

    /** Of many values those at the beginning were sent before the close, and the exception says how many. */
    @JCStressTest
    @Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "all")
    @Outcome(id = {"0, 0", "1, 1", "2, 2"}, expect = Expect.ACCEPTABLE, desc = "some")
    @State
    public static class SendAllAndClose {
        private final Chan<Integer> ch = Chan.make(3);

        /** One side. */
        @Actor
        public void sendAll(LL_Result r) {
            r.r1 = sendThree(ch);
        }

        /** One side. */
        @Actor
        public void close(LL_Result r) {
            ch.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = ch.drain(9).size();
        }
    }

    /** Many values at once are received in their order, each once. */
    @JCStressTest
    @Outcome(id = {"0, 123", "1, 23", "12, 3", "123, 0"}, expect = Expect.ACCEPTABLE, desc = "in order")
    @State
    public static class SendAllAndDrain {
        private final Chan<Integer> ch = Chan.make(3);

        /** One side. */
        @Actor
        public void sendAll(LL_Result r) {
            sendThree(ch);
        }

        /** One side. */
        @Actor
        public void drain(LL_Result r) {
            r.r1 = drained(ch);
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = drained(ch);
        }
    }
}
