package dev.runnel;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A goroutine that waits inside of {@code synchronized} keeps its carrier up to JDK 23, so that others cannot run on
 * it; from 24 on it does not.
 */
class SynchronizedTest {

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void receiveInsideSynchronized_keepsTheCarrierUpToJdk23() throws Exception {
        String expected = Runtime.version().feature() < 24
                ? SynchronizedProgram.CARRIER_IS_KEPT
                : SynchronizedProgram.OTHERS_RUN;
        TestProcess.assertPrints(expected, SynchronizedProgram.class,
                List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"),
                expected);
    }
}
