package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: who has waited leaves nothing behind, however often it waits, and however its waits end. */
class LeakTest {

    /** How often a select waits beside a channel on which nothing ever happens. */
    private static final int TURNS = Effort.times(200_000, 1_000_000_000);

    /** The same where each turn takes longer: with new cases, or with a set. */
    private static final int LONGER_TURNS = Effort.times(100_000, 100_000_000);

    /** What may come and go in the heap for reasons of its own. */
    private static final long SLACK_BYTES = 2 << 20;

    private static final long SLACK_INSTANCES = 1_000;

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofNanos(10_000);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Alarms alarms = new Alarms();

    private interface Turn {
        void run(int n) throws Exception;
    }

    @Test
    void select_handlesOnQuietChannels_heapStaysAsItIs() throws Exception {
        Chan<Integer> quiet = Chan.make();
        Chan<Integer> full = Chan.make(1);
        Chan<Integer> busy = Chan.make();
        full.send(1);
        Case<Integer> fromQuiet = quiet.onReceive();
        Case<Integer> toFull = full.onSend(2);
        Case<Integer> fromBusy = busy.onReceive();
        assertHeapStays(busy, TURNS, n -> assertSame(fromBusy, select(fromQuiet, toFull, fromBusy)));
        assertEquals(0, Waiting.receivers(quiet) + Waiting.senders(full));
    }

    @Test
    void select_newCasesOnQuietChannels_heapStaysAsItIs() throws Exception {
        Chan<Integer> quiet = Chan.make();
        Chan<Integer> full = Chan.make(1);
        Chan<Integer> busy = Chan.make();
        full.send(1);
        assertHeapStays(busy, LONGER_TURNS, n -> select(quiet.onReceive(), full.onSend(2), busy.onReceive()));
        assertEquals(0, Waiting.receivers(quiet) + Waiting.senders(full));
    }

    /** A goroutine that has ended a turn is given a value for the next one when it waits for it, and not before. */
    private void assertHeapStays(Chan<Integer> busy, int turns, Turn turn) throws Exception {
        Heap[] early = new Heap[1];
        var selecting = goroutines.call(() -> {
            for (int n = 0; n < turns; n++) {
                if (n == turns / 10) {
                    early[0] = Heap.now();
                }
                turn.run(n);
            }
            return null;
        });
        for (int sent = 0; sent < turns && !selecting.isDone();) {
            if (busy.trySend(1)) {
                sent++;
            } else {
                Thread.yield();
            }
        }
        selecting.get();
        assertStays(early[0]);
    }

    private static void assertStays(Heap before) {
        Heap now = Heap.now();
        assertTrue(now.instancesOfOurs() <= before.instancesOfOurs() + SLACK_INSTANCES,
                () -> before + " has become " + now);
        assertTrue(now.bytes() <= before.bytes() + SLACK_BYTES, () -> before + " has become " + now);
    }

    @Test
    void select_timedOutAgainAndAgain_heapStaysAsItIs() throws Exception {
        Chan<Integer> quiet = Chan.make();
        Case<Integer> fromQuiet = quiet.onReceive();
        Heap early = null;
        for (int n = 0; n < Effort.times(5_000, 500_000); n++) {
            if (n == 1_000) {
                early = Heap.now();
            }
            Case<Integer> timeout = after(Duration.ofNanos(10_000));
            assertSame(timeout, n % 2 == 0 ? select(fromQuiet, timeout) : select(timeout, quiet.onSend(1)));
        }
        assertStays(early);
        assertEquals(0, Waiting.receivers(quiet) + Waiting.senders(quiet));
    }

    /** A set with cases of each kind that do not happen, two of which could only meet each other. */
    private static CaseSet<Integer> quietSet() throws InterruptedException {
        CaseSet<Integer> set = new CaseSet<>();
        Chan<Integer> quiet = Chan.make();
        Chan<Integer> full = Chan.make(1);
        full.send(1);
        set.add(quiet.onReceive());
        set.add(quiet.onSend(2));
        set.add(full.onSend(2));
        set.add(full.onSend());
        set.add(after(LONG));
        set.add(Context.background().withCancel().onDone());
        return set;
    }

