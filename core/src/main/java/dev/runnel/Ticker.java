package dev.runnel;

import java.time.Duration;
import java.time.Instant;

/**
 * A channel that has a value at regular intervals: Go's {@code time.Ticker}, with the rules of Go 1.23.
 *
 * {@snippet file="dev/runnel/snippets/TimerSnippets.java" region="ticker"}
 *
 * <ul>
 *   <li>Ticks are on the grid of the start and its period. For a slow receiver they are dropped: it gets the one that
 *       waits for it, and then the next of the grid that is yet to come.
 *   <li>The channel is unbuffered, its size is always 0, and it is never closed.
 *   <li>After {@link #stop()} or {@link #reset} nobody receives a tick from before.
 *   <li>A ticker needs no stopping: it is collected when nobody refers to it any more.
 * </ul>
 *
 * <p>Any thread may use a ticker. No method blocks, or looks at the interrupt status. <b>Cost</b>: about a hundred
 * bytes, and nothing while nobody waits at the channel.
 */
public sealed interface Ticker permits TimerChan.OfTicker {

    /**
     * Starts a ticker.
     *
     * <p>Go: {@code time.NewTicker(period)}; and {@code time.Tick(period)} is the channel of a new one.
     *
     * @param period the time from tick to tick and until the first one, not null; more than 146 years count as 146
     * @return a new ticker, running
     * @throws NullPointerException if the period is null
     * @throws IllegalArgumentException if the period is zero or negative
     */
    static Ticker start(Duration period) {
        return new TimerChan.OfTicker(TimerChan.checkPeriod(period));
    }

    /**
     * The channel with the ticks, each being the instant at which it became due, by the system's clock.
     *
     * <p>Go: {@code ticker.C}.
     *
     * @return the channel, always the same one
     */
    ReceiveChan<Instant> channel();

    /**
     * Stops the ticker: once this has returned, no tick is received. The channel is not closed, so that nobody takes
     * the end for a tick.
     *
     * <p>Go: {@code ticker.Stop()}.
     */
    void stop();

    /**
     * Lets the ticker run anew, with another period or the same: the first tick comes one period after this call.
     *
     * <p>Go: {@code ticker.Reset(period)}.
     *
     * @param period the time from tick to tick, not null; more than 146 years count as 146
     * @throws NullPointerException if the period is null; the ticker is left as it was
     * @throws IllegalArgumentException if the period is zero or negative; the ticker is left as it was
     */
    void reset(Duration period);
}
