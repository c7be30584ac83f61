package dev.runnel.patterns;

import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.Go;
import dev.runnel.UncheckedInterruptedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trying again what may fail for a while, such as a request over a network.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="retry"}
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public final class Retry {

    /** How often the pause doubles. */
    private static final int DOUBLINGS = 10;

    /** The longest pause to begin with that can be doubled so often. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE >> DOUBLINGS);

    /** How many failures are kept. */
    private static final int KEPT = 10;

    private Retry() {}

    /**
     * Calls a task until it returns; if it throws an exception, again after a pause, which doubles each time, until it
     * has been called so many times.
     *
     * <p><b>Pauses</b> are drawn at random, between half of their length and the whole, so that those who have failed
     * at the same time do not all come back at the same time. They get no longer than 1024 times the first.
     *
     * <p><b>What is not tried again</b>: after an {@link Error}, an {@link InterruptedException} or an {@link
     * UncheckedInterruptedException}, or once the context is done.
     *
     * <p><b>What comes out</b> is the last failure: that very object, with the ones before it, the last {@value #KEPT}
     * at most, {@linkplain Throwable#addSuppressed suppressed} in it. If the context is done or the thread is
     * interrupted before it could be tried again, that comes out, with the failures suppressed in it.
     *
     * <p><b>Blocks</b> as the task does, and during the pauses. <b>Interruption</b> and the context are looked at in
     * the pauses, and the context on entry; it is for the task to look at them while it runs. In Go this is a loop.
     *
     * @param <T> the type of the result
     * @param context until when to go on, not null
     * @param attempts how often to call the task at most, at least 1
     * @param first how long the first pause is, not null and not negative; zero for no pauses
     * @param task what to call, not null; it may return null
     * @return what the task has returned
     * @throws NullPointerException if the context, the time or the task is null
     * @throws IllegalArgumentException if there is to be less than 1 attempt, or the time is negative
     * @throws ContextException if the context is done, on entry or before another attempt, as {@link Context#check()}
     *     throws it
     * @throws InterruptedException if the thread is interrupted in a pause
     * @throws Exception what the task has thrown in the last attempt
     */
    @SuppressWarnings("InterruptedExceptionSwallowed") // it is thrown again
    public static <T extends @Nullable Object> T retry(Context context, int attempts, Duration first,
            Callable<? extends T> task) throws Exception {
        Objects.requireNonNull(context, "the context is null");
        Objects.requireNonNull(task, "the task is null");
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts " + attempts + ": give 1 or more, the first one counts");
        }
        if (Objects.requireNonNull(first, "the time is null").isNegative()) {
            throw new IllegalArgumentException("time " + first + ": give zero or more");
        }
        Deque<Exception> failures = new ArrayDeque<>();
        try {
            context.check();
            for (int n = 1; n < attempts; n++) {
                try {
                    return task.call();
                } catch (InterruptedException | UncheckedInterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (e instanceof ContextException && context.err() != null) {
                        throw e;
                    }
                    keep(e, failures);
                }
                Go.sleep(pause(first, n), context);
            }
            return task.call();
        } catch (Throwable e) {
            for (Exception failure : failures) {
                if (failure != e) {
                    e.addSuppressed(failure);
                }
            }
            throw e;
        }
    }

    /** A task may throw the same object again and again: that is kept once. */
    private static void keep(Exception failure, Deque<Exception> failures) {
        for (Exception known : failures) {
            if (known == failure) {
                return;
            }
        }
        if (failures.size() == KEPT) {
            failures.removeFirst();
        }
        failures.addLast(failure);
    }

    /** How long to wait after the n-th attempt. */
    static Duration pause(Duration first, int n) {
        long whole = (first.compareTo(LONGEST) < 0 ? first : LONGEST).toNanos() << Math.min(n - 1, DOUBLINGS);
        return Duration.ofNanos(whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }
}