    @Test
    void set_besideQuietChannels_heapStaysAsItIs() throws Exception {
        CaseSet<Integer> set = quietSet();
        Chan<Integer> busy = Chan.make(1);
        Case<Integer> fromBusy = set.add(busy.onReceive());
        assertHeapStays(busy, LONGER_TURNS, n -> assertSame(fromBusy, set.select()));
        set.clear();
    }

    @Test
    void set_newCasesInEachTurn_heapStaysAsItIs() throws Exception {
        CaseSet<Integer> set = quietSet();
        Chan<Integer> busy = Chan.make(1);
        Chan<Integer> quiet = Chan.make();
        assertHeapStays(busy, LONGER_TURNS, n -> {
            Case<Integer> fromBusy = set.add(busy.onReceive());
            Case<Integer> fromQuiet = set.add(quiet.onReceive());
            Case<Integer> toQuiet = set.add(quiet.onSend(1));
            Case<Integer> timeout = set.add(after(LONG));
            assertSame(fromBusy, set.select());
            for (Case<Integer> one : List.of(toQuiet, fromBusy, timeout, fromQuiet)) {
                assertTrue(set.remove(one));
            }
        });
        assertNull(((LockedChan<?>) quiet).watches);
        set.clear();
    }

    @Test
    void set_timedOutAgainAndAgain_heapStaysAsItIs() throws Exception {
        CaseSet<Integer> set = quietSet();
        int cases = set.size();
        Heap early = null;
        for (int n = 0; n < Effort.times(10_000, 1_000_000); n++) {
            if (n == Effort.times(1_000)) {
                early = Heap.now();
            }
            if (n % 2 == 0) {
                assertNull(set.trySelect());
            } else {
                Case<Integer> timeout = set.add(after(Duration.ofNanos(10_000)));
                assertSame(timeout, set.select());
                assertTrue(set.remove(timeout));
            }
        }
        assertStays(early);
        assertEquals(cases, set.size());
        set.clear();
    }

    @Test
    void set_interruptedAgainAndAgain_heapStaysAsItIs() throws Exception {
        CaseSet<Integer> set = quietSet();
        int turns = Effort.times(20_000, 2_000_000);
        Heap[] early = new Heap[1];
        AtomicInteger taken = new AtomicInteger();
        var selecting = goroutines.call(() -> {
            for (int n = 0; n < turns; n++) {
                if (n == turns / 10) {
                    early[0] = Heap.now();
                }
                assertThrows(InterruptedException.class, set::select);
                taken.incrementAndGet();
            }
            return null;
        });
        for (int n = 0; n < turns; n++) {
            selecting.interrupt();
            while (taken.get() == n && !selecting.isDone()) {
                Thread.yield();
            }
        }
        selecting.get();
        assertStays(early[0]);
        set.clear();
    }

    /** Closed in time, by their parent, or at their deadline, and some of them after somebody has waited for that. */
    @Test
    void contexts_withTimeoutsOnOneParent_heapStaysAsItIs() throws Exception {
        CancelContext parent = Context.background().withCancel();
        int turns = Effort.times(20_000, 1_000_000);
        Heap early = null;
        for (int n = 0; n < turns; n++) {
            if (n == turns / 10) {
                early = Heap.now();
            }
            try (CancelContext context = parent.withTimeout(LONG); CancelContext child = context.withTimeout(SHORT)) {
                switch (n % 8) {
                    case 0 -> child.done().receive();
                    case 1 -> assertThrows(DeadlineExceededException.class, () -> select(child.onDone()));
                    case 2 -> context.cancel();
                    case 3 -> select(context.onDone(), after(SHORT));
                    default -> child.afterFunc(() -> {}).stop();
                }
            }
        }
        Await.until(() -> ContextTest.dependents(parent) == 0, () -> "all to leave their parent");
        assertStays(early);
        parent.close();
    }

    /** With a channel at which somebody waits, or nobody, and such as start a goroutine. */
    @Test
    void timers_startedStoppedAndDropped_heapStaysAsItIs() throws Exception {
        int turns = Effort.times(20_000, 1_000_000);
        Chan<Integer> ran = Chan.make();
        Heap early = null;
        for (int n = 0; n < turns; n++) {
            if (n == turns / 10) {
                early = Heap.now();
            }
            switch (n % 8) {
                case 0 -> assertTrue(Timer.start(LONG).stop());
                case 1 -> Timer.start(LONG);
                case 2 -> Timer.start(SHORT).channel().receive();
                case 3 -> select(Timer.start(LONG).channel().onReceive(), after(SHORT));
                case 4 -> assertTrue(Timer.afterFunc(LONG, () -> {}).stop());
                case 5 -> {
                    Timer.afterFunc(SHORT, () -> ran.send(1));
                    ran.receive();
                }
                case 6 -> {
                    Timer timer = Timer.afterFunc(LONG, () -> ran.send(1));
                    assertTrue(timer.reset(SHORT));
                    ran.receive();
                }
                default -> {
                    Timer timer = Timer.start(SHORT);
                    timer.reset(LONG);
                    select(timer.channel().onReceive(), after(SHORT));
                }
            }
        }
        assertStays(early);
    }

