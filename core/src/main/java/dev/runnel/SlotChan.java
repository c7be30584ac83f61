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

    /** The value in the buffer; guarded by the lock. */
    private @Nullable Object value;

    SlotChan() {
        super(true);
    }

    @Override
    @Nullable
    Object store(T last) {
        if (value != null) {
            return null;
        }
        value = last;
        return TAKEN;
    }

    @Override
    @Nullable
    Object exchange(@Nullable Object last) {
        Object first = value;
        if (first != null) {
            value = last;
        }
        return first;
    }

    @Override
    int buffered() {
        return value == null ? 0 : 1;
    }

    @Override
    public int capacity() {
        return 1;
    }
}
