package dev.runnel;

import java.io.FileDescriptor;
import java.io.SyncFailedException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that goroutines which wake each other without end starve no others.
 *
 * <p>A carrier of the JDK's runs what a goroutine on it has woken, and looks at the outer queues, of those that were
 * started, or woken by a platform thread, only when nobody of these is left. As many pairs as there are carriers, that
 * hand values to and fro, never let that happen: whatever {@code main}, a timer or the network starts or wakes would not
 * run. Go looks at the queue that its processors share each 61st time, and preempts.
 *
 * <p><b>Noticing.</b> While goroutines park, one of them now and then asks for a <b>probe</b>, a virtual thread that the
 * thread of the deadlines starts and that so gets into an outer queue. Nothing more happens as long as it soon runs, and
 * nothing at all in an idle program. That others begin to run tells nothing: there is more than one outer queue, and a
 * carrier goes on with the one that it took the last from until that is empty.
 *
 * <p><b>Making way.</b> Else a goroutine that is about to park makes way for a {@link Moment}: those whom a goroutine would
 * wake are held, and nobody spins, so that the queues of the carriers run empty. The one that makes way does not park but
 * yields, and when the probe has run, or the moment is over, it wakes those who are held. So they come back to where they
 * would have been, at the latest a few turns of the carrier later. It would not do for it to park too: among others who
 * never let their carrier go, but do not come here, as those who yield in a loop, nobody might come back.
 *
 * <p><b>One carrier</b> may make way in vain: it goes on with the queue that it took the last one from, which is where the
 * one who yields goes; who is in another has to be found by another carrier. So the scheduler is asked for one. Around
 * what blocks a carrier, as operations on files do, it temporarily runs one more (JEP 444), which looks at all queues, and
 * sleeps when it finds nothing to do. {@code docs/decisions/0013} has what else was tried.
 *
 * <p><b>Invariant.</b> Whoever is held is woken. The list of a moment ends once, by being closed; who was added before is
 * woken by who closes it, and who comes later is woken by himself. It is closed by the goroutine that makes way; by any
 * other that comes here after the moment, should that one itself have come to wait; and by an alarm, if there is none.
 */
final class Starvation {

    /** How long it takes from one probe to the next, at least, if somebody is known to be in an outer queue. */
    private static final long PERIOD_NANOS = 10_000_000;

    /** How long else: others than Runnel may have put somebody there. */
    private static final long LONG_PERIOD_NANOS = 80_000_000;

    /** After how long a probe that has not run is taken for starved. */
    private static final long LIMIT_NANOS = 5_000_000;

    /** For how long way is made at the most. */
    private static final long MOMENT_NANOS = 500_000;

    /** For how long at the least: the probe may be in the very queue that a carrier looks at, and others not. */
    private static final long LEAST_NANOS = 200_000;

    /** How long after a moment an alarm ends it if nobody else has. */
    private static final long LAST_RESORT_NANOS = 50_000_000;

    /** How often the time until way is made again may double if it was in vain. */
    private static final int MOST_DOUBLINGS = 3;

    /** How many goroutines park for each that looks whether a probe is due, a power of two. */
    private static final int LOOK_EVERY = 64;

    /** Used where there may be no room to load them. */
    private static final Class<?>[] ENSURE_LOADED =
            {Moment.class, Owed.class, OutOfMemoryError.class, StackOverflowError.class,
                RejectedExecutionException.class,
                ThreadLocalRandom.class, FileDescriptor.class, SyncFailedException.class};

    /** Asked for here, lest it be at the end of a stack. */
    private static final boolean ONE_CARRIER = Patience.CARRIERS == 1;

    private static final AtomicReference<Probe> PROBE = new AtomicReference<>(Probe.over());

    /** The moment in which way is made; null if none is. */
    private static final AtomicReference<@Nullable Moment> MOMENT = new AtomicReference<>();

    /**
     * Whether somebody was put into an outer queue since the last probe was asked for: started, or woken by a platform
     * thread. A plain field: a guess.
     */
    private static boolean isOutside;

    private Starvation() {}

    /** Initializes the class, which is better not done at the end of a stack. */
    static void load() {}

    /** Wakes a goroutine; if way is made, soon. */
    static void unpark(Thread thread) {
        if (!isOutside && !Thread.currentThread().isVirtual()) {
            isOutside = true;
        }
        Moment now = MOMENT.get();
        if (now == null || !now.holds(thread)) {
            unparkNow(thread);
        }
    }

    /**
     * Wakes a goroutine. If the JDK's scheduler has no room for it, as memory has run out, it is lost, and nobody can mend
     * that; but whoever was to wake it has done its own work, and others wait for it to go on.
     */
    private static void unparkNow(Thread thread) {
        try {
            LockSupport.unpark(thread);
        } catch (RejectedExecutionException e) {
            // see above
        }
    }

    /** Wakes those in a list. Each leaves it only then, so that an error leaves it to the next one who comes. */
    private static void wakeAll(Queue<Owed> list) {
        for (Owed owed; (owed = list.peek()) != null;) {
            unparkNow(owed.thread);
            list.remove(owed);
        }
    }

    /** Whether way is made, so that nobody should spin. */
    static boolean isMakingWay() {
        return MOMENT.get() != null;
    }

