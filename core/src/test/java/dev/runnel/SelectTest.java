package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: wait, do exactly one case, run its handler if it has one, return that case. */
class SelectTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void receive_senderWaits_takesItsValue(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var sender = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);
        for (int i = 0; i <= capacity; i++) {
            assertEquals(i, select(chan.onReceive()).value());
        }
        sender.get();
    }

    @EveryCapacity
    void send_receiverWaits_givesItTheValue(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        Case<Object> send = chan.onSend(7);
        assertSame(send, select(send));
        assertNull(send.value(), "a send has no value");
        assertEquals(7, receiver.get());
    }

    @EveryCapacity
    void nothingReady_waitsForASend(int capacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        Chan<Integer> b = chans.make(capacity);
        var selecting = goroutines.call(() -> select(a.onReceive(), b.onReceive()).value());
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        Await.parked(selecting.thread());
        assertFalse(selecting.isDone());

        b.send(2);

        assertEquals(2, selecting.get());
        assertEquals(0, Waiting.receivers(a), "it has left the other queue");
        assertEquals(0, b.size());
    }

    @EveryCapacity
    void nothingReady_waitsForAReceive(int capacity) throws Exception {
        Chan<Integer> a = full(capacity);
        Chan<Integer> b = full(capacity);
        var selecting = goroutines.call(() -> {
            Case<Integer> toA = a.onSend(1);
            Case<Integer> toB = b.onSend(2);
            return select(toA, toB) == toB;
        });
        Await.senders(a, 1);
        Await.senders(b, 1);
        Await.parked(selecting.thread());

        Integer received = b.receive();

        assertEquals(true, selecting.get());
        assertEquals(0, Waiting.senders(a));
        assertEquals(capacity == 0 ? 2 : 0, received);
        assertEquals(capacity, b.size());
    }

    @Test
    void nothingReady_mixedCases_firstPartnerDecides() throws Exception {
        Chan<Integer> in = chans.make();
        Chan<Integer> out = chans.make();
        for (int turn = 0; turn < 200; turn++) {
            Case<Integer> receive = in.onReceive();
            Case<Integer> send = out.onSend(turn);
            var selecting = goroutines.call(() -> select(receive, send) == receive);
            Await.receivers(in, 1);
            Await.senders(out, 1);
            if (turn % 2 == 0) {
                in.send(turn);
                assertEquals(true, selecting.get());
            } else {
                assertEquals(turn, out.receive());
                assertEquals(false, selecting.get());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 40})
    void anyNumberOfCases_eachCanBeChosen(int n) throws Exception {
        List<Chan<Integer>> all = IntStream.range(0, n).mapToObj(i -> chans.<Integer>make()).toList();
        for (int wanted = 0; wanted < n; wanted++) {
            var selecting = goroutines.call(() -> select(onReceive(all)));
            for (Chan<Integer> chan : all) {
                Await.receivers(chan, 1);
            }
            all.get(wanted).send(wanted);
            assertEquals(wanted, selecting.get().value());
            for (Chan<Integer> chan : all) {
                assertEquals(0, Waiting.receivers(chan));
            }
        }
    }

    @Test
    void arities_oneToFour_areTheSame() throws Exception {
        Chan<Integer> chan = chans.make(10);
        Chan<Integer> never = chans.make();
        for (int i = 1; i <= 4; i++) {
            chan.send(i);
        }
        assertEquals(1, select(chan.onReceive()).value());
        assertEquals(2, select(never.onReceive(), chan.onReceive()).value());
        assertEquals(3, select(never.onReceive(), chan.onReceive(), never.onReceive()).value());
        assertEquals(4, select(never.onReceive(), never.onReceive(), never.onReceive(), chan.onReceive()).value());
    }

    @Test
    void closedChannel_receiveIsReadyAndNull() throws Exception {
        Chan<Integer> closed = chans.make(1);
        closed.send(1);
        closed.close();
        Chan<Integer> never = chans.make();
        assertEquals(1, select(closed.onReceive(), never.onReceive()).value());
        Case<Integer> receive = closed.onReceive();
        assertSame(receive, select(receive, never.onReceive()));
        assertNull(receive.value());
        assertSame(receive, select(receive, otherwise()), "a closed channel is ready");
    }

    @Test
    void closedChannel_sendIsReadyAndThrows() {
        Chan<Integer> closed = chans.make(1);
        closed.close();
        Chan<Integer> never = chans.make();
        assertThrows(ChanClosedException.class, () -> select(closed.onSend(1), never.onReceive()));
        assertThrows(ChanClosedException.class, () -> select(closed.onSend(1), otherwise()));
        assertThrows(ChanClosedException.class, () -> select(closed.onSend().with(1)));
    }

    @EveryCapacity
    void closeWhileWaiting_receiveIsChosenWithNull(int capacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        Chan<Integer> b = chans.make(capacity);
        Case<Integer> fromB = b.onReceive();
        var selecting = goroutines.call(() -> select(a.onReceive(), fromB));
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        b.close();
        assertSame(fromB, selecting.get());
        assertNull(fromB.value());
        assertEquals(0, Waiting.receivers(a));
    }

    @EveryCapacity
    void closeWhileWaiting_sendThrows(int capacity) throws Exception {
        Chan<Integer> a = full(capacity);
        Chan<Integer> b = full(capacity);
        Case<Integer> toB = b.onSend(-1);
        var selecting = goroutines.call(() -> select(a.onSend(-1), toB));
        Await.senders(a, 1);
        Await.senders(b, 1);
        b.close();
        assertInstanceOf(ChanClosedException.class, selecting.failure());
        assertEquals(0, Waiting.senders(a));
        assertThrows(IllegalStateException.class, toB::value, "it was not done");
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, b.receive());
        }
        assertNull(b.receive(), "what it had was not delivered");
    }

    /** It stands in the queues as a plain send or receive would, and is served when its turn comes. */
    @Test
    void waiting_isServedInTheOrderInWhichItQueued() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> other = chans.make();
        var first = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        var second = goroutines.call(() -> select(other.onReceive(), chan.onReceive()).value());
        Await.receivers(chan, 2);
        var third = goroutines.call(chan::receive);
        Await.receivers(chan, 3);
        for (int i = 1; i <= 3; i++) {
            chan.send(i);
        }
        assertEquals(1, first.get());
        assertEquals(2, second.get());
        assertEquals(3, third.get());
    }

    @Test
    void twoSelects_canMeetEachOther() throws Exception {
        for (int turn = 0; turn < 2_000; turn++) {
            Chan<Integer> a = chans.make();
            Chan<Integer> b = chans.make();
            int value = turn;
            AtomicReference<Integer> got = new AtomicReference<>();
            var left = goroutines.go(() -> select(a.onSend(value), b.<Object>onReceive(got::set)));
            var right = goroutines.go(() -> select(b.onSend(value), a.<Object>onReceive(got::set)));
            left.get();
            right.get();
            assertEquals(value, got.get());
        }
    }

    @Test
    void sameChannelInSeveralCases_isServedOnceForEachValue() throws Exception {
        Chan<Integer> chan = chans.make();
        var selecting = goroutines.call(() -> {
            int sum = 0;
            for (int i = 0; i < 100; i++) {
                sum += select(chan.onReceive(), chan.onReceive(), chan.onReceive()).value();
            }
            return sum;
        });
        for (int i = 0; i < 100; i++) {
            chan.send(i);
        }
        assertEquals(4950, selecting.get());
        assertEquals(0, Waiting.receivers(chan));
    }

    @Test
    void sameChannelSendAndReceive_neverMeetsItself() throws Exception {
        Chan<Integer> chan = chans.make();
        var alone = goroutines.call(() -> select(chan.onSend(1), chan.onReceive()));
        Await.senders(chan, 1);
        Await.receivers(chan, 1);
        Await.parked(alone.thread());
        assertFalse(alone.isDone());

        assertEquals(1, chan.receive(), "another one can meet it");
        alone.get();
        assertEquals(0, Waiting.receivers(chan));
    }

    /** As many selects that send and receive on one channel as you like: each meeting serves one of either kind. */
    @Test
    void sameChannelSendAndReceive_manySelects_meetInPairs() throws Exception {
        Chan<Integer> chan = chans.make();
        int goroutineCount = 10;
        int turns = Effort.times(2_000);
        var received = new ArrayList<Goroutines.Started<Integer>>();
        for (int g = 0; g < goroutineCount; g++) {
            received.add(goroutines.call(() -> {
                int count = 0;
                Case<Integer> receive = chan.onReceive();
                SendCase<Integer> send = chan.onSend();
                for (int i = 0; i < turns; i++) {
                    // the last ones may find nobody who is left
                    var chosen = select(receive, send.with(1), after(Duration.ofMillis(200)));
                    if (chosen == receive) {
                        count++;
                    } else if (chosen == send) {
                        count--;
                    } else {
                        break;
                    }
                }
                return count;
            }));
        }
        int balance = 0;
        for (var one : received) {
            balance += one.get();
        }
        assertEquals(0, balance, "as many sends as receives");
    }

    @Test
    void interruptedOnEntry_throwsThoughACaseIsReady() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> select(chan.onReceive()));
        assertFalse(Thread.interrupted());
        assertEquals(1, chan.size());
    }

    @Test
    void interruptedWhileWaiting_throwsAndLeavesAllQueues() throws Exception {
        Chan<Integer> a = chans.make();
        Chan<Integer> b = chans.make(1);
        Chan<Integer> c = full(2);
        var selecting = goroutines.call(() -> select(a.onReceive(), b.onReceive(), c.onSend(9)));
        Await.senders(c, 1);
        Await.parked(selecting.thread());
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
        assertEquals(0, Waiting.receivers(a) + Waiting.receivers(b) + Waiting.senders(c));
    }

    @Test
    void interruptedWithOtherwise_doesNotLookAtIt() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Thread.currentThread().interrupt();
        assertSame(1, selectOrElse(chan, 1));
        chan.trySend(2);
        assertSame(2, selectOrElse(chan, 1));
        assertTrue(Thread.interrupted());
    }

    private static int selectOrElse(Chan<Integer> chan, int otherwise) throws InterruptedException {
        Integer value = select(chan.onReceive(), otherwise()).value();
        return value == null ? otherwise : value;
    }

    @SuppressWarnings("unchecked")
    private static Case<? extends Integer>[] onReceive(List<Chan<Integer>> all) {
        return all.stream().map(Chan::onReceive).toArray(Case[]::new);
    }

    private Chan<Integer> full(int capacity) throws InterruptedException {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        return chan;
    }
}
