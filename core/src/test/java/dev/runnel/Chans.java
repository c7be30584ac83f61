package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes the channels of a test, and looks at their inside when it has ended. */
final class Chans implements AfterEachCallback {

    private final List<LockedChan<?>> made = new CopyOnWriteArrayList<>();

    <T> Chan<T> make(int capacity) {
        return made(Chan.make(capacity));
    }

    /** A channel that the test has made itself. */
    <T> Chan<T> made(Chan<T> chan) {
        made.add((LockedChan<?>) chan);
        return chan;
    }

    <T> Chan<T> make() {
        return make(0);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            for (LockedChan<?> chan : made) {
                check(chan);
                assertEquals(0, chan.sendersQueued(), "senders left in the queue of " + chan);
                assertEquals(0, chan.receiversQueued(), "receivers left in the queue of " + chan);
            }
        }
    }

    /** Checks the invariants that LockedChan and RingChan state. */
    static void check(LockedChan<?> chan) {
        chan.lockAll();
        try {
            if (chan instanceof RingChan<?> ringChan) {
                checkRing(ringChan);
            }
            if (chan instanceof PolicyChan<?> policyChan) {
                checkSegments(policyChan);
            }
            checkQueue(chan.firstSender, true);
            checkQueue(chan.firstReceiver, false);
        } finally {
            chan.unlockAll();
        }
    }

    private static void checkRing(RingChan<?> chan) {
        int capacity = chan.capacity();
        int count = chan.buffered();
        int head = chan.receivers.index - RingChan.FIRST;
        assertEquals(true, 0 <= count && count <= capacity, "count " + count);
        for (int i = 0; i < capacity; i++) {
            boolean filled = (i - head + capacity) % capacity < count;
            assertEquals(filled, chan.ring[RingChan.FIRST + i] != null,
                    "slot " + i + ", head " + head + ", count " + count);
        }
    }

    private static void checkSegments(PolicyChan<?> chan) {
        int filled = 0;
        PolicyChan.Segment last = null;
        for (PolicyChan.Segment segment = chan.first; segment != null; segment = segment.next) {
            int from = segment == chan.first ? chan.head : 0;
            int to = segment == chan.last ? chan.tail : segment.slots.length;
            for (int i = 0; i < segment.slots.length; i++) {
                assertEquals(from <= i && i < to, segment.slots[i] != null, "slot " + i);
            }
            filled += to - from;
            assertEquals(true, to > from || chan.first == chan.last && to == 0, "from " + from + " to " + to);
            last = segment;
        }
        assertSame(last, chan.last);
        assertEquals(chan.count, filled);
        assertEquals(true, filled <= chan.capacity(), "count " + filled);
        if (chan.spare != null) {
            assertEquals(null, chan.spare.next);
            assertEquals(true, Stream.of(chan.spare.slots).allMatch(slot -> slot == null), "the spare has values");
        }
    }

    /** How many segments the buffer of a channel has, the spare included. */
    static int segments(PolicyChan<?> chan) {
        int n = chan.spare == null ? 0 : 1;
        for (PolicyChan.Segment segment = chan.first; segment != null; segment = segment.next) {
            n++;
        }
        return n;
    }

    private static void checkQueue(WaitNode first, boolean sends) {
        WaitNode before = null;
        for (WaitNode node = first; node != null; node = node.next) {
            assertEquals(before, node.prev, "prev");
            assertEquals(sends, node.sends, "sends");
            assertEquals(true, node.queued, "queued");
            before = node;
        }
    }
}
