package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule: no duration is too long, too short or too fine to be waited for. */
class ClockTest {

    @Test
    void nanos_areExact() {
        for (Duration duration : new Duration[] {Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(3, 7),
            Duration.ofDays(50_000).plusNanos(1)}) {
            assertEquals(duration.toNanos(), Clock.nanos(duration));
        }
    }

    @Test
    void nanos_negative_isZero() {
        for (Duration duration : new Duration[] {Duration.ofNanos(-1), Duration.ofSeconds(-1),
            Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertEquals(0, Clock.nanos(duration));
        }
    }

    /** Else deadlines could not be compared by subtraction. */
    @Test
    void nanos_huge_isTheLongest() {
        for (Duration duration : new Duration[] {Duration.ofDays(54_000), Duration.ofNanos(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)}) {
            assertEquals(Clock.LONGEST, Clock.nanos(duration));
        }
    }
}
