package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: the try forms fail only if at some instant the channel was open and not ready; never spuriously. */
class ChanTryTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void trySend_untilFull_thenFails(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            assertTrue(chan.trySend(i));
        }
        assertFalse(chan.trySend(capacity));
        assertEquals(capacity, chan.size());
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
        assertNull(chan.tryReceive());
    }

    @EveryCapacity
    void trySend_receiverWaits_succeeds(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        assertTrue(chan.trySend(7));
        assertEquals(7, receiver.get());
    }

    @EveryCapacity
    void tryReceive_senderWaits_succeeds(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var sender = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);
        assertEquals(0, chan.tryReceive());
        sender.get();
        for (int i = 1; i <= capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
    }

    @Test
    void tryForms_onAWrappedRing_keepTheOrder() {
        Chan<Integer> chan = chans.make(3);
        int sent = 0;
        int received = 0;
        for (int turn = 0; turn < 100; turn++) {
            for (int i = 0; i <= turn % 3; i++) {
                assertTrue(chan.trySend(sent++));
            }
            for (int i = 0; i <= turn % 3; i++) {
                assertEquals(received++, chan.tryReceive());
            }
        }
    }

    /**
     * Of two tries that know of each other, one must succeed: each goroutine puts something into the one channel and
     * then looks into the other. Both cannot find nothing.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void tryReceive_afterOnesOwnSend_seesTheOthers(int capacity) throws Exception {
        for (int round = 0; round < Effort.times(2_000); round++) {
            Chan<Integer> a = chans.make(capacity);
            Chan<Integer> b = chans.make(capacity);
            var left = goroutines.call(() -> a.trySend(1) && b.tryReceive() == null);
            var right = goroutines.call(() -> b.trySend(1) && a.tryReceive() == null);
            assertFalse(left.get() && right.get(), "both have missed what the other had sent before");
        }
    }

    /** With a value always in the channel there is no instant at which it is empty. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tryReceive_neverEmpty_neverFails(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.send(0);
        int rounds = Effort.times(20_000);
        AtomicInteger failures = new AtomicInteger();
        for (int g = 0; g < capacity - 1; g++) {
            goroutines.go(() -> {
                for (int i = 0; i < rounds; i++) {
                    assertTrue(chan.trySend(i), "there is room for a value of each goroutine and one more");
                    if (chan.tryReceive() == null) {
                        failures.incrementAndGet();
                    }
                }
            });
        }
        goroutines.join();
        assertEquals(0, failures.get());
        assertEquals(1, chan.size());
    }

    /** With a sender always parked there is no instant at which a receive would have to wait. */
    @Test
    void tryReceive_sendersParkedBehindAFullBuffer_neverFails() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(0);
        int senders = Effort.times(5_000);
        for (int i = 0; i < senders; i++) {
            goroutines.go(() -> chan.send(1));
        }
        Await.senders(chan, senders);
        AtomicInteger failures = new AtomicInteger();
        for (int g = 0; g < 2; g++) {
            goroutines.go(() -> {
                for (int i = 0; i < senders / 2; i++) {
                    if (chan.tryReceive() == null) {
                        failures.incrementAndGet();
                    }
                }
            });
        }
        goroutines.join();
        assertEquals(0, failures.get());
        assertEquals(1, chan.size());
    }

    @Test
    void tryForms_interrupted_doNotLookAtIt() {
        Chan<Integer> chan = chans.make(1);
        Thread.currentThread().interrupt();
        assertTrue(chan.trySend(1));
        assertFalse(chan.trySend(2));
        assertEquals(1, chan.tryReceive());
        assertNull(chan.tryReceive());
        chan.close();
        assertTrue(Thread.interrupted());
    }
}
