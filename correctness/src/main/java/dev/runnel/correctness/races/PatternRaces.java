package dev.runnel.correctness.races;

import static dev.runnel.correctness.races.Lingering.SOON;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.Producers;
import dev.runnel.patterns.Broadcast;
import dev.runnel.patterns.RateLimit;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Producers, and the patterns: a rate limit, a broadcast. */
public final class PatternRaces {

    /** Waits for a permit: null; or done. */
    private static String await(RateLimit limit, Context context) {
        try {
            limit.await(context);
            return null;
        } catch (ContextException e) {
            return Calls.DONE;
        } catch (InterruptedException e) {
            return Calls.INTERRUPTED;
        }
    }

    private PatternRaces() {}

    /** The end of the block and that of a task: the last one closes the channel, after all values. */
    @JCStressTest
    @Outcome(id = "1, null", expect = Expect.ACCEPTABLE, desc = "closed")
    @State
    public static class ProducersEnd {
        private final Chan<Integer> ch = Chan.make(2);
        private final Producers producers = Producers.of(ch);
        private final Thread task = producers.go(() -> ch.send(1));

        /** One side. */
        @Actor
        public void end(LL_Result r) {
            producers.close();
        }

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            r.r1 = Calls.receive(ch);
            r.r2 = Calls.receive(ch);
        }
    }

    /** A task that is given at the end is one of the producers, or refused. */
    @JCStressTest
    @Outcome(id = "true, 1, null", expect = Expect.ACCEPTABLE, desc = "in time")
    @Outcome(id = "false, null, null", expect = Expect.ACCEPTABLE, desc = "too late")
    @State
    public static class ProducersGo {
        private final Chan<Integer> ch = Chan.make(2);
        private final Producers producers = Producers.of(ch);

        /** One side. */
        @Actor
        public void end(LLL_Result r) {
            producers.close();
        }

        /** One side. */
        @Actor
        public void go(LLL_Result r) {
            try {
                producers.go(() -> ch.send(1));
                r.r1 = true;
            } catch (IllegalStateException e) {
                r.r1 = false;
            }
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r2 = Calls.receive(ch);
            r.r3 = Calls.receive(ch);
        }
    }

    /** Of two failures one is the cause of the close, and has the other in it. */
    @JCStressTest
    @Outcome(id = {"A, B", "B, A"}, expect = Expect.ACCEPTABLE, desc = "both")
    @State
    public static class ProducersFailures {
        private final Chan<Integer> ch = Chan.make(2);
        private final Producers producers = Producers.of(ch);

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            producers.go(() -> {
                throw new Exception("A");
            });
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            producers.go(() -> {
                throw new Exception("B");
            });
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            producers.close();
            try {
                ch.receive();
            } catch (ChanClosedException e) {
                r.r1 = e.getCause().getMessage();
                r.r2 = e.getCause().getSuppressed()[0].getMessage();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A permit is taken once. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "by the first")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "by the second")
    @State
    public static class RateLimitTry {
        private final RateLimit limit = RateLimit.of(1, Duration.ofHours(1));

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            r.r1 = limit.tryAcquire();
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = limit.tryAcquire();
        }
    }

    /** Two that wait for permits get one each, and nobody is left waiting. */
    @JCStressTest
    @Outcome(id = "null, null, true", expect = Expect.ACCEPTABLE, desc = "both")
    @State
    public static class RateLimitAwait {
        private final RateLimit limit = RateLimit.of(1, SOON);

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            r.r1 = await(limit, Context.background());
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            r.r2 = await(limit, Context.background());
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = limit.toString().endsWith("waiting=0]");
        }
    }

    /** Who gives up because of its context has taken nothing, and does not wait any more. */
    @JCStressTest
    @Outcome(id = "done, true", expect = Expect.ACCEPTABLE, desc = "gave up")
    @State
    public static class RateLimitCancel {
        private final RateLimit limit = RateLimit.of(1, Duration.ofHours(1));
        private final boolean taken = limit.tryAcquire();
        private final CancelContext ctx = Context.background().withCancel();

        /** One side. */
        @Actor
        public void wait(LL_Result r) {
            r.r1 = await(limit, ctx);
        }

        /** One side. */
        @Actor
        public void cancel(LL_Result r) {
            ctx.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LL_Result r) {
            r.r2 = taken && limit.toString().endsWith("waiting=0]");
        }
    }

    /** A subscription that comes as the source ends is ended, too. */
    @JCStressTest
    @Outcome(id = "null", expect = Expect.ACCEPTABLE, desc = "ended")
    @State
    public static class BroadcastSubscribe {
        private final Chan<Integer> source = Chan.make();
        private final Broadcast<Integer> broadcast = Broadcast.of(Context.background(), source);

        /** One side. */
        @Actor
        public void subscribe(L_Result r) {
            r.r1 = Calls.receive(broadcast.subscribe(1).channel());
        }

        /** One side. */
        @Actor
        public void end(L_Result r) {
            source.close();
        }
    }

    /** A subscription that is closed as a value comes has the value or not, and is ended; the others have it. */
    @JCStressTest
    @Outcome(id = {"1, null, 1", "null, null, 1"}, expect = Expect.ACCEPTABLE, desc = "ended")
    @State
    public static class BroadcastClose {
        private final Chan<Integer> source = Chan.make();
        private final Broadcast<Integer> broadcast = Broadcast.of(Context.background(), source);
        private final Broadcast.Subscription<Integer> subscription = broadcast.subscribe(1);
        private final Broadcast.Subscription<Integer> other = broadcast.subscribe(1);

        /** One side. */
        @Actor
        public void close(LLL_Result r) {
            subscription.close();
        }

        /** One side. */
        @Actor
        public void send(LLL_Result r) {
            Calls.send(source, 1);
            source.close();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r1 = Calls.receive(subscription.channel());
            r.r2 = Calls.receive(subscription.channel());
            r.r3 = Calls.receive(other.channel());
        }
    }
}
