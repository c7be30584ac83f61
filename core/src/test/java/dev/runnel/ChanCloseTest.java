package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rules: a send on a closed channel throws; a close wakes every parked receiver with null and every parked sender with
 * an exception; what is buffered stays receivable; a second close throws.
 */
class ChanCloseTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void send_closed_throws(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        chan.close();
        assertSendOnClosed(assertThrows(ChanClosedException.class, () -> chan.send(1)));
        assertSendOnClosed(assertThrows(ChanClosedException.class, () -> chan.trySend(1)));
        assertEquals(0, chan.size());
    }

    @EveryCapacity
    void close_closed_throws(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        chan.close();
        var e = assertThrows(ChanClosedException.class, chan::close);
        assertTrue(e.getMessage().startsWith("close of closed channel"), e.getMessage());
        assertInstanceOf(IllegalStateException.class, e);
    }

    @EveryCapacity
    void receive_closedAndEmpty_isNullAtOnceAndAgain(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.close();
        for (int i = 0; i < 3; i++) {
            assertNull(chan.receive());
            assertNull(chan.tryReceive());
        }
    }

    @EveryCapacity
    void receive_closedWithValues_givesThemFirst(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        chan.close();
        for (int i = 0; i < capacity; i++) {
            assertEquals(capacity - i, chan.size());
            assertEquals(i, chan.receive());
        }
        assertNull(chan.receive());
    }

    @EveryCapacity
    void isDrained_onceClosedAndEmpty_staysTrue(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        assertFalse(chan.isDrained());
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        chan.close();
        for (int i = 0; i < capacity; i++) {
            assertFalse(chan.isDrained());
            chan.tryReceive();
        }
        assertTrue(chan.isDrained());
        assertThrows(ChanClosedException.class, () -> chan.trySend(1));
        assertTrue(chan.isDrained());
    }

    @EveryCapacity
    void close_wakesEveryParkedReceiverWithNull(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receivers = new ArrayList<Goroutines.Started<Integer>>();
        for (int i = 0; i < 50; i++) {
            receivers.add(goroutines.call(chan::receive));
        }
        Await.receivers(chan, 50);
        for (var receiver : receivers) {
            Await.parked(receiver.thread());
        }
        chan.close();
        for (var receiver : receivers) {
            assertNull(receiver.get());
        }
    }

    @EveryCapacity
    void close_wakesEveryParkedSenderWithAnException(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var senders = new ArrayList<Goroutines.Started<Void>>();
        for (int i = 0; i < 50; i++) {
            senders.add(goroutines.call(() -> {
                chan.send(-1);
                return null;
            }));
        }
        Await.senders(chan, 50);
        for (var sender : senders) {
            Await.parked(sender.thread());
        }
        chan.close();
        for (var sender : senders) {
            assertSendOnClosed(sender.failure());
        }
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.receive(), "what was buffered stays");
        }
        assertNull(chan.receive(), "what the parked senders had was not delivered");
    }

    /** Close wakes one after the other; from its first step on none of those that still wait may be served. */
    @EveryCapacity
    void close_hasNotWokenASenderYet_itsValueIsNotTaken(int capacity) throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var sender = goroutines.call(() -> {
            chan.send(-1);
            return null;
        });
        Await.senders(chan, 1);
        chan.lockAll();
        try {
            chan.closed = true; // the first step of close
            for (int i = 0; i < capacity; i++) {
                assertEquals(i, chan.pollLocked());
            }
            assertSame(LockedChan.CLOSED, chan.pollLocked());
            chan.closed = false;
        } finally {
            chan.unlockAll();
        }
        chan.close();
        assertSendOnClosed(sender.failure());
    }

    /** Whatever a sender was told is true: returned means received once, thrown means never received. */
    @RepeatedTest(20)
    void close_whileSendersSend_nothingIsLostOrInvented() throws Exception {
        for (int capacity : new int[] {0, 1, 2, 10}) {
            Chan<Integer> chan = chans.make(capacity);
            Set<Integer> sent = ConcurrentHashMap.newKeySet();
            AtomicInteger next = new AtomicInteger();
            for (int s = 0; s < 4; s++) {
                goroutines.go(() -> {
                    try {
                        for (;;) {
                            int value = next.incrementAndGet();
                            chan.send(value);
                            sent.add(value);
                        }
                    } catch (ChanClosedException e) {
                        // the channel was closed, and so we are done
                    }
                });
            }
            var received = new ArrayList<Goroutines.Started<List<Integer>>>();
            for (int r = 0; r < 3; r++) {
                received.add(goroutines.call(() -> {
                    var mine = new ArrayList<Integer>();
                    for (Integer value; (value = chan.receive()) != null;) {
                        mine.add(value);
                    }
                    return mine;
                }));
            }
            Await.until(() -> next.get() > 500, () -> "some values to be sent");
            chan.close();
            goroutines.join();
            var all = new ArrayList<Integer>();
            for (var one : received) {
                all.addAll(one.get());
            }
            assertEquals(sent.stream().sorted().toList(), all.stream().sorted().toList());
            assertTrue(chan.isDrained());
        }
    }

    /** Who was interrupted or served elsewhere may still stand in the queue: a close goes on to those behind. */
    @EveryCapacity
    void close_endedWaitersInTheQueues_wakesThoseBehind(int capacity) throws Exception {
        LockedChan<Integer> receiving = (LockedChan<Integer>) chans.<Integer>make(capacity);
        enqueueEnded(receiving, false);
        var receiver = goroutines.call(receiving::receive);
        Await.receivers(receiving, 2);
        receiving.close();
        assertNull(receiver.get());

        LockedChan<Integer> sending = (LockedChan<Integer>) chans.<Integer>make(capacity);
        while (sending.trySend(0)) {
            // until it is full
        }
        enqueueEnded(sending, true);
        var sender = goroutines.call(() -> {
            sending.send(1);
            return null;
        });
        Await.senders(sending, 2);
        sending.close();
        assertSendOnClosed(sender.failure());
        assertEquals(capacity, sending.size());
    }

    private static void enqueueEnded(LockedChan<Integer> chan, boolean sends) {
        Waiter ended = new Waiter(sends, sends ? 0 : null, true);
        ended.completeAndWake();
        chan.lockAll();
        try {
            chan.enqueue(ended);
        } finally {
            chan.unlockAll();
        }
    }

    private static void assertSendOnClosed(Throwable e) {
        assertInstanceOf(ChanClosedException.class, e);
        assertTrue(e.getMessage().startsWith("send on closed channel"), e.getMessage());
    }
}
