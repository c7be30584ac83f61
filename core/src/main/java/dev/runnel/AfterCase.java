package dev.runnel;

import org.jspecify.annotations.Nullable;

/** The case that is ready from an instant on; see {@link Go#after(java.time.Duration)}. */
final class AfterCase<V> extends Case<V> {

    /** The instant, by {@link Clock}. */
    final long deadline;

    private final @Nullable Action action;

    AfterCase(long deadline, @Nullable Action action) {
        this.deadline = deadline;
        this.action = action;
    }

    @Override
    void prepare() {}

    @Override
    boolean poll() {
        return deadline - Clock.nanoTime() <= 0;
    }

    @Override
    boolean pollLocked() {
        return poll();
    }

    @Override
    boolean mayBeReady() {
        return poll();
    }

    @Override
    void handle() throws InterruptedException {
        if (action != null) {
            action.run();
        }
    }
}
