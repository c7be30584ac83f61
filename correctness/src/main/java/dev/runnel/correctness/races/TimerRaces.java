package dev.runnel.correctness.races;

import static dev.runnel.correctness.races.Lingering.SOON;
import static dev.runnel.correctness.races.Lingering.linger;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Go;
import dev.runnel.ReceiveChan;
import dev.runnel.Ticker;
import dev.runnel.Timer;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Timers and tickers, their stop and reset against their time and their receivers; Go's rules since 1.23. */
public final class TimerRaces {

    /** Receives a value, unless a channel is closed first: which of them it was. */
    private static String receivedFrom(ReceiveChan<Instant> chan, Chan<Instant> quit) {
        try {
            Case<Instant> value = chan.onReceive();
            return Go.select(value, quit.onReceive()) == value ? "value" : "quit";
        } catch (InterruptedException e) {
            return Calls.INTERRUPTED;
        }
    }

    private TimerRaces() {}

    /** A value comes to who waits, or stop says that none will. */
    @JCStressTest
    @Outcome(id = "value, false", expect = Expect.ACCEPTABLE, desc = "came first")
    @Outcome(id = "quit, true", expect = Expect.ACCEPTABLE, desc = "stopped")
    @State
    public static class Stop {
        private final Timer timer = Timer.start(Duration.ofHours(1));
        private final Chan<Instant> quit = Chan.make();
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            timer.reset(SOON);
            begun = true;
            r.r1 = receivedFrom(timer.channel(), quit);
        }

