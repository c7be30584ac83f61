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
        LockedChan<T> chan = new LockedChan<>(capacity);
        made.add(chan);
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

    /** Checks the invariants that LockedChan states. */
    static void check(LockedChan<?> chan) {
        chan.lock();
        try {
            int capacity = chan.ring.length;
            assertEquals(true, 0 <= chan.count && chan.count <= capacity, "count " + chan.count);
            for (int i = 0; i < capacity; i++) {
                boolean filled = (i - chan.head + capacity) % capacity < chan.count;
                assertEquals(filled, chan.ring[i] != null,
                        "slot " + i + ", head " + chan.head + ", count " + chan.count);
            }
            checkQueue(chan.firstSender, true);
            checkQueue(chan.firstReceiver, false);
        } finally {
            chan.unlock();
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
