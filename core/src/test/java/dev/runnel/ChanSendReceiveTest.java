package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules: a send goes to a waiting receiver, else into the buffer, else the sender parks; a receive takes the oldest
 * value, and the oldest parked sender's value then moves into the buffer; waiters are served first in, first out.
 */
class ChanSendReceiveTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void send_null_throws(int capacity) {
        Chan<String> chan = chans.make(capacity);
        var e = assertThrows(NullPointerException.class, () -> chan.send(null));
        assertTrue(e.getMessage().contains("null cannot be sent"), e.getMessage());
        assertThrows(NullPointerException.class, () -> chan.trySend(null));
    }

    @EveryCapacity
    void send_receiverWaits_goesToItDirectly(int capacity) throws Exception {
        Chan<String> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);

        chan.send("value");

        assertEquals(0, chan.size(), "the buffer was not used");
        assertEquals("value", receiver.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void send_roomInTheBuffer_doesNotWait(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.size());
            chan.send(i);
        }
        assertEquals(capacity, chan.size());
    }

    @EveryCapacity
    void send_full_waitsForAReceive(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        fill(chan);

        var sender = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);
        Await.parked(sender.thread());
        assertFalse(sender.isDone());

        assertEquals(0, chan.receive());
        sender.get();
        for (int i = 1; i <= capacity; i++) {
            assertEquals(i, chan.receive());
        }
    }

    @EveryCapacity
    void receive_empty_waitsForASend(int capacity) throws Exception {
        Chan<String> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        Await.parked(receiver.thread());
        assertFalse(receiver.isDone());

        chan.send("value");
        assertEquals("value", receiver.get());
    }

    @EveryCapacity
    void receive_givesTheVeryObjectThatWasSent(int capacity) throws Exception {
        Chan<Object> chan = chans.make(capacity);
        Object value = new Object();
        goroutines.go(() -> chan.send(value));
        assertSame(value, chan.receive());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void receive_fullAndSenderWaits_sendersValueMovesToTheTail(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        fill(chan);
        var sender = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);

        assertEquals(0, chan.receive());

        assertEquals(capacity, chan.size(), "its place was taken at once");
        sender.get();
        assertEquals(IntStream.rangeClosed(1, capacity).boxed().toList(), drain(chan));
    }

    @EveryCapacity
    void values_areReceivedInTheOrderOfTheSends(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int n = 10_000;
        goroutines.go(() -> {
            for (int i = 0; i < n; i++) {
                chan.send(i);
            }
        });
        for (int i = 0; i < n; i++) {
            assertEquals(i, chan.receive());
        }
        assertNull(chan.tryReceive());
    }

    @EveryCapacity
    void senders_areServedInTheOrderInWhichTheyQueued(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        fill(chan);
        int n = 20;
        for (int i = 0; i < n; i++) {
            int value = capacity + i;
            goroutines.go(() -> chan.send(value));
            Await.senders(chan, i + 1);
        }
        for (int i = 0; i < capacity + n; i++) {
            assertEquals(i, chan.receive());
        }
    }

    @EveryCapacity
    void receivers_areServedInTheOrderInWhichTheyQueued(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int n = 20;
        var receivers = new ArrayList<Goroutines.Started<Integer>>();
        for (int i = 0; i < n; i++) {
            receivers.add(goroutines.call(chan::receive));
            Await.receivers(chan, i + 1);
        }
        for (int i = 0; i < n; i++) {
            chan.send(i);
        }
        for (int i = 0; i < n; i++) {
            assertEquals(i, receivers.get(i).get());
        }
    }

    @EveryCapacity
    void newcomer_doesNotOvertakeAWaitingSender(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        fill(chan);
        goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);

        chan.receive();

        assertFalse(capacity > 0 && chan.trySend(-1), "the place that became free was the waiting sender's");
        assertEquals(IntStream.rangeClosed(1, capacity).boxed().toList(), drain(chan));
    }

    @EveryCapacity
    void newcomer_doesNotOvertakeAWaitingReceiver(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);

        chan.send(1);

        assertNull(chan.tryReceive(), "the value was the waiting receiver's");
        assertEquals(1, receiver.get());
    }

    /** A strict rendezvous: no value is ever on its way while both sides do something else. */
    @Test
    void unbufferedSend_returnsOnlyAfterItsValueWasTaken() throws Exception {
        Chan<Integer> chan = chans.make();
        int n = 10_000;
        int[] received = new int[1]; // written by the receiver before each receive: guarded by the rendezvous
        goroutines.go(() -> {
            for (int i = 0; i < n; i++) {
                received[0] = i;
                assertEquals(i, chan.receive());
            }
        });
        for (int i = 0; i < n; i++) {
            chan.send(i);
            assertTrue(received[0] >= i, "the receive had begun");
        }
    }

    @Test
    void unbufferedSend_withASecondSenderWaiting_returnsOneForEachReceive() throws Exception {
        Chan<Integer> chan = chans.make();
        var first = goroutines.go(() -> chan.send(1));
        Await.senders(chan, 1);
        var second = goroutines.go(() -> chan.send(2));
        Await.senders(chan, 2);

        assertEquals(1, chan.receive());
        first.get();
        Await.parked(second.thread());
        assertFalse(second.isDone());
        assertEquals(1, Waiting.senders(chan));

        assertEquals(2, chan.receive());
        second.get();
    }

    @EveryCapacity
    void manySendersAndReceivers_everyValueArrivesOnce(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int pairs = 8;
        int each = 2_000;
        var received = new ArrayList<Goroutines.Started<List<Integer>>>();
        for (int p = 0; p < pairs; p++) {
            int from = p * each;
            goroutines.go(() -> {
                for (int i = from; i < from + each; i++) {
                    chan.send(i);
                }
            });
            received.add(goroutines.call(() -> {
                var mine = new ArrayList<Integer>();
                for (int i = 0; i < each; i++) {
                    mine.add(chan.receive());
                }
                return mine;
            }));
        }
        var all = new ArrayList<Integer>();
        for (var one : received) {
            assertInOrderOfEachSender(one.get(), pairs, each);
            all.addAll(one.get());
        }
        assertEquals(IntStream.range(0, pairs * each).boxed().toList(), all.stream().sorted().toList());
    }

    /** What one receiver gets of one sender is in the order in which that one has sent it. */
    private static void assertInOrderOfEachSender(List<Integer> received, int senders, int each) {
        int[] last = IntStream.range(0, senders).map(s -> s * each - 1).toArray();
        for (int value : received) {
            assertTrue(last[value / each] < value, () -> value + " after a later one of its sender");
            last[value / each] = value;
        }
    }

    private static void fill(Chan<Integer> chan) throws InterruptedException {
        for (int i = 0; i < chan.capacity(); i++) {
            chan.send(i);
        }
    }

    private static List<Integer> drain(Chan<Integer> chan) {
        var values = new ArrayList<Integer>();
        for (Integer value; (value = chan.tryReceive()) != null;) {
            values.add(value);
        }
        return values;
    }
}
