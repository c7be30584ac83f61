package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A task that is to be run once a {@link Context} is done; see {@link Context#afterFunc(Task)}.
 */
public final class AfterFunc extends Dependent {
    // Who takes the task away decides what becomes of it: stop, or the one who ends the context and starts it.

    private static final VarHandle TASK;

    static {
        try {
            TASK = MethodHandles.lookup().findVarHandle(AfterFunc.class, "task", Task.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Task task;

    private AfterFunc(Task task) {
        this.task = task;
    }

    /** Has a task run when something ends, if it is something that can; at once if it has. */
    static AfterFunc of(@Nullable Cancellation cancellation, Task task) {
        AfterFunc func = new AfterFunc(task);
        if (cancellation != null && cancellation.add(func) != null) {
            func.parentEnded();
        }
        return func;
    }

    /**
     * Keeps the task from being run, unless it has been started already. It does not wait for a task that was started,
     * nor interrupt it.
     *
     * <p>It does not block and does not look at the interrupt status. Go: {@code stop()}, as {@code context.AfterFunc}
     * returns it.
     *
     * @return whether this call has kept the task from being run: false if it was started, or stopped before
     */
    public boolean stop() {
        if (take() == null) {
            return false;
        }
        leaveParent();
        return true;
    }

    @Override
    void parentEnded() {
        Task taken = take();
        if (taken != null) {
            Go.go(taken);
        }
    }

    /** The task, for the first one who asks. */
    @SuppressWarnings("nullness:argument") // null is a value that the field can have
    private @Nullable Task take() {
        return (@Nullable Task) TASK.getAndSet(this, (Task) null);
    }
}
