package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Counts the alarms that a test has set, and that none of them is left when it has ended. */
final class Alarms implements BeforeEachCallback, AfterEachCallback {

    /** How many there are of others. */
    private int ofOthers;

    @Override
    public void beforeEach(ExtensionContext context) {
        ofOthers = Deadlines.ALL.size();
    }

    /** How many are set by this test. */
    int set() {
        return Deadlines.ALL.size() - ofOthers;
    }

    /** Keeps the thread of the deadlines until the latch is open, so that no alarm goes off by itself. */
    static void keepBusy(CountDownLatch held) {
        Alarm stalls = new Alarm() {
            @Override
            void ring() {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        stalls.set(Clock.nanoTime());
        Await.until(() -> stalls.position == Alarm.UNSET, () -> "the thread of the deadlines to be kept");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            assertEquals(0, set(), "alarms left");
        }
    }
}
