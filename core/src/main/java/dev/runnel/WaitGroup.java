package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a number of goroutines to finish: Go's {@code sync.WaitGroup}. One goroutine adds to the counter for each
 * that it starts, each of those takes one away when it is done, and {@link #await()} blocks until the counter is zero.
 *
 * {@snippet file="dev/runnel/snippets/WaitGroupSnippets.java" region="workers"}
 *
 * <p>A group can be used again once its counter is back at zero. {@link #add} has to happen before the {@code await}
 * that is to wait for it: call it in the goroutine that starts the others, not in those. {@link #go(Task)} does all of
 * it.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before {@link #done()} happens-before the return of each
 * {@code await} that it helps to release.
 */
public final class WaitGroup {
    // Waiting for the counter to become zero is waiting for a channel to be closed, the gate. It is made when somebody
    // comes to wait, or asks for the channel itself, while the counter is above zero.
    //
    // - state is twice the counter, plus GATED if somebody has the gate, which only a counter above zero can have.
    // - gate is guarded by the lock, under which also GATED is set and cleared; the counter changes without it.
    // - The step to zero is the linearization point of the awaits that it releases. If GATED, it is made under the lock,
    //   together with the taking of the gate: nobody can come to wait at it for a later zero.

    private static final int GATED = 1;

    /** Caught where there may be no room to load it. */
    private static final Class<?> ENSURE_LOADED = StackOverflowError.class;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(WaitGroup.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long state;
    private final SpinLock lock = new SpinLock();
    private @Nullable LockedChan<Object> gate;

    /** Makes a group whose counter is zero. */
    public WaitGroup() {}

    /**
     * Adds to the counter, or takes away from it. If it becomes zero, everybody who waits is released.
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did before it happens-before the
     * return of each {@link #await()} that is released by this step or a later one. It costs one compare-and-set, and
     * waking those who wait. Go: {@code wg.Add(delta)}.
     *
     * @param delta how much to add; it may be negative or zero
     * @throws IllegalStateException if the counter would become negative, or greater than {@link Integer#MAX_VALUE}; it
     *     stays what it was
     */
    public void add(int delta) {
        for (;;) {
            long seen = state;
            long counter = (seen >> 1) + delta;
            if (counter < 0 || counter > Integer.MAX_VALUE) {
                throw illegalCounter(seen >> 1, delta);
            }
            boolean open = counter == 0 && (seen & GATED) != 0;
            if (open ? openGate(seen) : STATE.compareAndSet(this, seen, counter << 1 | seen & GATED)) {
                return;
            }
        }
    }

    private static IllegalStateException illegalCounter(long counter, int delta) {
        String what = delta < 0
                ? "negative WaitGroup counter: done was called more often than add allows"
                : "WaitGroup counter too large";
        return new IllegalStateException(what + " (counter " + counter + ", delta " + delta + ")");
    }

    /** Takes the last step to zero and lets through who waits, unless the state has changed. */
    private boolean openGate(long seen) {
        LockedChan<Object> opened;
        lock.lock();
        try {
            if (!STATE.compareAndSet(this, seen, 0L)) {
                return false;
            }
            opened = gate;
            gate = null;
        } finally {
            try {
                lock.unlock();
            } catch (StackOverflowError e) {
                lock.locked = 0;
            }
        }
        if (opened != null) {
            opened.close();
        }
        return true;
    }

    /**
     * Takes one away from the counter: a goroutine is done. It is {@link #add add(-1)}.
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did before it happens-before the
     * return of each {@link #await()} that it helps to release. Go: {@code wg.Done()}.
     *
     * @throws IllegalStateException if the counter is zero already
     */
    public void done() {
        add(-1);
    }

    /**
     * Starts a goroutine that the group waits for: adds one, runs the task with {@link Go#go}, and is done when the
     * task ends, be it by an exception. If the goroutine cannot be started, the one is taken away again.
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did before it happens-before the
     * task, and the task before the return of the {@link #await()} that waits for it, though not what the handler does
     * with an exception: that may come after it, and before the thread can be joined. Go: {@code wg.Go(task)}.
     *
     * @param task what to run, not null; what it throws reaches the uncaught-exception handler of its thread
     * @return the thread, started
     * @throws NullPointerException if the task is null
     * @throws IllegalStateException if the counter is at {@link Integer#MAX_VALUE}
     */
    public Thread go(Task task) {
        Objects.requireNonNull(task, "the task is null");
        add(1);
        try {
            return Go.go(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    doneAfter(e);
                    throw e;
                }
                done();
            });
        } catch (Throwable e) {
            done();
            throw e;
        }
    }

    /**
     * Is done with a task that threw: if that fails, as after one done too many, it must not hide what the task threw.
     */
    private void doneAfter(Throwable thrown) {
        try {
            done();
        } catch (IllegalStateException e) {
            thrown.addSuppressed(e);
        }
    }

    /**
     * Waits until the counter is zero. It returns if the counter was zero at some instant during the call, even if it
     * has gone up again since.
     *
     * <p><b>Blocks</b> while the counter is above zero; everybody who waits is released together.
     *
     * <p><b>Interruption</b> is looked at on entry, even if the counter is zero, and while waiting.
     *
     * <p>What was done before each {@link #done()} that led to the zero happens-before the return. Go: {@code
     * wg.Wait()}; in Java that name is taken by {@link Object#wait()}.
     *
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     */
    public void await() throws InterruptedException {
        Waiter.checkInterrupt();
        LockedChan<Object> closing = gate();
        if (closing != null) {
            closing.receive();
        }
    }

    /**
     * Waits until the counter is zero, or until a context is done; else as {@link #await()}.
     *
     * <p><b>Blocks</b> while the counter is above zero and the context is not done.
     *
     * <p><b>Interruption</b> and then the context are looked at on entry, even if the counter is zero, and while
     * waiting.
     *
     * <p>Go has no such thing: there it takes a goroutine that waits and then closes a channel.
     *
     * @param context the context, not null
     * @throws NullPointerException if the context is null
     * @throws ContextException if the context is done, on entry or while the method waits, as {@link Context#check()}
     *     throws it
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     */
    public void await(Context context) throws InterruptedException {
        Objects.requireNonNull(context, "the context is null");
        Waiter.checkInterrupt();
        context.check();
        LockedChan<Object> closing = gate();
        if (closing != null) {
            closing.receive(context);
        }
    }

    /** What is closed when the counter becomes zero; null if it is. */
    @Nullable
    LockedChan<Object> gate() {
        return state >> 1 == 0 ? null : gateUnderLock();
    }

    /**
     * A channel that is closed when the counter is zero for the first time from now on: the gate, if it is not so now.
     */
    LockedChan<Object> zero() {
        LockedChan<Object> closing = gate();
        if (closing == null) {
            closing = new UnbufferedChan<>();
            closing.close();
        }
        return closing;
    }

    /** The gate, which is made if there is none; or null if the counter is zero. */
    private @Nullable LockedChan<Object> gateUnderLock() {
        lock.lock();
        try {
            for (;;) {
                long seen = state;
                if (seen >> 1 == 0) {
                    return null;
                }
                if ((seen & GATED) != 0) {
                    return gate;
                }
                if (gate == null) {
                    gate = new UnbufferedChan<>();
                }
                if (STATE.compareAndSet(this, seen, seen | GATED)) {
                    return gate;
                }
            }
        } finally {
            try {
                lock.unlock();
            } catch (StackOverflowError e) {
                lock.locked = 0;
            }
        }
    }

    /** Whether somebody waits; for tests. */
    boolean isAwaited() {
        return (state & GATED) != 0;
    }

    /** Names the counter. */
    @Override
    public String toString() {
        return "WaitGroup[counter=" + (state >> 1) + "]";
    }
}
