package dev.runnel;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule: a thread of Runnel's own does not keep the JVM from ending, and takes over nothing from who has it started. */
class DaemonsTest {

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void daemons_startedByTheMainThread_letTheProgramEnd() throws Exception {
        TestProcess.assertPrints(DaemonsProgram.PASSED, DaemonsProgram.class, List.of());
    }
}
