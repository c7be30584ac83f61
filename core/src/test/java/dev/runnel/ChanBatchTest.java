package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules: sendAll is a send for each value, in order, and if it throws it says how many were sent; drain receives what
 * needs no waiting, oldest first, and up to what it was asked for.
 */
class ChanBatchTest {

    private static final int VALUES = Effort.times(30_000, 3_000_000);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private Started<Void> sendingAll(Chan<Integer> chan, List<Integer> values) {
        return goroutines.call(() -> {
            chan.sendAll(values);
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 31, 32, 33, 100})
    void sendAll_moreThanThereIsRoomFor_waitsForEach(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int n = 3 * capacity + 5;
        var sender = sendingAll(chan, range(0, n));
        for (int i = 0; i < n; i++) {
            Await.senders(chan, i + capacity < n ? 1 : 0);
            assertEquals(Math.min(capacity, n - i), chan.size());
            assertEquals(i, chan.receive());
        }
        sender.get();
        assertNull(chan.tryReceive());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 100})
    void drain_values_givesUpToSoManyOldestFirst(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        assertEquals(List.of(), chan.drain(1));
        for (int max : new int[] {1, 2, capacity, capacity + 1, Integer.MAX_VALUE}) {
            chan.sendAll(range(0, capacity));
            int n = Math.min(max, capacity);
            assertEquals(range(0, n), chan.drain(max));
            assertEquals(range(n, capacity), chan.drain(Integer.MAX_VALUE));
            assertEquals(List.of(), chan.drain(max));
        }
        assertFalse(chan.isDrained());
    }

