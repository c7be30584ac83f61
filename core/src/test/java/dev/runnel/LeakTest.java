package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: who has waited leaves nothing behind, however often it waits, and however its waits end. */
class LeakTest {

    /** How often a select waits beside a channel on which nothing ever happens. */
    private static final int TURNS = Effort.times(1_000_000, 1_000_000_000);

    /** What may come and go in the heap for reasons of its own. */
    private static final long SLACK_BYTES = 2 << 20;

    private static final long SLACK_INSTANCES = 1_000;

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

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
        assertHeapStays(busy, TURNS / 10, n -> select(quiet.onReceive(), full.onSend(2), busy.onReceive()));
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
