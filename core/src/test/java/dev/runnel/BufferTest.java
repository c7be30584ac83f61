package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules: a full buffer that drops lets no send wait, drops the one value that it should, and tells its listener of each
 * one, once, after the send and outside of all locks; an unbounded one never lets a send wait; and all else is as on
 * any channel.
 */
class BufferTest {

    /** How many values each goroutine sends where several do. */
    private static final int VALUES = Effort.times(20_000, 2_000_000);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final Queue<Object> dropped = new ConcurrentLinkedQueue<>();

    private Chan<Integer> oldest(int capacity) {
        return chans.made(Chan.make(Buffer.dropOldest(capacity, dropped::add)));
    }

    private Chan<Integer> newest(int capacity) {
        return chans.made(Chan.make(Buffer.dropNewest(capacity, dropped::add)));
    }

    private Chan<Integer> unbounded() {
        return chans.made(Chan.make(Buffer.unbounded()));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private List<Object> dropped() {
        return List.copyOf(dropped);
    }

    private static <T> List<T> drained(Chan<T> chan) {
        List<T> all = new ArrayList<>();
        for (T value; (value = chan.tryReceive()) != null;) {
            all.add(value);
            Chans.check((LockedChan<?>) chan);
        }
        return all;
    }

    /** One segment, several, and one that is not filled. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 128, 200})
    void dropOldest_full_keepsTheLast(int capacity) throws Exception {
        Chan<Integer> chan = oldest(capacity);
        assertEquals(capacity, chan.capacity());
        for (int n = 1; n <= 4 * capacity; n++) {
            chan.send(n - 1);
            assertEquals(Math.min(n, capacity), chan.size());
            assertEquals(Math.max(0, n - capacity), dropped.size());
        }
        assertEquals(range(0, 3 * capacity), dropped());
        assertEquals(range(3 * capacity, 4 * capacity), drained(chan));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 128, 200})
    void dropNewest_full_keepsTheFirst(int capacity) throws Exception {
        Chan<Integer> chan = newest(capacity);
        assertEquals(capacity, chan.capacity());
        for (int i = 0; i < 4 * capacity; i++) {
            chan.send(i);
            assertEquals(Math.min(i + 1, capacity), chan.size());
        }
        assertEquals(range(capacity, 4 * capacity), dropped());
        assertEquals(range(0, capacity), drained(chan));
    }

    @Test
    void conflating_keepsTheLatest() throws Exception {
        Chan<Integer> chan = chans.made(Chan.make(Buffer.conflating(dropped::add)));
        assertEquals(1, chan.capacity());
        chan.send(1);
        assertEquals(1, chan.receive());
        chan.send(2);
        chan.send(3);
        chan.send(4);
        assertEquals(4, chan.receive());
        assertEquals(List.of(2, 3), dropped());
    }

    @Test
    void unbounded_growsAndShrinks_inOrder() throws Exception {
        Chan<Integer> chan = unbounded();
        assertEquals(Integer.MAX_VALUE, chan.capacity());
        int sent = 0;
        int received = 0;
        for (int burst : new int[] {1, 63, 1, 64, 65, 1_000, 3, 128}) {
            for (int i = 0; i < burst; i++) {
                chan.send(sent++);
            }
            Chans.check((LockedChan<?>) chan);
            for (int i = 0; i < burst / 2; i++) {
                assertEquals(received++, chan.receive());
            }
            assertEquals(sent - received, chan.size());
        }
        assertEquals(range(received, sent), drained(chan));
    }

    @Test
    void fixed_isTheChannelOfThatCapacity() {
        for (int capacity : new int[] {0, 1, 2, 10}) {
            Chan<Integer> chan = Chan.make(Buffer.fixed(capacity));
            assertEquals(capacity, chan.capacity());
            assertSame(Chan.make(capacity).getClass(), chan.getClass());
        }
    }

    @Test
    void make_badArguments_throws() {
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> Buffer.dropOldest(bad, dropped::add));
            assertThrows(IllegalArgumentException.class, () -> Buffer.dropNewest(bad, dropped::add));
        }
        assertThrows(IllegalArgumentException.class, () -> Buffer.fixed(-1));
        assertThrows(IllegalArgumentException.class, () -> Buffer.fixed(Integer.MAX_VALUE));
        assertThrows(NullPointerException.class, () -> Buffer.dropOldest(1, null));
        assertThrows(NullPointerException.class, () -> Buffer.dropNewest(1, null));
        assertThrows(NullPointerException.class, () -> Buffer.conflating(null));
        assertThrows(NullPointerException.class, () -> Chan.make((Buffer<Integer>) null));
    }

    @Test
    void send_null_throwsAndDropsNothing() {
        Chan<Integer> chan = oldest(1);
        assertTrue(chan.trySend(1));
        assertThrows(NullPointerException.class, () -> chan.send(null));
        assertThrows(NullPointerException.class, () -> chan.trySend(null));
        assertEquals(List.of(), dropped());
        assertEquals(1, chan.tryReceive());
    }

    @Test
    void buffer_givenTwice_makesChannelsOfTheirOwn() throws Exception {
        Buffer<Integer> buffer = Buffer.dropOldest(1, dropped::add);
        Chan<Integer> a = Chan.make(buffer);
        Chan<Integer> b = Chan.make(buffer);
        a.send(1);
        assertNull(b.tryReceive());
        a.send(2);
        assertEquals(List.of(1), dropped());
        assertEquals(2, a.tryReceive());
        assertEquals("Buffer[capacity=1, when full DROP_OLDEST]", buffer.toString());
    }

    @Test
    void trySend_full_succeeds() {
        Chan<Integer> oldest = oldest(1);
        Chan<Integer> newest = newest(1);
        for (int i = 0; i < 3; i++) {
            assertTrue(oldest.trySend(i));
            assertTrue(newest.trySend(10 + i));
        }
        assertEquals(List.of(0, 11, 1, 12), dropped());
        assertEquals(2, oldest.tryReceive());
        assertEquals(10, newest.tryReceive());
    }

    @Test
    void select_sendToAFullOne_isReadyAndDrops() throws Exception {
        Chan<Integer> quiet = chans.make();
        for (Chan<Integer> chan : List.of(oldest(1), newest(1))) {
            dropped.clear();
            List<Object> ran = new ArrayList<>();
            SendCase<Integer> send = chan.onSend();
            Case<Integer> fixed = chan.onSend(3, () -> ran.add(List.copyOf(dropped)));
            assertSame(send, select(send.with(1)));
            assertSame(send, select(quiet.onReceive(), send.with(2)));
            assertSame(fixed, select(quiet.onReceive(), fixed, otherwise()));
            assertSame(fixed, select(fixed, otherwise()));
            boolean keepsLast = chan.tryReceive() == 3;
            assertEquals(keepsLast ? List.of(1, 2, 3) : List.of(2, 3, 3), dropped());
            assertEquals(
                    keepsLast ? List.of(List.of(1, 2), List.of(1, 2, 3)) : List.of(List.of(2, 3), List.of(2, 3, 3)),
                    ran, "the action runs after the listener");
            assertThrows(IllegalStateException.class, () -> select(send), "the value was let go");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void send_receiverWaits_goesToItAndDropsNothing(int kind) throws Exception {
        Chan<Integer> chan = kind == 0 ? oldest(1) : kind == 1 ? newest(1) : unbounded();
        List<Started<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            receivers.add(goroutines.call(i % 2 == 0 ? chan::receive : () -> select(chan.onReceive()).value()));
            Await.receivers(chan, i + 1);
        }
        for (int i = 0; i < 5; i++) {
            chan.send(i);
            assertEquals(0, chan.size());
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(i, receivers.get(i).get());
        }
        assertEquals(List.of(), dropped());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void close_values_stayReceivable(int kind) throws Exception {
        Chan<Integer> chan = kind == 0 ? oldest(2) : kind == 1 ? newest(2) : unbounded();
        chan.send(1);
        chan.send(2);
        Exception cause = new Exception();
        if (kind == 0) {
            chan.close();
        } else {
            chan.close(cause);
        }
        assertThrows(ChanClosedException.class, () -> chan.send(3));
        assertThrows(ChanClosedException.class, () -> chan.trySend(3));
        assertThrows(ChanClosedException.class, () -> select(chan.onSend(3)));
        assertEquals(List.of(), dropped(), "a send that fails drops nothing");
        assertEquals(1, chan.receive());
        assertFalse(chan.isDrained());
        assertEquals(2, chan.receive());
        assertTrue(chan.isDrained());
        if (kind == 0) {
            assertNull(chan.receive());
        } else {
            assertSame(cause, assertThrows(ChanClosedException.class, chan::receive).getCause());
        }
    }

    @Test
    void send_interruptedOnEntry_throwsAndDropsNothing() {
        Chan<Integer> chan = oldest(1);
        assertTrue(chan.trySend(1));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> chan.send(2));
        assertEquals(List.of(), dropped());
        assertEquals(1, chan.tryReceive());
    }

    /** On the goroutine that sends, when the send has happened, and without a lock: it may use the channel. */
    @Test
    void listener_runsOnTheSenderAfterTheSendOutsideOfTheLock() throws Exception {
        List<Object> seen = new ArrayList<>();
        List<Chan<Integer>> made = new ArrayList<>();
        Chan<Integer> chan = chans.made(Chan.make(Buffer.dropOldest(2, value -> {
            Chan<Integer> self = made.get(0);
            seen.addAll(List.of(Thread.currentThread(), value, self.size(), self.tryReceive(), self.size()));
        })));
        made.add(chan);
        chan.send(1);
        chan.send(2);
        chan.send(3);
        assertEquals(List.of(Thread.currentThread(), 1, 2, 2, 1), seen);
        assertEquals(3, chan.receive());
    }

    @Test
    void listener_throws_comesOutOfTheSendWhichStands() throws Exception {
        RuntimeException failure = new IllegalStateException("failed");
        List<Object> ran = new ArrayList<>();
        Chan<Integer> chan = chans.made(Chan.make(Buffer.conflating(value -> {
            ran.add(value);
            throw failure;
        })));
        chan.send(1);
        assertSame(failure, assertThrows(IllegalStateException.class, () -> chan.send(2)));
        assertSame(failure, assertThrows(IllegalStateException.class, () -> chan.trySend(3)));
        SendCase<Integer> send = chan.onSend();
        assertSame(failure, assertThrows(IllegalStateException.class, () -> select(send.with(4))));
        assertNull(send.value(), "the case was chosen, and has let its value go");
        assertSame(failure, assertThrows(IllegalStateException.class,
                () -> select(chan.onSend(5, () -> ran.add("action")), otherwise())));
        assertEquals(List.of(1, 2, 3, 4), ran);
        assertEquals(5, chan.receive());
        assertNull(chan.tryReceive());
        assertSame(send, select(send.with(6)));
        assertEquals(6, chan.receive());
    }

    /** Whatever is sent is received or dropped, once; in the order of each sender, and of each of the two. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void sendAndReceive_race_eachValueIsReceivedOrDroppedOnce(int kind) throws Exception {
        int senders = 3;
        Chan<Integer> chan = switch (kind) {
            case 0 -> oldest(1);
            case 1 -> oldest(100);
            case 2 -> newest(3);
            default -> unbounded();
        };
        List<Started<List<Integer>>> receivers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            int form = r;
            receivers.add(goroutines.call(() -> {
                List<Integer> mine = new ArrayList<>();
                Case<Integer> receive = chan.onReceive();
                for (Integer value; (value = form == 0 ? chan.receive() : select(receive).value()) != null;) {
                    mine.add(value);
                }
                return mine;
            }));
        }
        try (Producers producers = Producers.of(chan)) {
            for (int s = 0; s < senders; s++) {
                int from = s * VALUES;
                producers.go(() -> {
                    SendCase<Integer> send = chan.onSend();
                    for (int i = from; i < from + VALUES; i++) {
                        switch (i % 3) {
                            case 0 -> chan.send(i);
                            case 1 -> assertTrue(chan.trySend(i));
                            default -> select(send.with(i));
                        }
                    }
                });
            }
        }
        BitSet all = new BitSet();
        for (var receiver : receivers) {
            int[] last = {-1, -1, -1};
            for (int value : receiver.get()) {
                assertFalse(all.get(value), "twice: " + value);
                all.set(value);
                assertTrue(last[value / VALUES] < value, "out of order: " + value);
                last[value / VALUES] = value;
            }
        }
        for (Object value : dropped) {
            assertFalse(all.get((Integer) value), "twice: " + value);
            all.set((Integer) value);
        }
        assertEquals(senders * VALUES, all.cardinality());
        if (kind == 3) {
            assertEquals(List.of(), dropped());
        }
    }

    @Test
    void sendAndReceive_steady_allocateNoSegments() throws Exception {
        for (LockedChan<Integer> chan : List.of((LockedChan<Integer>) oldest(1), (LockedChan<Integer>) oldest(100),
                (LockedChan<Integer>) unbounded())) {
            for (int i = 0; i < 50; i++) {
                chan.send(i);
            }
            PolicyChan<Integer> policy = (PolicyChan<Integer>) chan;
            int most = 0;
            for (int i = 0; i < 10_000; i++) {
                chan.send(i);
                if (chan.capacity() != 1) {
                    chan.receive();
                }
                most = Math.max(most, Chans.segments(policy));
            }
            assertTrue(most <= 3, most + " segments");
        }
    }

    @Test
    void unbounded_drained_letsItsMemoryGo() throws Exception {
        Chan<Integer> chan = unbounded();
        for (int i = 0; i < 10_000; i++) {
            chan.send(i);
        }
        assertTrue(Chans.segments((PolicyChan<?>) chan) > 100);
        drained(chan);
        assertTrue(Chans.segments((PolicyChan<?>) chan) <= 2);
    }

    @Test
    void values_receivedOrDropped_areLetGo() throws Exception {
        List<Chan<Object>> made = List.of(Chan.make(Buffer.dropOldest(2, value -> {})),
                Chan.make(Buffer.dropNewest(2, value -> {})), Chan.make(Buffer.unbounded()));
        for (Chan<Object> chan : made) {
            SendCase<Object> send = chan.onSend();
            List<WeakReference<?>> gone = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Object value = new Object();
                select(send.with(value));
                gone.add(new WeakReference<>(value));
            }
            while (chan.tryReceive() != null) {
                // until it is empty
            }
            Await.until(() -> {
                System.gc();
                return gone.stream().allMatch(one -> one.refersTo(null));
            }, () -> "the values to be let go");
            Reference.reachabilityFence(send);
        }
        Reference.reachabilityFence(made);
    }

    /** The policy that waits, at a limit that can be reached: the unbounded one's, as far as it is one. */
    @Test
    void sendersWait_atTheLimit_areServedInOrder() throws Exception {
        Chan<Integer> chan = chans.made(new PolicyChan<>(2, Buffer.WhenFull.WAIT, dropped::add));
        chan.send(0);
        chan.send(1);
        assertFalse(chan.trySend(-1));
        List<Started<?>> senders = new ArrayList<>();
        for (int i = 2; i < 6; i++) {
            int value = i;
            senders.add(goroutines.call(() -> {
                chan.send(value);
                return null;
            }));
            Await.senders(chan, i - 1);
        }
        for (int i = 0; i < 6; i++) {
            assertEquals(i, chan.receive());
        }
        for (Started<?> sender : senders) {
            sender.get();
        }
        chan.send(6);
        chan.send(7);
        var refused = goroutines.call(() -> select(chan.onSend(8)));
        Await.senders(chan, 1);
        chan.close();
        assertInstanceOf(ChanClosedException.class, refused.failure());
        assertEquals(List.of(6, 7), drained(chan));
    }

    /** What was sent is sent: the next select must not send it again. */
    @Test
    void select_listenerThrows_theValueIsLetGo() throws Exception {
        Chan<Integer> chan = chans.made(Chan.make(Buffer.conflating(value -> {
            throw new IllegalStateException("failed");
        })));
        chan.send(1);
        SendCase<Integer> send = chan.onSend();
        assertThrows(IllegalStateException.class, () -> select(send.with(2)));
        var e = assertThrows(IllegalStateException.class, () -> select(send));
        assertTrue(e.getMessage().contains("no value"), e.getMessage());
        assertEquals(2, chan.receive());
    }
}
