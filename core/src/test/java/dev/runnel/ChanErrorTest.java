package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A stack overflow at any point of an operation leaves the channel usable, and no dead waiter that swallows a value.
 */
class ChanErrorTest {

    private static final int SMALL_STACK = 256 * 1024;

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines platform =
            new Goroutines(task -> new Thread(null, task, "small stack", SMALL_STACK));

    /** Does an operation at the end of the stack, so deep that it overflows, and so often that it does so anywhere. */
    private static int overflow(Task operation, int times) throws Throwable {
        int overflows = 0;
        for (int i = 0; i < times; i++) {
            try {
                descend(operation, i % 7);
            } catch (StackOverflowError e) {
                overflows++;
            }
        }
        return overflows;
    }

    /** Calls the operation on the way down in each frame, which differ in size by the width of the padding. */
    private static void descend(Task operation, int padding) throws Throwable {
        operation.run();
        switch (padding) {
            case 0 -> descend(operation, padding);
            case 1 -> descend1(operation, padding, 1L);
            default -> descend2(operation, padding, padding, 2L, 3L);
        }
    }

    private static void descend1(Task operation, int padding, long a) throws Throwable {
        if (a != 0) {
            descend(operation, padding);
        }
    }

    private static void descend2(Task operation, int padding, int levels, long a, long b) throws Throwable {
        if (levels > 0 && a != b) {
            descend2(operation, padding, levels - 1, a, b);
        } else {
            descend(operation, padding);
        }
    }

    @EveryCapacity
    void tryForms_stackOverflow_leaveTheChannelUsable(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int overflows = platform.call(() -> {
            try {
                return overflow(() -> {
                    chan.trySend(1);
                    chan.tryReceive();
                    chan.size();
                    Go.select(chan.onReceive(), chan.onSend(2), Go.otherwise());
                }, 200);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
        while (chan.tryReceive() != null) {
            // what was sent before the overflow
        }
        for (int i = 0; i < capacity; i++) {
            assertTrue(chan.trySend(i));
        }
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
    }

    /**
     * A receiver at the end of its stack; who sends does it with trySend, which tells whether somebody took the value.
     */
    @Test
    void receive_stackOverflow_leavesNoDeadWaiter() throws Exception {
        Chan<Integer> chan = chans.make();
        AtomicInteger received = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var sender = platform.call(() -> {
            int sent = 0;
            while (!done.get()) {
                if (chan.trySend(sent)) {
                    sent++;
                }
            }
            return sent;
        });
        int overflows = platform.call(() -> {
            try {
                return overflow(() -> {
                    chan.receive();
                    received.lazySet(received.get() + 1);
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int lost = sender.get() - received.get();
        assertTrue(lost >= 0 && lost <= overflows, "the count itself may overflow, at most once each: " + lost);
        assertFalse(chan.trySend(-1), "nobody is left who would swallow a value");
        assertEquals(0, Waiting.receivers(chan));
    }

    /** The same for a select, on handles that are used again after each overflow. */
    @Test
    void select_stackOverflow_leavesNoDeadWaiterAndUsableHandles() throws Exception {
        Chan<Integer> quiet = chans.make();
        Chan<Integer> busy = chans.make();
        AtomicInteger received = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var sender = platform.call(() -> {
            int sent = 0;
            while (!done.get()) {
                if (busy.trySend(sent)) {
                    sent++;
                }
            }
            return sent;
        });
        Case<Integer> fromQuiet = quiet.onReceive();
        Case<Integer> fromBusy = busy.onReceive();
        int overflows = platform.call(() -> {
            try {
                return overflow(() -> {
                    if (Go.select(fromQuiet, fromBusy) == fromBusy) {
                        received.lazySet(received.get() + 1);
                    }
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int lost = sender.get() - received.get();
        assertTrue(lost >= 0 && lost <= overflows, "the count itself may overflow, at most once each: " + lost);
        assertFalse(busy.trySend(-1) || quiet.trySend(-1), "nobody is left who would swallow a value");
        assertEquals(0, Waiting.receivers(busy) + Waiting.receivers(quiet));
    }

    @Test
    void outOfMemory_makingAChannel_isThrown() {
        assertThrows(OutOfMemoryError.class, () -> Chan.make(RingChan.MOST));
    }
}