    /** However many channels were closed over those who waited there: when all have gone, so have the channels. */
    @Test
    void channels_closedOverTheirWaiters_areCollected() throws Exception {
        closeOverWaiters(100);
        Heap before = Heap.now();
        closeOverWaiters(Effort.times(3_000, 300_000));
        Await.until(() -> {
            Heap now = Heap.now();
            return List.of(UnbufferedChan.class, RingChan.class, Waiter.class, SelectNode.class, Selection.class)
                    .stream()
                    .allMatch(type -> now.instancesOf(type) <= before.instancesOf(type) + 100);
        }, () -> "the channels to be collected: " + before + " has become " + Heap.now());
    }

    private void closeOverWaiters(int channels) throws Exception {
        for (int i = 0; i < channels; i++) {
            Chan<Integer> chan = Chan.make(i % 3);
            Chan<Integer> other = Chan.make();
            List<Started<?>> waiting = List.of(goroutines.call(chan::receive),
                    goroutines.call(() -> select(chan.onReceive(), other.onSend(1))));
            Await.receivers(chan, 2);
            chan.close();
            for (Started<?> one : waiting) {
                one.get();
            }
        }
    }

    @Test
    void channel_droppedWithValues_isCollected() throws Exception {
        awaitCollected(droppedWithValues());
    }

    private static List<WeakReference<?>> droppedWithValues() throws InterruptedException {
        List<WeakReference<?>> dropped = new ArrayList<>();
        Chan<Object> chan = Chan.make(10);
        for (int i = 0; i < 5; i++) {
            Object value = new Object();
            chan.send(value);
            dropped.add(new WeakReference<>(value));
        }
        dropped.add(new WeakReference<>(chan));
        return dropped;
    }

    /** Whether it was interrupted or its time was over: neither its thread nor what it would have sent stays. */
    @Test
    void waiter_hasGivenUp_isCollectedWhileTheChannelLives() throws Exception {
        Chan<Object> chan = Chan.make();
        Chan<Object> other = Chan.make();
        List<Started<?>> staying = new ArrayList<>();
        staying.add(goroutines.go(() -> select(chan.onSend("first"), other.onReceive())));
        Await.senders(chan, 1);
        List<WeakReference<?>> gone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            giveUp(i, chan, other, gone);
        }
        staying.add(goroutines.go(() -> chan.send("last")));
        Await.senders(chan, 2);
        awaitCollected(gone);
        assertEquals("first", chan.receive());
        assertEquals("last", chan.receive());
        for (Started<?> one : staying) {
            one.get();
        }
        Reference.reachabilityFence(other);
    }

    private void giveUp(int how, Chan<Object> chan, Chan<Object> other, List<WeakReference<?>> gone)
            throws Exception {
        Object value = new Object();
        Started<?> one = goroutines.call(() -> {
            switch (how) {
                case 0 -> chan.send(value);
                case 1 -> select(other.onReceive(), chan.onSend(value));
                default -> select(other.onReceive(), chan.onSend(value), after(Duration.ofMillis(5)));
            }
            return null;
        });
        if (how < 2) {
            Await.senders(chan, 2);
            var behind = goroutines.call(() -> select(chan.onSend("never"), after(Duration.ofMillis(5))));
            one.interrupt();
            one.failure();
            behind.get();
        } else {
            one.get();
        }
        gone.add(new WeakReference<>(value));
        gone.add(new WeakReference<>(one.thread()));
    }

    private static void awaitCollected(List<WeakReference<?>> all) {
        Await.until(() -> {
            System.gc();
            return all.stream().allMatch(one -> one.refersTo(null));
        }, () -> "all to be let go: " + all.stream().map(one -> !one.refersTo(null)).toList());
    }
}
