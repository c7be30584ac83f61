package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * A channel with a capacity of one: a slot beside the lock of {@link LockedChan}. Its sender and its receiver can never
 * work at the same time, so that a lock for each, as {@link RingChan} has them, would only be more to pass from core to
 * core. It is also a small object, as suits a signal or a mutex.
 *
 * @param <T> the type of the values
 */
final class SlotChan<T extends Object> extends LockedChan<T> {

    SlotChan() {
        super(true);
    }

    @Override
    @Nullable
    Object store(T last) {
        if (slot != null) {
            return null;
        }
        slot = last;
        return TAKEN;
    }

    @Override
    @Nullable
    Object exchange(@Nullable Object last) {
        Object first = slot;
        if (first != null) {
            slot = last;
        }
        return first;
    }

    @Override
    int buffered() {
        return slot == null ? 0 : 1;
    }

    @Override
    public int capacity() {
        return 1;
    }
}
