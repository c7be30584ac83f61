package dev.runnel.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: a pause is drawn between half of its length and the whole, and that doubles up to 1024 times the first. */
class RetryPauseTest {

    private static final int DRAWS = 1_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 11, 12, 1_000_000})
    void pause_isBetweenHalfAndTheWhole(int n) {
        long first = 1_000;
        long whole = first << Math.min(n - 1, 10);
        var drawn = IntStream.range(0, DRAWS)
                .mapToLong(i -> Retry.pause(Duration.ofNanos(first), n).toNanos())
                .summaryStatistics();
        assertTrue(drawn.getMin() >= whole / 2 && drawn.getMax() <= whole, () -> drawn + " of " + whole);
        assertTrue(drawn.getMin() < whole * 5 / 8 && drawn.getMax() > whole * 7 / 8, () -> "not spread: " + drawn);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 100})
    void pause_none_staysNone(int n) {
        assertEquals(Duration.ZERO, Retry.pause(Duration.ZERO, n));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 100})
    void pause_ofYears_doesNotOverflow(int n) {
        Duration pause = Retry.pause(Duration.ofDays(1_000_000), n);
        assertTrue(pause.compareTo(Duration.ofDays(50)) > 0 && pause.compareTo(Duration.ofDays(366 * 300)) < 0,
                pause::toString);
    }
}
