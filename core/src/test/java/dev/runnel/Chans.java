package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes the channels of a test, and looks at their inside when it has ended. */
final class Chans implements AfterEachCallback {

    private final List<LockedChan<?>> made = new CopyOnWriteArrayList<>();

    <T> Chan<T> make(int capacity) {
        Chan<T> chan = Chan.make(capacity);
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