    /** What a goroutine does that is about to park. It may yield for a moment. */
    static void beforeParking() {
        try {
            Moment now = MOMENT.get();
            if (now != null) {
                now.endIfOver();
            } else if ((ThreadLocalRandom.current().nextInt() & LOOK_EVERY - 1) == 0) {
                look(Clock.nanoTime());
            }
        } catch (OutOfMemoryError | StackOverflowError e) {
            // it is others that this is for: it parks all the same
        }
    }

    /** What has to be done before a goroutine is started: it gets into an outer queue. */
    static void starts() {
        if (!isOutside) {
            isOutside = true;
        }
    }

    private static void look(long now) {
        Probe last = PROBE.get();
        if (last.ran) {
            if (now - last.startedAt >= (isOutside ? PERIOD_NANOS : LONG_PERIOD_NANOS)) {
                ask(last, new Probe(now));
            }
        } else if (now - last.tryAt >= 0 && Thread.currentThread().isVirtual()) {
            makeWay(last, now);
        }
    }

    /** Lets one carrier more run, around an operation on a file that is none, and so fails at once. */
    private static void askForCarrier() {
        try {
            new FileDescriptor().sync();
        } catch (SyncFailedException e) {
            // the carrier runs all the same
        }
    }

    /** Asks for the next probe. If that fails, it is as if it had run, and another will be asked for. */
    private static void ask(Probe last, Probe next) {
        boolean asked = false;
        try {
            if (PROBE.compareAndSet(last, next)) {
                isOutside = false;
                next.start.set(next.startedAt);
            }
            asked = true;
        } finally {
            if (!asked) {
                next.ran = true;
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // to yield is the very thing it is for
    private static void makeWay(Probe probe, long now) {
        Moment mine = new Moment(now + MOMENT_NANOS);
        try {
            mine.lastResort.set(now + MOMENT_NANOS + LAST_RESORT_NANOS);
            if (MOMENT.compareAndSet(null, mine)) {
                probe.isTried(now);
                if (ONE_CARRIER) {
                    askForCarrier();
                }
                while (!(probe.ran && Clock.nanoTime() - now >= LEAST_NANOS) && !mine.isOver()) {
                    Thread.yield();
                }
            }
        } finally {
            mine.end();
            mine.lastResort.unset();
        }
    }

    private abstract static class InternalAlarm extends Alarm {
        @Override
        final boolean isInternal() {
            return true;
        }
    }

    /** Somebody who is to be woken. No two are equal, though they may be about one thread. */
    private static final class Owed {

        final Thread thread;

        Owed(Thread thread) {
            this.thread = thread;
        }
    }

    /** A virtual thread that shows by running that others do. */
    private static final class Probe implements Runnable {

        /** How often it lets others run that wait as it does, lest it be by chance the only one that has run. */
        private static final int YIELDS = 4;

        final long startedAt;

        /** How often way was made for it. */
        volatile int tries;

        /** When it is to be made next. */
        volatile long tryAt;

        volatile boolean ran;

        /** Lets the thread of the deadlines start it. */
        final Alarm start = new InternalAlarm() {
            @Override
            void ring() {
                try {
                    Thread.ofVirtual()
                            .name("runnel-probe")
                            .inheritInheritableThreadLocals(false)
                            .start(Probe.this);
                } catch (OutOfMemoryError e) {
                    ran = true; // as good as run: another will be asked for
                } catch (Throwable e) {
                    ran = true;
                    throw e;
                }
            }
        };

        Probe(long startedAt) {
            this.startedAt = startedAt;
            this.tryAt = startedAt + LIMIT_NANOS;
        }

        /** Notes that way is made for it, so that this is not done again too soon. */
        void isTried(long now) {
            int n = Math.min(tries + 1, MOST_DOUBLINGS);
            tries = n;
            tryAt = now + (LIMIT_NANOS << n);
        }

        /** One to begin with. */
        static Probe over() {
            Probe probe = new Probe(Clock.nanoTime());
            probe.ran = true;
            return probe;
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck")
        public void run() {
            try {
                for (int i = 0; i < YIELDS; i++) {
                    Thread.yield();
                }
            } catch (OutOfMemoryError e) {
                // it runs, which is all that it is for, and whose memory it is will be told elsewhere
            } finally {
                ran = true;
            }
        }
    }

    /** A time in which way is made, with those who are held. */
    private static final class Moment {

        private final long until;
        private final Queue<Owed> held = new ConcurrentLinkedQueue<>();
        private volatile boolean closed;

        final Alarm lastResort = new InternalAlarm() {
            @Override
            void ring() {
                end();
            }
        };

        Moment(long until) {
            this.until = until;
        }

        boolean isOver() {
            return Clock.nanoTime() - until >= 0;
        }

        void endIfOver() {
            if (isOver()) {
                end();
            }
        }

        /**
         * Keeps a thread that is to be woken, if it may.
         *
         * @return whether it does; if not, it is for the caller to wake it
         */
        boolean holds(Thread thread) {
            try {
                if (!thread.isVirtual() || !Thread.currentThread().isVirtual()) {
                    return false;
                }
                endIfOver();
                if (closed) {
                    return false;
                }
                held.add(new Owed(thread));
                if (closed) {
                    wakeAll(held);
                }
                return true;
            } catch (OutOfMemoryError | StackOverflowError e) {
                return false;
            }
        }

        /** Ends it, and wakes those who are held. */
        void end() {
            closed = true;
            MOMENT.compareAndSet(this, null);
            wakeAll(held);
        }
    }
}
