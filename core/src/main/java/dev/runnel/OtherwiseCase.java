package dev.runnel;

import org.jspecify.annotations.Nullable;

/** The case that is chosen when no other is ready; see {@link Go#otherwise()}. */
final class OtherwiseCase<V> extends Case<V> {

    private final @Nullable Action action;

    OtherwiseCase(@Nullable Action action) {
        this.action = action;
    }

    @Override
    void prepare() {}

    /** Never ready by itself: {@link Selection} decides when it is its turn. */
    @Override
    boolean poll() {
        return false;
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
