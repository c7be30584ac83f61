package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory comes to its end at any point of an operation: the channel stays usable, and no value is lost. */
class OutOfMemoryTest {

    /** With one carrier nobody spins, and each wait takes memory. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anyOperation_outOfMemory_losesNothing() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx8m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Djdk.virtualThreadScheduler.parallelism=1", "-cp",
                place(Chan.class) + File.pathSeparator + place(OutOfMemoryProgram.class),
                OutOfMemoryProgram.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(OutOfMemoryProgram.PASSED, output.strip());
        assertEquals(0, process.waitFor());
    }

    /** Where a class has been loaded from. */
    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
