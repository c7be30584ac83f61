package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules: a set does what a select over all of its cases would, in turn; each rule by itself. */
class CaseSetTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CaseSet<Integer> set = new CaseSet<>();

    @EveryCapacity
    void receive_valueThere_isTaken(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        set.add(chans.<Integer>make(capacity).onReceive());
        var sender = goroutines.go(() -> chan.send(1));
        assertSame(receive, set.select());
        assertEquals(1, receive.value());
        assertEquals(1, receive.value(), "it can be asked again");
        sender.get();
        assertNull(set.trySelect());
        assertThrows(IllegalStateException.class, receive::value, "that was the turn before");
    }

    @EveryCapacity
    void receive_nothingThere_waitsForASend(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        for (int i = 0; i < 3; i++) {
            var selecting = goroutines.call(set::select);
            awaitArmed(chan, 1);
            Await.parked(selecting.thread());
            chan.send(i);
            assertSame(receive, selecting.get());
            assertEquals(i, receive.value());
        }
    }

    @EveryCapacity
    void send_room_isDone(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> send = set.add(chan.onSend(7));
        for (int i = 0; i < capacity; i++) {
            assertSame(send, set.trySelect());
        }
        assertNull(set.trySelect());
        var receiver = goroutines.call(chan::receive);
        assertSame(send, set.select());
        assertEquals(7, receiver.get());
        for (int i = 0; i < capacity; i++) {
            assertEquals(7, chan.receive());
        }
    }

    @EveryCapacity
    void send_noRoom_waitsForAReceive(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        Case<Integer> send = set.add(chan.onSend(7));
        var selecting = goroutines.call(set::select);
        awaitArmed(chan, 1);
        Await.parked(selecting.thread());
        assertEquals(capacity > 0 ? 0 : 7, chan.receive());
        assertSame(send, selecting.get());
        chan.close();
        for (int i = 1; i < capacity; i++) {
            assertEquals(i, chan.receive());
        }
        assertEquals(capacity > 0 ? 7 : null, chan.receive());
    }

    /** Others find the set at work on a channel whose values come from a sender that a select queued, or a seat. */
    @EveryCapacity
    void receive_fromASelect_isTold(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        var selecting = goroutines.call(set::select);
        awaitArmed(chan, 1);
        var other = goroutines.call(() -> select(chan.onSend(5), chans.<Integer>make().onReceive()));
        assertSame(receive, selecting.get());
        other.get();
        assertEquals(5, receive.value());
    }

    @EveryCapacity
    void close_whileItWaits_receivesNullAndSendThrows(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        var selecting = goroutines.call(set::select);
        awaitArmed(chan, 1);
        chan.close();
        assertSame(receive, selecting.get());
        assertNull(receive.value());
        assertSame(receive, set.trySelect(), "a closed channel stays ready");
        set.remove(receive);
        Chan<Integer> full = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            full.send(i);
        }
        Case<Integer> send = set.add(full.onSend(1));
        var sending = goroutines.call(set::select);
        awaitArmed(full, 1);
        full.close();
        assertInstanceOf(ChanClosedException.class, sending.failure());
        assertThrows(ChanClosedException.class, set::select, "and throws again");
        assertThrows(IllegalStateException.class, send::value);
    }

    @Test
    void add_chanReadyBefore_isFound() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        Case<Integer> receive = set.add(chan.onReceive());
        assertSame(receive, set.select());
        assertEquals(1, set.size());
        assertEquals("CaseSet[size=1]", set.toString());
    }

    @Test
    void absent_isNeverReady() throws Exception {
        Case<Integer> receive = set.add(Chan.<Integer>absent().onReceive());
        set.add(Chan.<Integer>absent().onSend(1));
        assertNull(set.trySelect());
        assertTrue(set.remove(receive));
        assertEquals(1, set.size());
    }

    @Test
    void empty_blocksUntilInterrupted() throws Exception {
        assertNull(set.trySelect());
        var selecting = goroutines.call(set::select);
        Await.parked(selecting.thread());
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
    }

    @Test
    void interruptedOnEntry_throwsThoughACaseIsReady_trySelectDoesNot() throws Exception {
        Chan<Integer> chan = chans.make(2);
        chan.send(1);
        Case<Integer> receive = set.add(chan.onReceive());
        assertSame(receive, set.select());
        chan.send(2);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, set::select);
        assertEquals(1, receive.value(), "a turn that did not begin leaves things as they were");
        Thread.currentThread().interrupt();
        assertSame(receive, set.trySelect());
        assertTrue(Thread.interrupted());
        assertEquals(2, receive.value());
    }

    @EveryCapacity
    void interruptedWhileItWaits_nothingHasHappenedAndItCanGoOn(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        for (int i = 0; i < 3; i++) {
            var selecting = goroutines.call(set::select);
            awaitArmed(chan, 1);
            Await.parked(selecting.thread());
            selecting.interrupt();
            assertInstanceOf(InterruptedException.class, selecting.failure());
        }
        var sender = goroutines.go(() -> chan.send(1));
        assertSame(receive, set.select());
        sender.get();
    }

    @Test
    void readyCases_areServedInTurn() throws Exception {
        List<Case<Integer>> cases = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Chan<Integer> chan = chans.make(100);
            for (int n = 0; n < 100; n++) {
                chan.send(n);
            }
            cases.add(set.add(chan.onReceive()));
            set.add(chans.<Integer>make().onReceive());
        }
        for (int n = 0; n < 100; n++) {
            for (Case<Integer> one : cases) {
                assertSame(one, set.select());
                assertEquals(n, one.value());
            }
        }
        assertNull(set.trySelect());
    }

    /** One that is always ready does not keep others from being served. */
    @Test
    void closedChannel_othersAreServedAllTheSame() throws Exception {
        Chan<Integer> closed = chans.make();
        closed.close();
        Chan<Integer> chan = chans.make(10);
        Case<Integer> fromClosed = set.add(closed.onReceive());
        Case<Integer> receive = set.add(chan.onReceive());
        for (int i = 0; i < 10; i++) {
            assertSame(fromClosed, set.select());
        }
        chan.send(1);
        Case<? extends Integer> next = set.select();
        assertSame(receive, next == fromClosed ? set.select() : next);
    }

    @Test
    void remove_caseIsNotChosenAnyMoreAndFree() throws Exception {
        Chan<Integer> a = chans.make(2);
        Chan<Integer> b = chans.make(2);
        Case<Integer> fromA = set.add(a.onReceive());
        Case<Integer> fromB = set.add(b.onReceive());
        a.send(1);
        b.send(2);
        assertTrue(set.remove(fromA), "while it is listed");
        assertFalse(set.remove(fromA));
        assertSame(fromB, set.select());
        assertNull(set.trySelect());
        assertSame(fromA, select(fromA));
        assertEquals(1, fromA.value());
        set.add(fromA);
        assertNull(set.trySelect());
        a.send(3);
        assertSame(fromA, set.select());
        assertTrue(set.remove(fromA), "while it is in hand");
        assertEquals(3, fromA.value());
        assertNull(set.trySelect());
        assertEquals(3, fromA.value(), "it is not the set's any more");
        assertTrue(set.remove(fromB), "while it is armed");
        assertEquals(0, set.size());
        b.send(4);
        assertNull(set.trySelect());
        assertEquals(4, b.receive());
        assertNull(watches(a));
        assertNull(watches(b));
    }

    @Test
    void remove_ofAnotherSet_isFalse() {
        Case<Integer> receive = new CaseSet<Integer>().add(chans.<Integer>make().onReceive());
        assertFalse(set.remove(receive));
        assertFalse(set.remove(chans.<Integer>make().onReceive()));
    }

    @EveryCapacity
    void removeAndAdd_atRandom_leavesNothingBehind(int capacity) throws Exception {
        List<Chan<Integer>> all = new ArrayList<>();
        Map<Chan<Integer>, Case<Integer>> in = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            all.add(chans.make(capacity));
        }
        var random = new java.util.SplittableRandom(7);
        for (int i = 0; i < 5_000; i++) {
            Chan<Integer> chan = all.get(random.nextInt(20));
            switch (random.nextInt(4)) {
                case 0 -> in.computeIfAbsent(chan, one -> set.add(one.onReceive()));
                case 1 -> {
                    Case<Integer> out = in.remove(chan);
                    assertTrue(out == null || set.remove(out));
                }
                case 2 -> chan.trySend(i);
                default -> {
                    Case<? extends Integer> chosen = set.trySelect();
                    boolean ready = in.keySet().stream().anyMatch(one -> one.size() > 0);
                    assertTrue(chosen != null || !ready, "a value was not found");
                    assertTrue(chosen == null || in.containsValue(chosen));
                }
            }
            assertEquals(in.size(), set.size());
        }
        set.clear();
        assertEquals(0, set.size());
        for (Chan<Integer> chan : all) {
            assertNull(watches(chan));
            chan.close();
        }
    }

    @Test
    void sendHandle_withoutValue_isOffUntilItIsGivenOne() throws Exception {
        Chan<Integer> chan = chans.make(3);
        SendCase<Integer> send = set.add(chan.onSend());
        assertNull(set.trySelect());
        send.with(1);
        assertSame(send, set.select());
        assertNull(set.trySelect(), "what was sent is gone");
        assertSame(send.with(2), set.select());
        send.with(3);
        assertSame(send.with(4), set.select(), "the last one counts");
        assertNull(set.trySelect());
        send.with(5);
        assertNull(set.trySelect(), "no room");
        send.with(6);
        assertEquals(1, chan.receive());
        assertSame(send, set.select());
        assertEquals(List.of(2, 4, 6), List.of(chan.receive(), chan.receive(), chan.receive()));
        set.remove(send);
        assertThrows(IllegalStateException.class, () -> select(send));
    }

    @Test
    void after_isReadyWhenItsInstantHasComeAndStaysSo() throws Exception {
        Case<Integer> later = set.add(after(Duration.ofHours(1)));
        Case<Integer> never = set.add(chans.<Integer>make().onReceive());
        assertNull(set.trySelect());
        Case<Integer> first = after(Duration.ofMillis(10));
        Case<Integer> second = after(Duration.ofMillis(20));
        set.add(second);
        set.add(first);
        assertSame(first, set.select());
        assertNull(first.value());
        assertTrue(set.remove(first));
        assertSame(second, set.select());
        assertSame(second, set.select());
        assertTrue(set.remove(second));
        assertNull(set.trySelect());
        assertTrue(set.remove(later));
        assertTrue(set.remove(never));
        assertEquals(0, set.size());
    }

    @Test
    void after_sameInstant_eachComes() throws Exception {
        Case<Integer> a = set.add(after(Duration.ofDays(365_000)));
        List<Case<Integer>> due = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            due.add(set.add(after(Duration.ZERO)));
        }
        for (int i = 0; i < 8; i++) {
            assertSame(due.get(i % 4), set.select());
        }
        assertTrue(set.remove(a));
    }

    @Test
    void handlers_runOutsideAndMayUseTheSet() throws Exception {
        Chan<Integer> chan = chans.make(2);
        chan.send(1);
        chan.send(2);
        List<Integer> handled = new ArrayList<>();
        CaseSet<Object> own = new CaseSet<>();
        own.add(chan.<Object>onReceive(value -> {
            handled.add(value);
            own.add(chan.onReceive());
            if (value == 1) {
                own.select();
            }
            throw new IllegalStateException();
        }));
        assertThrows(IllegalStateException.class, own::select);
        assertEquals(List.of(1), handled);
        assertEquals(2, own.size());
        assertEquals(0, chan.size());
        CaseSet<Object> throwing = new CaseSet<>();
        throwing.add(chans.<Integer>make(1).onSend(1, () -> {
            throw new InterruptedException();
        }));
        assertThrows(InterruptedException.class, throwing::trySelect);
    }

    @Test
    void badCases_throw() {
        String hint = assertThrows(NullPointerException.class, () -> set.add(null)).getMessage();
        assertTrue(hint.contains("the case is null"), hint);
        assertThrows(NullPointerException.class, () -> set.remove(null));
        assertThrows(IllegalArgumentException.class, () -> set.add(otherwise()));
        Case<Integer> receive = set.add(chans.<Integer>make().onReceive());
        assertThrows(IllegalArgumentException.class, () -> set.add(receive));
        assertThrows(IllegalArgumentException.class, () -> new CaseSet<Integer>().add(receive));
        String message = assertThrows(IllegalArgumentException.class, () -> select(receive)).getMessage();
        assertTrue(message.contains("CaseSet"), message);
        assertEquals(1, set.size());
        assertTrue(set.remove(receive), "a set that has refused a case is not in use");
    }

    @Test
    void add_inARunningSelect_throws() throws Exception {
        Chan<Integer> chan = chans.make();
        Case<Integer> receive = chan.onReceive();
        var selecting = goroutines.call(() -> select(receive));
        Await.receivers(chan, 1);
        assertThrows(IllegalArgumentException.class, () -> set.add(receive));
        chan.send(1);
        selecting.get();
    }

    @Test
    void anotherGoroutineUsesIt_throws() throws Exception {
        Case<Integer> receive = set.add(chans.<Integer>make().onReceive());
        var selecting = goroutines.call(set::select);
        Await.parked(selecting.thread());
        assertThrows(IllegalStateException.class, set::select);
        assertThrows(IllegalStateException.class, set::trySelect);
        assertThrows(IllegalStateException.class, set::clear);
        assertThrows(IllegalStateException.class, () -> set.remove(receive));
        assertThrows(IllegalStateException.class, () -> set.add(chans.<Integer>make().onReceive()));
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
        assertTrue(set.remove(receive), "and then it is free again");
    }

    @EveryCapacity
    void sendAndReceiveOnOneChannel_oneSet_meetsNotItself(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        Case<Integer> send = set.add(chan.onSend(1));
        for (int i = 0; i < 10 && capacity > 0; i++) {
            Case<? extends Integer> chosen = set.select();
            assertTrue(chosen == send || chosen == receive);
        }
        if (capacity == 0) {
            assertNull(set.trySelect());
            var selecting = goroutines.call(set::select);
            Await.senders(chan, 1);
            Await.parked(selecting.thread());
            assertEquals(1, chan.receive());
            assertSame(send, selecting.get());
            var again = goroutines.call(set::select);
            Await.senders(chan, 1);
            Await.parked(again.thread());
            chan.send(2);
            assertSame(receive, again.get());
            assertEquals(2, receive.value());
        }
        assertTrue(set.remove(send));
        while (set.trySelect() != null) {
            assertEquals(1, receive.value());
        }
        assertEquals(0, Waiting.senders(chan));
    }

    @EveryCapacity
    void oneChannelSeveralTimes_eachIsServedInTurn(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < 3; i++) {
            set.add(chan.onReceive());
        }
        Map<Case<?>, Integer> chosen = new HashMap<>();
        goroutines.go(() -> {
            for (int i = 0; i < 30; i++) {
                chan.send(i);
            }
        });
        for (int i = 0; i < 30; i++) {
            Case<? extends Integer> one = set.select();
            assertEquals(i, one.value());
            chosen.merge(one, 1, Integer::sum);
        }
        assertTrue(chosen.size() > 1 || capacity == 0, chosen::toString);
        set.clear();
    }

    /** Neither is a goroutine that waits in a queue; they must find each other all the same, whoever comes first. */
    @EveryCapacity
    void twoSets_oneSendsOneReceives_meet(int capacity) throws Exception {
        for (int first = 0; first < 2; first++) {
            Chan<Integer> chan = chans.make(capacity);
            CaseSet<Integer> sending = new CaseSet<>();
            CaseSet<Integer> receiving = new CaseSet<>();
            SendCase<Integer> send = sending.add(chan.onSend());
            sending.add(chans.<Integer>make().onReceive());
            Case<Integer> receive = receiving.add(chan.onReceive());
            receiving.add(chans.<Integer>make().onReceive());
            int rounds = 200;
            Task sender = () -> {
                for (int i = 0; i < rounds; i++) {
                    send.with(i);
                    assertSame(send, sending.select());
                }
            };
            Task receiver = () -> {
                for (int i = 0; i < rounds; i++) {
                    assertSame(receive, receiving.select());
                    assertEquals(i, receive.value());
                }
            };
            var one = goroutines.go(first == 0 ? sender : receiver);
            Await.until(() -> watches(chan) != null || one.isDone(), () -> "the first to come");
            if (capacity == 0 || first == 1) {
                Await.parked(one.thread());
            }
            goroutines.go(first == 0 ? receiver : sender);
            goroutines.join();
            assertEquals(0, Waiting.senders(chan));
            sending.clear();
            receiving.clear();
            assertNull(watches(chan));
        }
    }

    /** The same when the one that sends has had nothing to send for a turn, after a partner has taken its last value. */
    @EveryCapacity
    void twoSets_oneHasNothingToSendForATurn_meetAfterIt(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Chan<Integer> other = chans.make();
        CaseSet<Integer> sending = new CaseSet<>();
        CaseSet<Integer> receiving = new CaseSet<>();
        SendCase<Integer> send = sending.add(chan.onSend());
        Case<Integer> receiveOther = sending.add(other.onReceive());
        Case<Integer> receive = receiving.add(chan.onReceive());
        AtomicInteger turns = new AtomicInteger();
        var receiver = goroutines.go(() -> {
            for (int i = 0; i < 10; i++) {
                assertSame(receive, receiving.select());
                assertEquals(i, receive.value());
            }
        });
        Await.parked(receiver.thread());
        var sender = goroutines.go(() -> {
            for (int i = 0; i < 10; i++) {
                send.with(i);
                assertSame(send, sending.select());
                turns.incrementAndGet();
                assertSame(receiveOther, sending.select());
            }
        });
        for (int i = 1; i <= 10; i++) {
            int turn = i;
            Await.until(() -> turns.get() == turn || sender.isDone(), () -> "turn " + turn);
            Await.parked(sender.thread());
            other.send(i);
        }
        goroutines.join();
        sending.clear();
        receiving.clear();
        assertNull(watches(chan));
    }

    @EveryCapacity
    void droppedSet_leavesNothingInTheChannels(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        dropSet(chan);
        Await.until(() -> {
            System.gc();
            return watches(chan) == null;
        }, () -> "the set to be taken out of its channel");
    }

    private static void dropSet(Chan<Integer> chan) throws InterruptedException {
        CaseSet<Integer> dropped = new CaseSet<>();
        dropped.add(chan.onReceive());
        dropped.add(chan.onReceive());
        dropped.add(after(Duration.ofHours(1)));
        assertNull(dropped.trySelect());
        assertEquals(2, armed(chan));
    }

    private static Watches watches(Chan<?> chan) {
        return ((LockedChan<?>) chan).watches;
    }

    /** Cases that were armed before there was a set to receive: all of them learn of it, not every other one. */
    @Test
    void twoSets_theReceivingOneComesLater_everySendMeetsIt() throws Exception {
        Chan<Integer> chan = chans.make();
        int n = 5;
        for (int i = 0; i < n; i++) {
            set.add(chan.onSend(i));
        }
        assertNull(set.trySelect());
        CaseSet<Integer> receivers = new CaseSet<>();
        Case<Integer> receive = receivers.add(chan.onReceive());
        assertNull(receivers.trySelect());
        var sending = goroutines.go(() -> {
            while (set.size() > 0) {
                set.remove(set.select());
            }
        });
        int sum = 0;
        for (int i = 0; i < n; i++) {
            assertSame(receive, receivers.select());
            sum += receive.value();
        }
        sending.get();
        assertEquals(n * (n - 1) / 2, sum);
    }

    /**
     * Each is told by a critical section of its own. Those that nobody waits at come first, so that it is not they who
     * come to the channel and tell the next one.
     */
    @EveryCapacity
    void close_severalSets_allAreTold(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        List<CaseSet<Integer>> idle = new ArrayList<>(); // one that is dropped leaves the channel
        for (int i = 0; i < 5; i++) {
            idle.add(new CaseSet<>());
            idle.getLast().add(chan.onReceive());
            assertNull(idle.getLast().trySelect());
        }
        List<Goroutines.Started<?>> selecting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CaseSet<Integer> one = new CaseSet<>();
            Case<Integer> receive = one.add(chan.onReceive());
            selecting.add(goroutines.go(() -> {
                assertSame(receive, one.select());
                assertNull(receive.value());
            }));
        }
        awaitArmed(chan, 10);
        chan.close();
        for (var each : selecting) {
            each.get();
        }
        Reference.reachabilityFence(idle);
    }

    @Test
    void timer_due_isToldOnceAndAgainAfterAReset() throws Exception {
        CaseSet<Object> timers = new CaseSet<>();
        timers.add(chans.<Object>make().onReceive());
        Timer timer = Timer.start(Duration.ofMillis(2));
        Case<?> due = timers.add(timer.channel().<Object>onReceive(value -> assertTrue(value != null)));
        assertSame(due, timers.select());
        assertNull(timers.trySelect());
        var selecting = goroutines.call(timers::select);
        awaitArmed((Chan<?>) timer.channel(), 1);
        Await.parked(selecting.thread());
        timer.reset(Duration.ofMillis(2));
        assertSame(due, selecting.get());
        int before = Deadlines.ALL.size();
        timer.reset(Duration.ofHours(1));
        assertNull(timers.trySelect());
        timers.remove(due);
        assertEquals(before, Deadlines.ALL.size(), "no alarm is left");
    }

    @Test
    void context_done_isTold() throws Exception {
        CancelContext context = Context.background().withCancel();
        CaseSet<Void> ends = new CaseSet<>();
        Case<Void> done = ends.add(context.done().onReceive());
        var selecting = goroutines.call(ends::select);
        Await.parked(selecting.thread());
        context.cancel();
        assertSame(done, selecting.get());
    }

    /** A buffer that drops never has a sender wait, and one that grows tells of each value. */
    @Test
    void buffersOfAllKinds_areServed() throws Exception {
        Chan<Integer> dropping = Chan.make(Buffer.dropOldest(1, dropped -> {}));
        Chan<Integer> growing = Chan.make(Buffer.unbounded());
        Case<Integer> send = set.add(dropping.onSend(1));
        assertSame(send, set.select());
        assertSame(send, set.select());
        set.remove(send);
        Case<Integer> fromDropping = set.add(dropping.onReceive());
        Case<Integer> fromGrowing = set.add(growing.onReceive());
        assertSame(fromDropping, set.select());
        var selecting = goroutines.call(set::select);
        awaitArmed(growing, 1);
        growing.send(2);
        assertSame(fromGrowing, selecting.get());
        assertEquals(2, fromGrowing.value());
    }

    /** Until so many watches of a channel are to be told. */
    private static void awaitArmed(Chan<?> chan, int n) {
        Await.until(() -> armed(chan) == n, () -> n + " armed; there are " + armed(chan));
    }

    private static int armed(Chan<?> chan) {
        LockedChan<?> locked = (LockedChan<?>) chan;
        locked.lockAll();
        try {
            Watches all = locked.watches;
            int n = 0;
            if (all != null) {
                for (Watch one = all.firstToReceive(); one != null; one = one.next) {
                    n++;
                }
                for (Watch one = all.firstToSend(); one != null; one = one.next) {
                    n++;
                }
            }
            return n;
        } finally {
            locked.unlockAll();
        }
    }

    /** There was an instant at which the value was there, and then one at which the deadline had come; never neither. */
    @Test
    void trySelect_deadlineComesBeforeTheValueGoes_isNotInVain() throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(1);
        chan.send(1);
        set.add(chan.onReceive());
        AfterCase<Integer> deadline = (AfterCase<Integer>) Go.<Integer>after(Duration.ofMillis(100));
        set.add(deadline);
        Goroutines.Started<Case<? extends Integer>> selecting;
        chan.lockAll();
        try {
            selecting = goroutines.call(set::trySelect);
            Await.parked(selecting.thread()); // at the lock
            Await.until(() -> Clock.nanoTime() - deadline.deadline >= 0, () -> "the deadline");
            assertEquals(1, chan.pollLocked());
        } finally {
            chan.unlockAll();
        }
        assertSame(deadline, selecting.get());
    }

    /** Two deadlines may well be the same to the nanosecond. */
    @Test
    void after_theVerySameInstant_eachComesInTheOrderInWhichTheyWereAdded() throws Exception {
        long instant = Clock.nanoTime();
        List<Case<Integer>> due = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            due.add(set.add(new AfterCase<>(instant, null)));
        }
        for (int i = 0; i < 8; i++) {
            assertSame(due.get(i % 4), set.trySelect());
        }
    }

    @Test
    void after_othersAreAlwaysReady_isServedAllTheSame() throws Exception {
        Chan<Integer> closed = chans.make();
        closed.close();
        Case<Integer> fromClosed = set.add(closed.onReceive());
        assertSame(fromClosed, set.select());
        Case<Integer> due = set.add(after(Duration.ZERO));
        Case<? extends Integer> next = set.select();
        assertSame(due, next == fromClosed ? set.select() : next);
    }

    @Test
    void remove_afterThatHasNotCome_neverComes() throws Exception {
        Case<Integer> removed = set.add(after(Duration.ofMillis(1)));
        Case<Integer> stays = set.add(after(Duration.ofMillis(2)));
        assertTrue(set.remove(removed));
        for (int i = 0; i < 3; i++) {
            assertSame(stays, set.select());
        }
    }

    /** Of two that are to be told by the same channel. */
    @EveryCapacity
    void remove_whileItIsArmedBesideAnother_theOtherIsServed(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Case<Integer> removed = set.add(chan.onReceive());
        Case<Integer> stays = set.add(chan.onReceive());
        assertNull(set.trySelect());
        assertTrue(set.remove(removed));
        var sender = goroutines.go(() -> chan.send(1));
        assertSame(stays, set.select());
        assertEquals(1, stays.value());
        sender.get();
    }

    @Test
    void value_chosenByTrySelect_isGoneAfterTheNextTurn() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        Case<Integer> receive = set.add(chan.onReceive());
        assertSame(receive, set.trySelect());
        assertEquals(1, receive.value());
        assertNull(set.trySelect());
        assertThrows(IllegalStateException.class, receive::value, "that was the turn before");
    }

    @Test
    void value_ofASelectBefore_isGoneWhenItIsAdded() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        Case<Integer> receive = chan.onReceive();
        select(receive);
        assertEquals(1, receive.value());
        set.add(receive);
        assertThrows(IllegalStateException.class, receive::value, "the set has not chosen it");
    }

    // A set queues a node only where it could not meet others without.

    /** Its owner waits, and tells when it was woken by a value on the second channel. */
    private Goroutines.Started<Void> waiting(CaseSet<Integer> one, Case<Integer> quit) {
        var selecting = goroutines.go(() -> assertSame(quit, one.select()));
        Await.until(() -> Waiting.isAtRest(one), () -> "the set to wait");
        Await.parked(selecting.thread());
        return selecting;
    }

    @Test
    void send_noSetReceives_standsInNoQueue() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quit = chans.make();
        set.add(chan.onSend(1));
        Case<Integer> end = set.add(quit.onReceive());
        var alone = waiting(set, end);
        assertEquals(0, Waiting.senders(chan));
        assertNull(chan.tryReceive());
        quit.send(0);
        alone.get();
        CaseSet<Integer> receiving = new CaseSet<>();
        Case<Integer> receive = receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        assertTrue(receiving.remove(receive));
        assertNull(set.trySelect(), "it has learnt of the other set, and that it has gone again");
        var aloneAgain = waiting(set, end);
        assertEquals(0, Waiting.senders(chan));
        quit.send(0);
        aloneAgain.get();
    }

    /** What was sent is gone, and must not be offered as nothing. */
    @Test
    void sendHandle_wasServedInTheQueue_queuesNotWithoutAValue() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quit = chans.make();
        CaseSet<Integer> receiving = new CaseSet<>();
        receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        SendCase<Integer> send = set.add(chan.onSend());
        Case<Integer> end = set.add(quit.onReceive());
        send.with(1);
        var selecting = goroutines.go(() -> assertSame(send, set.select()));
        Await.senders(chan, 1);
        assertEquals(1, chan.receive());
        selecting.get();
        var again = waiting(set, end);
        assertEquals(0, Waiting.senders(chan));
        assertNull(chan.tryReceive());
        quit.send(0);
        again.get();
        receiving.clear();
    }

    /** The node that the set has once queued is the case's: it is in another select's hands now. */
    @Test
    void remove_sendThatWasQueued_nextWaitLeavesItAlone() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quit = chans.make();
        CaseSet<Integer> receiving = new CaseSet<>();
        receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        Case<Integer> send = set.add(chan.onSend(1));
        Case<Integer> end = set.add(quit.onReceive());
        var first = goroutines.go(() -> assertSame(end, set.select()));
        Await.senders(chan, 1);
        Await.parked(first.thread());
        quit.send(0);
        first.get();
        assertTrue(set.remove(send));
        var elsewhere = goroutines.go(() -> assertSame(send, select(send)));
        Await.senders(chan, 1);
        Await.parked(elsewhere.thread());
        var second = waiting(set, end);
        assertEquals(1, chan.receive());
        elsewhere.get();
        quit.send(0);
        second.get();
        receiving.clear();
    }

    /** The readings of a clock are compared by their difference: those that come later may be the smaller numbers. */
    @Test
    void after_laterThanTheClockWrapsAround_theEarlierIsServed() throws Exception {
        set.add(new AfterCase<>(Clock.nanoTime() + Long.MAX_VALUE, null));
        Case<Integer> early = set.add(after(Duration.ofMillis(10)));
        assertSame(early, set.select());
    }

    /** It stands in the line already, and must not be put there a second time. */
    @Test
    void sendHandle_isGivenAnotherValueBeforeItsTurn_othersAreServedAllTheSame() throws Exception {
        Chan<Integer> chan = chans.make(2);
        Chan<Integer> other = chans.make(1);
        SendCase<Integer> send = set.add(chan.onSend());
        assertNull(set.trySelect());
        send.with(1);
        other.send(3);
        Case<Integer> receive = set.add(other.onReceive());
        send.with(2);
        assertSame(send, set.trySelect());
        assertSame(receive, set.trySelect());
        assertNull(set.trySelect());
        assertEquals(2, chan.receive());
        assertNull(chan.tryReceive());
    }

    /** Its channel becomes ready while it is on its way out. */
    @EveryCapacity
    void remove_isToldMeanwhile_isNotChosenAnyMore(int capacity) throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(capacity);
        Case<Integer> receive = set.add(chan.onReceive());
        assertNull(set.trySelect());
        Goroutines.Started<Boolean> removing;
        chan.lockAll();
        try {
            removing = goroutines.call(() -> set.remove(receive));
            Await.parked(removing.thread()); // at the lock
            chan.closed = true;
        } finally {
            chan.unlockAll();
        }
        assertTrue(removing.get());
        assertNull(set.trySelect());
    }

    /** Of several that stand in the queues of their channels. */
    @Test
    void send_severalAreQueued_theOneThatWasServedIsChosen() throws Exception {
        int n = 5;
        List<Chan<Integer>> all = new ArrayList<>();
        List<Case<Integer>> sends = new ArrayList<>();
        CaseSet<Integer> receiving = new CaseSet<>();
        for (int i = 0; i < n; i++) {
            all.add(chans.make());
            receiving.add(all.get(i).onReceive());
            sends.add(set.add(all.get(i).onSend(i)));
        }
        assertNull(receiving.trySelect());
        for (int i = n - 1; i >= 0; i--) {
            var selecting = goroutines.call(set::select);
            Await.until(() -> Waiting.isAtRest(set), () -> "the set to wait");
            for (Chan<Integer> chan : all) {
                Await.senders(chan, 1);
            }
            assertEquals(i, all.get(i).receive());
            assertSame(sends.get(i), selecting.get());
        }
        for (Chan<Integer> chan : all) {
            assertEquals(0, Waiting.senders(chan));
        }
        receiving.clear();
    }

    @Test
    void send_looksAgainBeforeItWaits_standsInTheQueueOnce() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quit = chans.make();
        List<CaseSet<Integer>> receiving = new ArrayList<>();
        set.add(chan.onSend(1));
        Case<Integer> end = set.add(quit.onReceive());
        for (int i = 0; i < 3; i++) {
            CaseSet<Integer> one = new CaseSet<>();
            one.add(chan.onReceive());
            assertNull(one.trySelect());
            receiving.add(one);
            assertNull(set.trySelect(), "it has learnt of one more");
        }
        var selecting = waiting(set, end);
        assertEquals(1, Waiting.senders(chan));
        quit.send(0);
        selecting.get();
        assertEquals(0, Waiting.senders(chan));
        assertNull(chan.tryReceive());
        receiving.forEach(CaseSet::clear);
    }

    /** It leaves the queue alone when they have gone, and stands there again when others have come. */
    @Test
    void send_setsThatReceiveComeAndGo_isQueuedWhileThereAreSome() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quit = chans.make();
        Case<Integer> send = set.add(chan.onSend(1));
        Case<Integer> end = set.add(quit.onReceive());
        CaseSet<Integer> receiving = new CaseSet<>();
        for (int i = 0; i < 3; i++) {
            Case<Integer> receive = receiving.add(chan.onReceive());
            assertNull(receiving.trySelect());
            assertNull(set.trySelect());
            var selecting = goroutines.call(set::select);
            Await.senders(chan, 1);
            assertSame(receive, receiving.select());
            assertSame(send, selecting.get());
            assertNull(set.trySelect());
            receiving.clear();
            tellInVain(chan);
            assertNull(set.trySelect());
            var alone = waiting(set, end);
            assertEquals(0, Waiting.senders(chan));
            quit.send(0);
            alone.get();
        }
    }

    /** Has the watches that send on a channel told, by a receiver that gives up. */
    private void tellInVain(Chan<Integer> chan) throws Exception {
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        receiver.interrupt();
        assertInstanceOf(InterruptedException.class, receiver.failure());
    }

    /** There those who receive find room made, and need not be met. */
    @Test
    void send_bufferIsFullAndASetReceives_standsInNoQueue() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Chan<Integer> quit = chans.make();
        CaseSet<Integer> receiving = new CaseSet<>();
        receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        chan.send(1);
        set.add(chan.onSend(2));
        Case<Integer> end = set.add(quit.onReceive());
        assertNull(set.trySelect());
        var selecting = waiting(set, end);
        assertEquals(0, Waiting.senders(chan));
        quit.send(0);
        selecting.get();
        receiving.clear();
    }

    /** It has found nothing, and is told of something before it waits. */
    @Test
    void await_somethingIsListed_looksAgain() throws Exception {
        Method await = CaseSetTurns.class.getDeclaredMethod("await");
        await.setAccessible(true);
        CaseSetTurns turns = new CaseSetTurns();
        turns.add(chans.<Integer>make().onReceive());
        goroutines.go(() -> assertNull(await.invoke(turns)));
        goroutines.join();
    }
}