        /** One side. */
        @Actor
        public void stop(LL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = timer.stop();
            quit.close();
        }
    }

    /** The same if nobody waits: what was due and not received does not come after the stop. */
    @JCStressTest
    @Outcome(id = "true, false, null", expect = Expect.ACCEPTABLE, desc = "came first")
    @Outcome(id = "false, true, null", expect = Expect.ACCEPTABLE, desc = "stopped")
    @State
    public static class StopUnwaited {
        private final Timer timer = Timer.start(Duration.ofHours(1));
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            timer.reset(SOON);
            begun = true;
            linger();
            r.r1 = timer.channel().tryReceive() != null;
        }

        /** One side. */
        @Actor
        public void stop(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = timer.stop();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = timer.channel().tryReceive();
        }
    }

    /** A value comes to who waits, or reset says that it was in time, and the next value is the one that comes. */
    @JCStressTest
    @Outcome(id = "value, false", expect = Expect.ACCEPTABLE, desc = "came first")
    @Outcome(id = "quit, true", expect = Expect.ACCEPTABLE, desc = "reset")
    @State
    public static class Reset {
        private final Timer timer = Timer.start(Duration.ofHours(1));
        private final Chan<Instant> quit = Chan.make();
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void receive(LL_Result r) {
            timer.reset(SOON);
            begun = true;
            r.r1 = receivedFrom(timer.channel(), quit);
        }

        /** One side. */
        @Actor
        public void reset(LL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r2 = timer.reset(Duration.ofHours(1));
            quit.close();
        }
    }

    /** Each run ends in one value, or was cut short. */
    @JCStressTest
    @Outcome(id = "true, true, none", expect = Expect.ACCEPTABLE, desc = "cut short")
    @Outcome(id = "true, false, value", expect = Expect.ACCEPTABLE, desc = "two runs")
    @State
    public static class ResetToSoon {
        private final Timer timer = Timer.start(Duration.ofHours(1));
        private volatile boolean begun;
        private boolean cut;

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            timer.reset(SOON);
            begun = true;
            r.r1 = Calls.receive(timer.channel()) instanceof Instant;
        }

        /** One side. */
        @Actor
        public void reset(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            cut = timer.reset(SOON);
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r2 = cut;
            if (cut) {
                r.r3 = timer.stop() ? "still running" : "none";
            } else {
                r.r3 = Calls.receive(timer.channel()) instanceof Instant ? "value" : "nothing";
            }
        }
    }

    /** A timer gives one value, to one of those who wait. */
    @JCStressTest
    @Outcome(id = "value, quit", expect = Expect.ACCEPTABLE, desc = "to the first")
    @Outcome(id = "quit, value", expect = Expect.ACCEPTABLE, desc = "to the second")
    @State
    public static class Receivers {
        private final Timer timer = Timer.start(Duration.ofHours(1));
        private final Chan<Instant> quit = Chan.make();

        /** One side. */
        @Actor
        public void one(LL_Result r) {
            timer.reset(SOON);
            r.r1 = receive();
        }

        /** One side. */
        @Actor
        public void other(LL_Result r) {
            r.r2 = receive();
        }

        private String receive() {
            String got = receivedFrom(timer.channel(), quit);
            if (got.equals("value")) {
                quit.close();
            }
            return got;
        }
    }

    /** After stop nobody receives a tick. */
    @JCStressTest
    @Outcome(id = {"true, null, false", "false, null, false"}, expect = Expect.ACCEPTABLE, desc = "none")
    @State
    public static class TickerStop {
        private final Ticker ticker = Ticker.start(Duration.ofHours(1));
        private volatile boolean begun;

        /** One side. */
        @Actor
        public void stop(LLL_Result r) {
            ticker.reset(SOON);
            begun = true;
            linger();
            ticker.stop();
            r.r2 = ticker.channel().tryReceive();
        }

        /** One side. */
        @Actor
        public void receive(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            r.r1 = ticker.channel().tryReceive() != null;
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            linger();
            r.r3 = ticker.channel().tryReceive() != null;
        }
    }

    /** Of two stops one has stopped the task, or it is run; and only one of all. */
    @JCStressTest
    @Outcome(id = {"true, false, 0", "false, true, 0"}, expect = Expect.ACCEPTABLE, desc = "stopped")
    @Outcome(id = "false, false, 1", expect = Expect.ACCEPTABLE, desc = "run")
    @State
    public static class TaskStop {
        private final Counted task = new Counted();
        private final Timer timer = Timer.afterFunc(Duration.ofHours(1), task);
        private volatile boolean begun;
        private boolean first;
        private boolean second;

        /** One side. */
        @Actor
        public void one(LLL_Result r) {
            timer.reset(SOON);
            begun = true;
            linger();
            first = timer.stop();
        }

        /** One side. */
        @Actor
        public void other(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            second = timer.stop();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r1 = first;
            r.r2 = second;
            r.r3 = task.await(first || second ? 0 : 1);
        }
    }

    /** A task is run once for each time it was set, if it was not stopped or set anew. */
    @JCStressTest
    @Outcome(id = "true, true, 0", expect = Expect.ACCEPTABLE, desc = "set anew, and stopped")
    @Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "set anew, or stopped before that")
    @Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "run, set anew and stopped")
    @Outcome(id = "false, false, 2", expect = Expect.ACCEPTABLE, desc = "run twice")
    @State
    public static class TaskReset {
        private final Counted task = new Counted();
        private final Timer timer = Timer.afterFunc(Duration.ofHours(1), task);
        private volatile boolean begun;
        private boolean reset;
        private boolean stopped;

        /** One side. */
        @Actor
        public void reset(LLL_Result r) {
            timer.reset(SOON);
            begun = true;
            linger();
            reset = timer.reset(SOON);
        }

        /** One side. */
        @Actor
        public void stop(LLL_Result r) {
            while (!begun) {
                Thread.onSpinWait();
            }
            linger();
            stopped = timer.stop();
        }

        /** What is left. */
        @Arbiter
        public void after(LLL_Result r) {
            r.r1 = reset;
            r.r2 = stopped;
            r.r3 = task.await(2 - (reset ? 1 : 0) - (stopped ? 1 : 0));
        }
    }
}
