package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule: who runs on a JDK that loses wake-ups is told so. */
class JdkBugsTest {

    private final List<LogRecord> logged = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"21, 0", "21.0.9+10, 0", "24.0.2, 0", "25, 1", "25+36, 1", "25.0.2+10, 1", "25.0.3+9, 0", "25.1, 0",
        "26-ea, 1", "26+35, 1", "26.0.1+8, 0", "26.1, 0", "27-ea+12, 0", "28, 0"})
    void warn_tellsOfTheVersionsThatLoseWakeUps(String version, int warnings) {
        Logger logger = Logger.getLogger("dev.runnel");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                logged.add(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            JdkBugs.warn(Runtime.Version.parse(version));
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertEquals(warnings, logged.size());
        for (LogRecord message : logged) {
            assertEquals(Level.WARNING, message.getLevel());
            assertTrue(message.getMessage().startsWith("JDK " + version + " may leave"), message.getMessage());
        }
    }
}
