package dev.runnel;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that send to one channel, the last of which closes it. A channel is its sender's to close; where there are
 * several senders it takes somebody who knows when all of them are done, and whether one has failed.
 *
 * {@snippet file="dev/runnel/snippets/ProducersSnippets.java" region="producers"}
 *
 * <p>The block of a {@code try} statement counts as one of them, so that the channel stays open while it starts others.
 * When it and all tasks have ended, the channel is closed. If tasks have failed, it is {@linkplain
 * SendChan#close(Throwable) closed with a cause}: what the first of them threw, with what the others threw {@linkplain
 * Throwable#getSuppressed() suppressed} in it. So who receives is told, and half a result does not look whole. The
 * other tasks are not stopped.
 *
 * <p>What the block itself throws, {@link #close()} is not told of: do in tasks what may fail.
 *
 * <p>It is the producers' to close the channel, and nobody else's.
 *
 * <p><b>Memory consistency effects.</b> What each task did happens-before the close of the channel, and so before each
 * receive that gives null or throws because of it. Go has nothing of the kind: there it is a {@code sync.WaitGroup},
 * and one more goroutine that waits for it and closes.
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public final class Producers implements AutoCloseable {
    // - running counts the tasks that have not ended, and one for the block. It never rises from zero: who takes it
    //   there closes the channel, and that is once. This step is the linearization point of the end.
    // - failure goes from null to what a task threw by a compare-and-set, which decides who was first; the others add
    //   theirs to that one. A task does either before it takes itself out of the count, so that the last one finds all.
    // - A close of the block twice counts once: blockEnded decides.

    private final SendChan<?> chan;
    private final AtomicLong running = new AtomicLong(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean blockEnded = new AtomicBoolean();

    private Producers(SendChan<?> chan) {
        this.chan = chan;
    }

    /**
     * Begins with no task, and with the block, which ends by {@link #close()}.
     *
     * @param chan the channel that will be closed, not null; it should be open, and not that of other producers
     * @return new producers, with nothing started yet
     * @throws NullPointerException if the channel is null
     * @throws IllegalArgumentException if it is the {@linkplain Chan#absent() absent} one, which cannot be closed
     */
    public static Producers of(SendChan<?> chan) {
        if (Objects.requireNonNull(chan, "the channel is null") instanceof AbsentChan) {
            throw new IllegalArgumentException("the absent channel cannot be closed: give the one that is sent to");
        }
        return new Producers(chan);
    }

    /**
     * Starts a goroutine that is one of the producers. Tasks may start others.
     *
     * <p>It does not block and does not look at the interrupt status. What the thread did before it happens-before the
     * task. Go: {@code wg.Go(task)}.
     *
     * @param task what to run, not null. What it throws becomes the cause that the channel is closed with, and does not
     *     reach the uncaught-exception handler of its thread, unless somebody else has closed the channel
     * @return the thread, started: it can be joined and interrupted
     * @throws NullPointerException if the task is null
     * @throws IllegalStateException if the block and all tasks have ended already
     */
    public Thread go(Task task) {
        Objects.requireNonNull(task, "the task is null");
        begin();
        try {
            return Go.go(() -> run(task));
        } catch (Throwable e) {
            try {
                end();
            } catch (Throwable also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    private void begin() {
        for (;;) {
            long n = running.get();
            if (n == 0) {
                throw new IllegalStateException("all producers have ended and the channel is closed:"
                        + " start tasks in the block, or in other tasks");
            }
            if (running.compareAndSet(n, n + 1)) {
                return;
            }
        }
    }

    private void run(Task task) {
        try {
            task.run();
        } catch (Throwable e) {
            fail(e);
        } finally {
            end();
        }
    }

    private void fail(Throwable thrown) {
        if (!failure.compareAndSet(null, thrown)) {
            Throwable first = failure.get();
            if (first != null && first != thrown) {
                first.addSuppressed(thrown);
            }
        }
    }

    /** Takes one out of the count; the last one closes the channel. */
    private void end() {
        if (running.decrementAndGet() == 0) {
            Throwable cause = failure.get();
            if (cause == null) {
                chan.close();
            } else {
                chan.close(cause);
            }
        }
    }

    /**
     * Ends the block: if all tasks have ended too, the channel is closed, else the last of them will close it. A second
     * call does nothing.
     *
     * <p>It does not wait for the tasks, and does not look at the interrupt status. It takes time in proportion to the
     * number of goroutines that a close of the channel wakes. Go: what {@code defer wg.Done()} would be in the function
     * that starts the others.
     *
     * @throws ChanClosedException if this closes the channel, and somebody else has done so before; its {@linkplain
     *     Throwable#getSuppressed() suppressed} exception is what the first task threw that failed
     */
    @Override
    public void close() {
        if (blockEnded.compareAndSet(false, true)) {
            end();
        }
    }

    /** Names the number of those that have not ended. */
    @Override
    public String toString() {
        return "Producers[running=" + running.get() + "]";
    }
}
