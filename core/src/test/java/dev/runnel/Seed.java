package dev.runnel;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Where a test's random choices begin. A test that fails says which seed it had; {@code -Drunnel.seed} gives it again.
 * What the goroutines do is the same then; how they are scheduled need not be.
 */
final class Seed implements TestExecutionExceptionHandler {

    private static final String PROPERTY = "runnel.seed";

    private long value = Long.getLong(PROPERTY, new SplittableRandom().nextLong());

    long value() {
        return value;
    }

    /** Goes on to the seed of the next round of a test, which can be given as that of the first. */
    void advance() {
        value++;
    }

    /** Random choices of one of several that choose. */
    SplittableRandom random(int which) {
        return new SplittableRandom(value * 1_000_003 + which);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        if (thrown instanceof TestAbortedException) {
            throw thrown;
        }
        throw new AssertionError("with -D" + PROPERTY + "=" + value + ": " + thrown.getMessage(), thrown);
    }
}
