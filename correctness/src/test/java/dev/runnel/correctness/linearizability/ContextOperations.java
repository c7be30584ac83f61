package dev.runnel.correctness.linearizability;

import dev.runnel.CancelContext;
import dev.runnel.Context;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * What Lincheck does with a context that is derived from another one. A cancel ends one context after the other, so
 * that they are linearizable each, but not together: the results are about the derived one. Who comes second to cancel
 * the other one may return before that has come through, so only one thread does.
 */
public final class ContextOperations {

    static final String PARENT = "parent";
    static final String OWN = "own";

    private static final Exception OF_PARENT = new Exception(PARENT);
    private static final Exception OF_CHILD = new Exception(OWN);

    private final CancelContext parent = Context.background().withCancel();
    private final CancelContext child = parent.withCancel();

    /** Cancels the context above. */
    @Operation(nonParallelGroup = PARENT)
    public Object cancelParent() {
        parent.cancel(OF_PARENT);
        return null;
    }

    /** Cancels the context. */
    @Operation
    public Object close() {
        child.cancel(OF_CHILD);
        return null;
    }

    /** Who has cancelled it. */
    @Operation
    public Object cause() {
        return cause(child);
    }

    /** Whether it is done. */
    @Operation
    public boolean hasErr() {
        return child.err() != null;
    }

    /** Whether its channel, which is made by the first to ask for it, is closed. */
    @Operation
    public boolean isDone() {
        return child.done().isDrained();
    }

    /** Waits until it is done, and says who has cancelled it. */
    @Operation(blocking = true)
    public Object await() throws InterruptedException {
        child.done().receive();
        return cause(child);
    }

    /** Who has cancelled one that is derived from it now. */
    @Operation
    public Object derive() {
        return cause(child.withCancel());
    }

    private static Object cause(Context context) {
        Throwable cause = context.cause();
        return cause == null ? null : cause.getMessage();
    }
}
