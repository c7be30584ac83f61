package dev.runnel;

/** Lets operations meet the end of their goroutine's stack. */
final class EndOfStack {

    private static final int SMALL_STACK = 256 * 1024;

    private EndOfStack() {}

    /** Goroutines on platform threads with a stack that soon ends. */
    static Goroutines goroutines() {
        return new Goroutines(task -> new Thread(null, task, "small stack", SMALL_STACK));
    }

    /** Does an operation at the end of the stack, so deep that it overflows, and so often that it does so anywhere. */
    static int overflow(Task operation, int times) throws Throwable {
        int overflows = 0;
        for (int i = 0; i < times; i++) {
            try {
                descend(operation, i % 7);
            } catch (StackOverflowError e) {
                overflows++;
            }
        }
        return overflows;
    }

    /**
     * Goes to the end of the stack, and on the way back does an operation in each frame, until it does not overflow.
     *
     * @param levels how many frames to put before, which shifts where in the operation the stack ends
     */
    static void onTheWayBack(Task operation, int levels) throws Throwable {
        if (levels > 0) {
            onTheWayBack(operation, levels - 1);
        } else {
            downAndBack(operation, 0L);
        }
    }

    private static void downAndBack(Task operation, long depth) throws Throwable {
        try {
            if (depth >= 0) {
                downAndBack(operation, depth + 1);
            }
        } catch (StackOverflowError e) {
            operation.run();
        }
    }

    /** Calls the operation on the way down in each frame, which differ in size by the width of the padding. */
    private static void descend(Task operation, int padding) throws Throwable {
        operation.run();
        switch (padding) {
            case 0 -> descend(operation, padding);
            case 1 -> descend1(operation, padding, 1L);
            default -> descend2(operation, padding, padding, 2L, 3L);
        }
    }

    private static void descend1(Task operation, int padding, long a) throws Throwable {
        if (a != 0) {
            descend(operation, padding);
        }
    }

    private static void descend2(Task operation, int padding, int levels, long a, long b) throws Throwable {
        if (levels > 0 && a != b) {
            descend2(operation, padding, levels - 1, a, b);
        } else {
            descend(operation, padding);
        }
    }
}
