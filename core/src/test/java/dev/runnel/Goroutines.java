package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The goroutines of a test. One that fails makes the test fail, and none is left when the test has ended: those that
 * still wait are interrupted.
 */
final class Goroutines implements AfterEachCallback {

    private final ThreadFactory factory;
    private final List<Started<?>> started = new CopyOnWriteArrayList<>();

    Goroutines() {
        this(Thread.ofVirtual().factory());
    }

    Goroutines(ThreadFactory factory) {
        this.factory = factory;
    }

    /** A goroutine that has been started, and what it returns. */
    record Started<V>(Thread thread, FutureTask<V> future) {

        /** What it returns; what it throws is thrown as the cause of an ExecutionException. */
        V get() throws Exception {
            return future.get(Effort.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        /** What it throws. */
        Throwable failure() throws Exception {
            assertTrue(thread.join(Effort.PATIENCE), () -> thread + " has not ended");
            return switch (future.state()) {
                case FAILED -> future.exceptionNow();
                default -> throw new AssertionError("it has not failed, it is " + future.state());
            };
        }

        boolean isDone() {
            return future.isDone();
        }

        void interrupt() {
            thread.interrupt();
        }
    }

    /** Starts a goroutine that returns something, or is expected to throw: it is for the test to ask. */
    <V> Started<V> call(Callable<V> task) {
        FutureTask<V> future = new FutureTask<>(task);
        Started<V> one = new Started<>(factory.newThread(future), future);
        one.thread.start();
        return one;
    }

    /** Starts a goroutine whose failure is the test's. */
    Started<Void> go(Task task) {
        Started<Void> one = call(() -> {
            try {
                task.run();
            } catch (Exception e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            return null;
        });
        started.add(one);
        return one;
    }

    /** Runs something on a thread that can start no others: what they would inherit from it throws. */
    static void failingToStart(Runnable task) {
        InheritableThreadLocal<Boolean> inherited = new InheritableThreadLocal<>() {
            @Override
            protected Boolean childValue(Boolean parentValue) {
                throw new IllegalStateException("no thread can be started here");
            }
        };
        inherited.set(true);
        try {
            task.run();
        } finally {
            inherited.remove();
        }
    }

    /** Waits until all that {@link #go} has started have ended. */
    void join() throws Exception {
        for (Started<?> one : started) {
            one.get();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Started<?> one : started) {
            if (!one.isDone()) {
                one.interrupt();
                assertTrue(one.thread.join(Effort.PATIENCE), () -> one.thread + " cannot be interrupted");
            } else if (context.getExecutionException().isEmpty()) {
                one.get();
            }
        }
    }
}
