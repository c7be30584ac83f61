package dev.runnel.correctness.linearizability;

import dev.runnel.WaitGroup;
import org.jetbrains.lincheck.datastructures.Operation;

/** What Lincheck does with a wait group. What may wait is marked as blocking. */
public final class WaitGroupOperations {

    static final String NEGATIVE = "negative";

    private final WaitGroup group = new WaitGroup();

    /** Adds one. */
    @Operation
    public Object add() {
        group.add(1);
        return null;
    }

    /** Adds two. */
    @Operation
    public Object addTwo() {
        group.add(2);
        return null;
    }

    /** Takes away one. */
    @Operation
    public Object done() {
        try {
            group.done();
            return null;
        } catch (IllegalStateException e) {
            return NEGATIVE;
        }
    }

    /** Waits for zero. */
    @Operation(blocking = true)
    public Object await() throws InterruptedException {
        group.await();
        return null;
    }
}
