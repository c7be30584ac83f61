package dev.runnel;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose buffer grows as it needs to, and that does what was asked for when it is full; see {@link Buffer}.
 * There is one lock, since a send that drops works at both ends.
 *
 * <p><b>The buffer</b> is a list of segments of the same length. The oldest value is in the first one at {@code head},
 * the next free slot is in the last one at {@code tail}. A segment that has been emptied is kept as a spare, so that
 * values which come and go allocate nothing; others are garbage. No operation copies values, or takes time that grows
 * with their number.
 *
 * <p><b>Invariants</b>, whenever the lock is free, besides those of {@link LockedChan}:
 *
 * <ul>
 *   <li>{@code count} is at most {@code capacity}, and the number of slots that are not null: those from {@code head}
 *       of the first segment to before {@code tail} of the last.
 *   <li>If there is one segment and it is empty, {@code head} and {@code tail} are 0. Of several, none is empty.
 *   <li>The spare is in no list and has no values.
 *   <li>Nobody waits to send, if sends drop.
 * </ul>
 *
 * <p><b>A drop</b> is part of the critical section of the send. The dropped value leaves that as the outcome of the
 * operation, as a received value does, and it is the caller's, {@code send}, {@code trySend} or the case of a select,
 * to hand it to the listener when it holds no lock any more. A close, a receive or another send may come in between,
 * and do not see the dropped value.
 *
 * <p><b>Errors.</b> What may run out of memory or stack comes first: room is made before anything is changed, and
 * {@link #shift} and {@link #append} call nothing.
 *
 * <p><b>Retention.</b> A slot is nulled when its value is taken or dropped. What a burst needed is let go, but for one
 * segment.
 *
 * @param <T> the type of the values
 */
final class PolicyChan<T extends Object> extends LockedChan<T> {

    /** How many values there is room for in a segment, if there may be as many. */
    static final int LENGTH = 64;

    static final class Segment {

        final @Nullable Object[] slots;

        @Nullable
        Segment next;

        Segment(int length) {
            slots = new @Nullable Object[length];
        }
    }

    private final int capacity;
    private final Buffer.WhenFull whenFull;
    private final Consumer<? super T> onDrop;

    Segment first;
    Segment last;
    @Nullable
    Segment spare;
    int head;
    int tail;
    int count;

    /** A channel with an empty buffer. */
    PolicyChan(int capacity, Buffer.WhenFull whenFull, Consumer<? super T> onDrop) {
        super(new Patience());
        this.capacity = capacity;
        this.whenFull = whenFull;
        this.onDrop = onDrop;
        first = new Segment(Math.min(capacity, LENGTH));
        last = first;
    }

    @Override
    @Nullable
    Object store(T value) {
        if (count < capacity) {
            append(value, room());
            return TAKEN;
        }
        return switch (whenFull) {
            case WAIT -> null;
            case DROP_OLDEST -> shift(value, room());
            case DROP_NEWEST -> value;
        };
    }

    @Override
    @Nullable
    Object exchange(@Nullable Object added) {
        return count == 0 ? null : shift(added, added == null ? null : room());
    }

    /** A segment for the next value, or null if the last one has room. */
    private @Nullable Segment room() {
        if (tail < last.slots.length) {
            return null;
        }
        return spare != null ? spare : new Segment(last.slots.length);
    }

    private void append(Object value, @Nullable Segment room) {
        if (room != null) {
            last.next = room;
            last = room;
            spare = null;
            tail = 0;
        }
        last.slots[tail++] = value;
        count++;
    }

    /** Takes the oldest value, of which there is one, and appends another if it is not null. */
    private @Nullable Object shift(@Nullable Object added, @Nullable Segment room) {
        if (room != null) {
            last.next = room;
            last = room;
            spare = null;
            tail = 0;
        }
        if (added != null) {
            last.slots[tail++] = added;
        } else {
            count--;
        }
        Segment from = first;
        Object oldest = from.slots[head];
        from.slots[head++] = null;
        Segment next = from.next;
        if (next == null) {
            if (head == tail) {
                head = 0;
                tail = 0;
            }
        } else if (head == from.slots.length) {
            first = next;
            from.next = null;
            spare = from;
            head = 0;
        }
        return oldest;
    }

    @Override
    @SuppressWarnings("unchecked") // it came in as T
    void dropped(Object value) {
        onDrop.accept((T) value);
    }

    @Override
    int buffered() {
        return count;
    }

    @Override
    public int capacity() {
        return capacity;
    }
}
