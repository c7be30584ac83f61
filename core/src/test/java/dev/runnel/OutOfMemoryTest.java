package dev.runnel;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory comes to its end at any point of an operation: the channel stays usable, and no value is lost. */
class OutOfMemoryTest {

    /** With one carrier nobody spins, and each wait takes memory. */
    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anyOperation_outOfMemory_losesNothing() throws Exception {
        TestProcess.assertPrints(OutOfMemoryProgram.PASSED, OutOfMemoryProgram.class, List.of("-Xmx8m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djdk.virtualThreadScheduler.parallelism=1"));
    }
}
