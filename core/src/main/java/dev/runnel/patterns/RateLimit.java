package dev.runnel.patterns;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.Go;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Permits at a rate: so many in so much time, for what must not be done more often, such as requests to a service.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="rate-limit"}
 *
 * <p>It is a token bucket: it is full at the beginning, each permit takes a token out, and tokens come back one by one,
 * evenly over the time, while it is not full. So after a rest all permits may be had at once, and in a time {@code t}
 * never more than {@code permits + t * permits / per}.
 *
 * <p>Who waits is served in the order in which they came; nobody, {@link #tryAcquire()} neither, takes a permit while
 * somebody waits. Who gives up, because of an interruption or a context, has taken none, and does not keep those behind
 * from theirs.
 *
 * <p>Any thread may use it. It has no thread of its own, holds on to nobody who does not wait, and needs no closing.
 * Go: {@code golang.org/x/time/rate}.
 */
public final class RateLimit {
    // - state goes from one immutable value to the next by a compare-and-set: the linearization point of a permit that
    //   is taken, of one that is refused (its read), and of the decision to wait. Times in it do not go back.
    // - waiting counts those who have decided to wait and have not got their permit or given up; while it is not 0,
    //   only the one whose turn it is takes a permit.
    // - turn is a lock that is fair, as the channel is: who has sent the one value there is room for has the turn,
    //   sleeps until there is a token, takes it and receives the value, whereby the next one's send happens. The others
    //   sleep in the channel; so a permit wakes one goroutine, and who gives up leaves nothing behind.

    private final int permits;
    private final Duration per;

    /** How long it takes a token to come, in nanoseconds. */
    private final double interval;

    private final AtomicReference<State> state;
    private final Chan<Boolean> turn = Chan.make(1);

    /**
     * What is in the bucket.
     *
     * @param tokens how many tokens there were at a time, and a fraction of one
     * @param nanoTime that time
     * @param waiting how many wait
     */
    private record State(double tokens, long nanoTime, int waiting) {}

    private RateLimit(int permits, Duration per) {
        this.permits = permits;
        this.per = per;
        this.interval = (per.getSeconds() * 1e9 + per.getNano()) / permits;
        this.state = new AtomicReference<>(new State(permits, System.nanoTime(), 0));
    }

    /**
     * Makes a limit of so many permits in so much time. All of them can be had at once, after that they come evenly.
     *
     * @param permits how many, at least 1
     * @param per in which time, not null, more than zero
     * @return a new limit
     * @throws NullPointerException if the time is null
     * @throws IllegalArgumentException if there is to be less than 1 permit, or the time is not more than zero
     */
    public static RateLimit of(int permits, Duration per) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits " + permits + ": give 1 or more, or there would never be one");
        }
        if (!Objects.requireNonNull(per, "the time is null").isPositive()) {
            throw new IllegalArgumentException("time " + per + ": give the time in which there are " + permits
                    + " permits, more than zero");
        }
        return new RateLimit(permits, per);
    }

    /**
     * Takes a permit, waiting until there is one.
     *
     * <p><b>Blocks</b> while there is none, or while others wait who came before. If the deadline of the context is so
     * near that there would be none by then, all of those others taking theirs, it throws at once and does not wait.
     *
     * <p><b>Interruption</b> and then the context are looked at on entry, even if there is a permit, and while waiting.
     * If the method throws, no permit was taken.
     *
     * <p>Go: {@code err := limiter.Wait(ctx)}.
     *
     * @param context until when to wait, not null
     * @throws NullPointerException if the context is null
     * @throws dev.runnel.ContextException if the context is done, on entry or while the method waits, as {@link
     *     Context#check()} throws it; or its deadline is too near, with a {@link TimeoutException} as the cause
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     */
    public void await(Context context) throws InterruptedException {
        Objects.requireNonNull(context, "the context is null");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        context.check();
        if (takeOrQueue(context)) {
            return;
        }
        boolean taken = false;
        try {
            turn.send(true, context);
            try {
                taken = takeInTurn(context);
            } finally {
                turn.tryReceive();
            }
        } finally {
            if (!taken) {
                state.updateAndGet(now -> new State(now.tokens, now.nanoTime, now.waiting - 1));
            }
        }
    }

    /**
     * Takes a token if nobody waits, or else is counted as one who waits and gives false; in one step.
     *
     * @throws ContextException if its token would come after the deadline
     */
    private boolean takeOrQueue(Context context) {
        for (;;) {
            State seen = state.get();
            State now = atPresent(seen);
            boolean take = now.waiting == 0 && now.tokens >= 1;
            if (!take) {
                checkDeadline(context, (now.waiting + 1 - now.tokens) * interval);
            }
            State next = take
                    ? new State(now.tokens - 1, now.nanoTime, 0)
                    : new State(now.tokens, now.nanoTime, now.waiting + 1);
            if (state.compareAndSet(seen, next)) {
                return take;
            }
        }
    }

    /** Throws what the context would at its deadline, if that comes before a wait of so many nanoseconds is over. */
    private static void checkDeadline(Context context, double wait) {
        Instant deadline = context.deadline();
        Duration needed = Duration.ofNanos((long) wait);
        if (deadline != null && Duration.between(Instant.now(), deadline).compareTo(needed) < 0) {
            try (CancelContext over = context.withTimeout(Duration.ZERO,
                    new TimeoutException("the permit would come in " + needed + ", after the deadline"))) {
                over.check();
            }
        }
    }

    /** Waits for a token, takes it and is not counted any more; by the one whose turn it is. */
    private boolean takeInTurn(Context context) throws InterruptedException {
        for (;;) {
            State seen = state.get();
            State now = atPresent(seen);
            if (now.tokens < 1) {
                Go.sleep(Duration.ofNanos((long) Math.ceil((1 - now.tokens) * interval)), context);
            } else if (state.compareAndSet(seen, new State(now.tokens - 1, now.nanoTime, now.waiting - 1))) {
                return true;
            }
        }
    }

    /**
     * Takes a permit if that needs no waiting. It fails only if at some instant during the call there was none, or
     * somebody was waiting for one.
     *
     * <p>It does not block and does not look at the interrupt status. Go: {@code limiter.Allow()}.
     *
     * @return whether it was taken
     */
    public boolean tryAcquire() {
        for (;;) {
            State seen = state.get();
            State now = atPresent(seen);
            if (now.waiting > 0 || now.tokens < 1) {
                return false;
            }
            if (state.compareAndSet(seen, new State(now.tokens - 1, now.nanoTime, 0))) {
                return true;
            }
        }
    }

    /** What has become of the bucket. */
    private State atPresent(State then) {
        long nanoTime = System.nanoTime();
        long elapsed = Math.max(0, nanoTime - then.nanoTime); // another thread may have looked at the clock later
        return new State(Math.min(permits, then.tokens + elapsed / interval), then.nanoTime + elapsed, then.waiting);
    }

    /** Names the rate, and how many wait. */
    @Override
    public String toString() {
        return "RateLimit[permits=" + permits + ", per=" + per + ", waiting=" + state.get().waiting + "]";
    }
}
