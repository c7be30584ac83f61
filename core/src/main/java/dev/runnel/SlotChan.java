package dev.runnel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A channel with a capacity of one: a slot beside the lock of {@link LockedChan}. Its sender and its receiver can never
 * work at the same time, so that a lock for each, as {@link RingChan} has them, would only be more to pass from core to
 * core. It is also a small object, as suits a signal or a mutex.
 *
 * <p><b>Without the lock.</b> A send that finds the slot full and is not to wait, and a receive that finds it empty,
 * only look: at the lock, then at the slot, then at {@code closed}. If the lock is free no operation is missed that was
 * over before: each has begun with a compare-and-set on the lock, so whoever sees that lock free again, by the release
 * store that gave it back, sees the slot as it was left. The first of the looks is what a full fence would otherwise be
 * needed for: of two goroutines that each send to one channel and then look at the other's, one finds the other's lock
 * taken, or the value; and so it is with any flag in place of one of the channels.
 *
 * <p>As for operations that go on meanwhile, it is as if those whose write to the slot is seen came before, and the
 * others after: the linearization point of an operation that succeeds is its write to the slot, of one that fails in
 * this way its look at the slot. That the channel was open is seen after that, and was so before.
 *
 * @param <T> the type of the values
 */
final class SlotChan<T extends Object> extends LockedChan<T> {

    private static final VarHandle SLOT;

    static {
        try {
            SLOT = MethodHandles.lookup().findVarHandle(WaitQueues.class, "slot", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    SlotChan() {
        super(new Patience());
    }

    @Override
    @Nullable
    Object offer(T value) {
        return wasOpenAnd(false) ? null : super.offer(value);
    }

    @Override
    @Nullable
    Object poll() {
        if (wasOpenAnd(true)) {
            return null;
        }
        return isDrainedForSure() ? CLOSED : super.poll();
    }

    /** Whether there is certain to have been an instant since the call when the channel was open and empty, or full. */
    private boolean wasOpenAnd(boolean empty) {
        return locked == 0 && (Object) SLOT.getAcquire(this) == null == empty && !closed;
    }

    /** Whether the channel is closed, by a close that has given back the lock, and empty; once so, it stays so. */
    private boolean isDrainedForSure() {
        return closed && locked == 0 && (Object) SLOT.getAcquire(this) == null;
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
