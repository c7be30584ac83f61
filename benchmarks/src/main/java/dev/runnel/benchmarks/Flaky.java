package dev.runnel.benchmarks;

import java.util.concurrent.Callable;

/** A task that gives the elements in turn, and fails some times before each. */
public final class Flaky implements Callable<Integer> {

    /** Has no stack trace: what that costs is not the doing of who tries again. */
    private static final class Failure extends Exception {

        private static final long serialVersionUID = 1;

        Failure() {
            super("not yet", null, true, false);
        }
    }

    private final int failures;
    private int failed;
    private int succeeded;

    /** A task that fails so often before each element. */
    public Flaky(int failures) {
        this.failures = failures;
    }

    @Override
    public Integer call() throws Exception {
        if (failed < failures) {
            failed++;
            throw new Failure();
        }
        failed = 0;
        return Elements.get(succeeded++);
    }
}
