package dev.runnel;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A single event in the future: Go's {@code time.Timer}, with the rules of Go 1.23. Once its time has come, its channel
 * has one value, the instant at which that was, or a goroutine is started.
 *
 * {@snippet file="dev/runnel/snippets/TimerSnippets.java" region="reset"}
 *
 * <p>For a timeout in a single {@code select}, {@link Go#after(Duration)} is simpler.
 *
 * <ul>
 *   <li>The channel is unbuffered, its size is always 0. A value that has become due waits in it for its receiver.
 *   <li>After {@link #stop()} or {@link #reset} nobody receives a value from before: there is nothing to be drained.
 *   <li>A timer needs no stopping. One that starts no goroutine is collected when nobody refers to it any more, be it
 *       running or not.
 * </ul>
 *
 * <p>Any thread may use a timer. No method blocks, or looks at the interrupt status. <b>Cost</b>: about a hundred
 * bytes; to start, stop or reset one some tens of nanoseconds, and with {@link #afterFunc} or while goroutines wait at
 * the channel the depth of a heap of all that are set.
 */
public sealed interface Timer permits TimerChan.OfTimer, FuncTimer {

    /**
     * Starts a timer that has a value in its channel after a time.
     *
     * <p>Go: {@code time.NewTimer(duration)}; and {@code time.After(duration)} is the channel of a new one.
     *
     * @param duration how long, not null; zero or negative is due at once, more than 146 years count as 146
     * @return a new timer, running
     * @throws NullPointerException if the duration is null
     */
    static Timer start(Duration duration) {
        return new TimerChan.OfTimer(Clock.deadlineAfter(TimerChan.checkDuration(duration)));
    }

    /**
     * Starts a timer that starts a goroutine after a time.
     *
     * <p>What the thread did before this call, or before a later {@link #reset}, happens-before the task that it
     * brings. Go: {@code time.AfterFunc(duration, task)}.
     *
     * @param duration how long, not null; zero or negative is due at once, more than 146 years count as 146
     * @param task what to run, not null, in a goroutine of its own as by {@link Go#go}
     * @return a new timer, running; its channel is {@link Chan#absent()}
     * @throws NullPointerException if the duration or the task is null
     */
    static Timer afterFunc(Duration duration, Task task) {
        long deadline = Clock.deadlineAfter(TimerChan.checkDuration(duration));
        FuncTimer timer = new FuncTimer(Objects.requireNonNull(task, "the task is null"));
        timer.set(deadline);
        return timer;
    }

    /**
     * The channel with the value, which is the instant at which it became due, by the system's clock. It is never
     * closed: who receives from it when the value has been received, or after a stop, waits until a {@link #reset}
     * brings another.
     *
     * <p>Go: {@code timer.C}.
     *
     * @return the channel, always the same one; that of a timer which starts a goroutine is {@link Chan#absent()}
     */
    ReceiveChan<Instant> channel();

    /**
     * Stops the timer. Once this has returned nobody receives a value because of it, and if it is true, nobody starts a
     * goroutine. If it is false, the goroutine has been started, or is just about to be; it is not waited for.
     *
     * <p>It does not block and does not look at the interrupt status.
     *
     * <p>Go: {@code timer.Stop()}.
     *
     * @return whether this call has stopped it; not if its value has been received, its goroutine been started, or it
     *     was stopped before
     */
    boolean stop();

    /**
     * Lets the timer run anew, for a time counted from this call, as if it had been stopped and started. Goroutines
     * that wait at the channel go on waiting, for the new value.
     *
     * <p>Go: {@code timer.Reset(duration)}.
     *
     * @param duration how long, not null; zero or negative is due at once, more than 146 years count as 146
     * @return whether the timer was running, its value not received, its goroutine not started
     * @throws NullPointerException if the duration is null; the timer is left as it was
     */
    boolean reset(Duration duration);
}