    /** First what is in the buffer, then what they bring; those that are left wait on. */
    @EveryCapacity
    void drain_sendersWait_takesTheirValuesAndWakesThem(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.sendAll(range(0, capacity));
        List<Started<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            senders.add(sendingAll(chan, List.of(capacity + i)));
            Await.senders(chan, i + 1);
        }
        for (Started<Void> sender : senders) {
            Await.parked(sender.thread());
        }
        assertEquals(range(0, capacity + 40), chan.drain(capacity + 40));
        assertEquals(10 - capacity, Waiting.senders(chan));
        assertEquals(range(capacity + 40, capacity + 50), chan.drain(1_000));
        for (Started<Void> sender : senders) {
            sender.get();
        }
    }

    @EveryCapacity
    void sendAll_receiversWait_servesThemInOrder(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        List<Started<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            receivers.add(goroutines.call(chan::receive));
            Await.receivers(chan, i + 1);
        }
        var sender = sendingAll(chan, range(0, 5 + capacity));
        for (int i = 0; i < 5; i++) {
            assertEquals(i, receivers.get(i).get());
        }
        sender.get();
        assertEquals(range(5, 5 + capacity), chan.drain(100));
    }

    @EveryCapacity
    void sendAll_interruptedWhileItWaits_saysHowManyWereSent(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var sender = sendingAll(chan, range(0, 20));
        Await.senders(chan, 1);
        assertEquals(0, chan.receive());
        Await.senders(chan, 1);
        sender.interrupt();
        Throwable e = assertInstanceOf(InterruptedException.class, sender.failure());
        assertEquals("interrupted when " + (capacity + 1) + " of 20 values had been sent", e.getMessage());
        assertEquals(range(1, capacity + 1), chan.drain(100));
    }

    @EveryCapacity
    void sendAll_interruptedOnEntry_sendsNothing(int capacity) {
        for (Chan<Integer> chan : List.of(chans.<Integer>make(capacity), Chan.<Integer>absent())) {
            for (int n = 0; n < 2; n++) {
                List<Integer> values = range(0, n);
                Thread.currentThread().interrupt();
                Throwable e = assertThrows(InterruptedException.class, () -> chan.sendAll(values));
                assertTrue(e.getMessage().contains("0 of " + n), e.getMessage());
                assertFalse(Thread.interrupted());
            }
            assertNull(chan.tryReceive());
        }
    }

    @EveryCapacity
    void sendAll_closed_saysHowManyWereSent(int capacity) throws Exception {
        Exception cause = new Exception();
        Chan<Integer> chan = chans.make(capacity);
        var sender = sendingAll(chan, range(0, 20));
        Await.senders(chan, 1);
        chan.close(cause);
        Throwable e = assertInstanceOf(ChanClosedException.class, sender.failure());
        assertTrue(e.getMessage().startsWith("send on closed channel"), e.getMessage());
        assertTrue(e.getMessage().endsWith("(" + capacity + " of 20 values had been sent)"), e.getMessage());
        assertSame(cause, e.getCause());
        e = assertThrows(ChanClosedException.class, () -> chan.sendAll(range(0, 3)));
        assertTrue(e.getMessage().endsWith("(0 of 3 values had been sent)"), e.getMessage());
        assertEquals(capacity, chan.size());
    }

    @EveryCapacity
    void sendAll_empty_doesNothing(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.sendAll(List.of());
        assertEquals(0, chan.size());
        chan.close();
        chan.sendAll(List.of());
        Chan.<Integer>absent().sendAll(List.of());
    }

    @EveryCapacity
    void sendAll_null_throwsAndSendsNothing(int capacity) {
        for (Chan<Integer> chan : List.of(chans.<Integer>make(capacity), Chan.<Integer>absent())) {
            assertThrows(NullPointerException.class, () -> chan.sendAll(null));
            Throwable e = assertThrows(NullPointerException.class, () -> chan.sendAll(Arrays.asList(1, null, 3)));
            assertTrue(e.getMessage().startsWith("value 1 of 3 is null"), e.getMessage());
            assertNull(chan.tryReceive());
        }
    }

    @EveryCapacity
    void drain_closed_givesWhatIsLeft(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.sendAll(range(0, capacity));
        chan.close();
        assertEquals(range(0, capacity), chan.drain(100));
        assertEquals(List.of(), chan.drain(100));
        assertTrue(chan.isDrained());
    }

    @EveryCapacity
    void drain_closedWithCause_givesWhatIsLeftAndThenThrows(int capacity) throws Exception {
        Exception cause = new Exception();
        Chan<Integer> chan = chans.make(capacity);
        chan.sendAll(range(0, capacity));
        chan.close(cause);
        if (capacity > 0) {
            assertEquals(range(0, capacity), chan.drain(100), "and the end is for the next one");
        }
        for (int i = 0; i < 2; i++) {
            assertSame(cause, assertThrows(ChanClosedException.class, () -> chan.drain(1)).getCause());
        }
    }

    @EveryCapacity
    void drain_interrupted_doesNotLook(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.sendAll(range(0, capacity));
        Thread.currentThread().interrupt();
        assertEquals(range(0, capacity), chan.drain(100));
        assertTrue(Thread.interrupted());
    }

    @EveryCapacity
    void drain_badMax_throws(int capacity) {
        for (Chan<Integer> chan : List.of(chans.<Integer>make(capacity), Chan.<Integer>absent())) {
            assertThrows(IllegalArgumentException.class, () -> chan.drain(0));
            assertThrows(IllegalArgumentException.class, () -> chan.drain(-1));
            assertEquals(List.of(), chan.drain(1));
        }
    }

    @Test
    void drain_list_isTheCallers() throws Exception {
        Chan<Integer> chan = chans.make(2);
        chan.sendAll(List.of(1, 2));
        List<Integer> drained = chan.drain(2);
        drained.add(3);
        chan.sendAll(drained.subList(0, 2));
        assertEquals(List.of(1, 2), chan.drain(2));
        assertEquals(List.of(1, 2, 3), drained);
    }

    @Test
    void sendAll_absent_blocks() throws Exception {
        var sender = sendingAll(Chan.absent(), List.of(1, 2));
        Await.parked(sender.thread());
        sender.interrupt();
        assertEquals("interrupted when 0 of 2 values had been sent", sender.failure().getMessage());
    }

    /** Each dropped one is told of; a listener that throws ends it, and the send it was told of stands. */
    @Test
    void sendAll_bufferThatDrops_neverWaits() throws Exception {
        List<Integer> dropped = new ArrayList<>();
        Chan<Integer> chan = chans.made(Chan.make(Buffer.dropOldest(3, value -> {
            dropped.add(value);
            if (value == 5) {
                throw new IllegalStateException("five");
            }
        })));
        chan.sendAll(range(0, 7));
        assertEquals(range(0, 4), dropped);
        assertThrows(IllegalStateException.class, () -> chan.sendAll(range(7, 20)));
        assertEquals(range(0, 6), dropped);
        assertEquals(range(6, 9), chan.drain(10));
    }

    /** As by a send for each value: also by one that need not wait. */
    @Test
    void sendAll_interruptedBetweenTwoValues_throwsBeforeTheNext() {
        Chan<Integer> chan = chans.made(Chan.make(Buffer.dropOldest(1, dropped -> Thread.currentThread().interrupt())));
        var e = assertThrows(InterruptedException.class, () -> chan.sendAll(range(0, 5)));
        assertEquals("interrupted when 2 of 5 values had been sent", e.getMessage());
        assertFalse(Thread.interrupted());
        assertEquals(List.of(1), chan.drain(5));
    }

    /** As after any operation that has happened, the status tells of it. */
    @Test
    void sendAll_interruptedWhenAllHaveBeenSent_returnsAndKeepsTheStatus() throws Exception {
        Chan<Integer> chan = chans.made(Chan.make(Buffer.dropOldest(1, dropped -> Thread.currentThread().interrupt())));
        chan.sendAll(List.of(1, 2));
        assertTrue(Thread.interrupted());
        assertEquals(List.of(2), chan.drain(2));
    }

    /** All at once, in every form: each value is received once, those of a sender in order. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 100, -1})
    void sendAllAndDrain_race_nothingIsLost(int capacity) throws Exception {
        Chan<Integer> chan = capacity < 0 ? chans.made(Chan.make(Buffer.unbounded())) : chans.make(capacity);
        try (Producers producers = Producers.of(chan)) {
            for (int s = 0; s < 3; s++) {
                int to = (s + 1) * VALUES;
                int step = s == 0 ? 1 : 7 * s + 30;
                producers.go(() -> {
                    for (int i = to - VALUES; i < to; i += step) {
                        chan.sendAll(range(i, Math.min(to, i + step)));
                    }
                });
            }
        }
        ConcurrentLinkedQueue<Integer> all = new ConcurrentLinkedQueue<>();
        List<Started<Void>> receivers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            int max = r == 0 ? 5 : 100;
            receivers.add(goroutines.go(() -> {
                int[] last = {-1, -1, -1};
                for (Integer first; (first = chan.receive()) != null;) {
                    List<Integer> batch = new ArrayList<>(List.of(first));
                    batch.addAll(chan.drain(max));
                    for (int value : batch) {
                        assertTrue(last[value / VALUES] < value, "out of order: " + value);
                        last[value / VALUES] = value;
                    }
                    all.addAll(batch);
                }
            }));
        }
        for (Started<Void> receiver : receivers) {
            receiver.get();
        }
        BitSet seen = new BitSet();
        all.forEach(seen::set);
        assertEquals(3 * VALUES, all.size());
        assertEquals(3 * VALUES, seen.cardinality());
    }

    /** More than are taken at once. */
    @Test
    void drain_manyValues_givesNoMoreThanAskedFor() throws Exception {
        for (Chan<Integer> chan : List.of(Chan.<Integer>make(100), Chan.make(Buffer.<Integer>unbounded()))) {
            for (int max : new int[] {Batches.BATCH - 1, Batches.BATCH, Batches.BATCH + 1, 2 * Batches.BATCH + 1}) {
                chan.sendAll(range(0, 100));
                assertEquals(range(0, max), chan.drain(max));
                assertEquals(range(max, 100), chan.drain(1_000));
            }
        }
    }
}
