package dev.runnel;

/**
 * What a goroutine runs: the function behind Go's {@code go f()}.
 *
 * @see Go#go(Task)
 * @see WaitGroup#go(Task)
 */
@FunctionalInterface
public interface Task {

    /**
     * Does the work of the goroutine.
     *
     * @throws Throwable anything at all; it reaches the uncaught-exception handler of the goroutine's thread
     */
    void run() throws Throwable;
}
