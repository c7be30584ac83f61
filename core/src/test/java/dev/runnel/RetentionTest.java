package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static dev.runnel.Go.selectFirst;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: a value is let go: by a channel when it has been received, by a handle that has received it at the next select,
 * by a handle that has sent it when that is done.
 */
class RetentionTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void channel_valueReceived_letsItGo(int capacity) throws Exception {
        Chan<Object> chan = chans.make(capacity);
        for (int i = 0; i <= capacity; i++) {
            Sent sent = send(chan);
            chan.receive();
            sent.awaitCollected();
        }
        Reference.reachabilityFence(chan);
    }

    @Test
    void receiveHandle_wasReady_letsGoAtTheNextSelect() throws Exception {
        Chan<Object> chan = chans.make();
        Case<Object> receive = chan.onReceive();
        Sent sent = send(chan);
        Await.senders(chan, 1);
        assertSame(receive, select(receive));
        select(receive, otherwise());
        sent.awaitCollected();
        Reference.reachabilityFence(receive);
    }

    @Test
    void receiveHandle_hadToWait_letsGoAtTheNextSelect() throws Exception {
        Chan<Object> chan = chans.make();
        Case<Object> receive = chan.onReceive();
        var selecting = goroutines.go(() -> select(receive));
        Await.receivers(chan, 1);
        Sent sent = send(chan);
        selecting.get();
        select(receive, otherwise());
        sent.awaitCollected();
        Reference.reachabilityFence(receive);
    }

    /** Though it may not even have been looked at, if the other one was looked at first. */
    @Test
    void receiveHandle_anotherIsChosen_letsGoAllTheSame() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Chan<Integer> closed = chans.make();
        closed.close();
        Case<Integer> receive = chan.onReceive();
        Case<Integer> other = closed.onReceive();
        for (int i = 0; i < 50; i++) {
            chan.send(i);
            assertSame(receive, select(receive));
            assertSame(other, select(receive, other));
            assertNull(receive.received());
        }
    }

    @Test
    void receiveHandler_hasRun_leavesNothingWithTheCase() throws Exception {
        Chan<Object> chan = chans.make();
        Case<Object> receive = chan.onReceive(value -> {});
        Sent sent = send(chan);
        Await.senders(chan, 1);
        select(receive);
        sent.awaitCollected();
        Reference.reachabilityFence(receive);
    }

    @Test
    void receiveHandler_throws_leavesNothingWithTheCase() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Case<Object> receive = chan.onReceive(value -> {
            throw new IllegalStateException("from the handler");
        });
        chan.send(1);
        assertThrows(IllegalStateException.class, () -> select(receive));
        assertNull(receive.received());
    }

    @Test
    void sendHandle_listenerThrows_keepsNothingOfWhatWasDropped() throws Exception {
        Chan<Object> chan = Chan.make(Buffer.conflating(value -> {
            throw new IllegalStateException("from the listener");
        }));
        SendCase<Object> send = chan.onSend();
        WeakReference<Object> dropped = give(send);
        select(send);
        assertThrows(IllegalStateException.class, () -> select(send.with("another")));
        awaitCollected(dropped);
        Reference.reachabilityFence(send);
    }

    @Test
    void sendHandle_wasReady_letsGoOnceSent() throws Exception {
        Chan<Object> chan = chans.make(1);
        SendCase<Object> send = chan.onSend();
        WeakReference<Object> value = give(send);
        select(send);
        chan.receive();
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    @Test
    void sendHandle_wasReadyAmongSeveralInOrder_letsGoOnceSent() throws Exception {
        Chan<Object> chan = chans.make(1);
        SendCase<Object> send = chan.onSend();
        WeakReference<Object> value = give(send);
        selectFirst(chans.<Object>make().onReceive(), send);
        chan.receive();
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    @Test
    void sendHandle_hadToWait_letsGoOnceSent() throws Exception {
        Chan<Object> chan = chans.make();
        SendCase<Object> send = chan.onSend();
        WeakReference<Object> value = give(send);
        var selecting = goroutines.go(() -> select(send));
        Await.senders(chan, 1);
        chan.receive();
        selecting.get();
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    @Test
    void sendHandle_waitedInVain_letsGoOfWhatIsReplaced() throws Exception {
        Chan<Object> never = chans.make();
        Chan<Integer> chan = chans.make();
        SendCase<Object> send = never.onSend();
        WeakReference<Object> value = give(send);
        var selecting = goroutines.go(() -> select(send, chan.onReceive()));
        Await.senders(never, 1);
        chan.send(1);
        selecting.get();
        send.with("another");
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    @Test
    void sendHandle_interrupted_letsGoOfWhatIsReplaced() throws Exception {
        Chan<Object> never = chans.make();
        SendCase<Object> send = never.onSend();
        WeakReference<Object> value = give(send);
        var selecting = goroutines.call(() -> select(send));
        Await.senders(never, 1);
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
        send.with("another");
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    @Test
    void handle_wasInAWiderSelect_letsGoOfTheOtherCases() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Case<Integer> receive = chan.onReceive();
        WeakReference<Object> gone = selectWithAnother(receive);
        chan.send(1);
        select(receive);
        awaitCollected(gone);
        Reference.reachabilityFence(receive);
    }

    /** Selects, and has to lock both channels for that; returns the other one. */
    private static WeakReference<Object> selectWithAnother(Case<Integer> receive) throws Exception {
        Chan<Object> another = Chan.make();
        select(receive, another.onReceive(), otherwise());
        return new WeakReference<>(another);
    }

    /** How long it takes to get into the queue is not known, so longer and longer times are tried. */
    @Test
    void sendHandle_deadlineCame_letsGoOfWhatIsReplaced() throws Exception {
        Chan<Object> never = chans.make();
        SendCase<Object> send = never.onSend();
        WeakReference<Object> value = give(send);
        AtomicBoolean queued = new AtomicBoolean();
        for (int millis = 1; !queued.get(); millis *= 2) {
            Case<Object> timeout = after(Duration.ofMillis(millis));
            var selecting = goroutines.go(() -> assertSame(timeout, select(send, timeout)));
            Await.until(() -> {
                if (Waiting.senders(never) == 1) {
                    queued.set(true);
                }
                return selecting.isDone();
            }, () -> "the deadline");
        }
        send.with("another");
        awaitCollected(value);
        Reference.reachabilityFence(send);
    }

    /** A sender that finds but the dead node of a select must not leave its value there. */
    @Test
    void receiveHandle_servedElsewhere_keepsNothingOfASenderThatCameTooLate() throws Exception {
        Chan<Object> a = chans.make();
        LockedChan<Object> b = (LockedChan<Object>) chans.make();
        Case<Object> fromB = b.onReceive();
        var selecting = goroutines.go(() -> select(a.onReceive(), fromB));
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        WeakReference<Object> value;
        b.lockAll();
        try {
            assertTrue(a.trySend(1));
            value = offer(b);
        } finally {
            b.unlockAll();
        }
        selecting.get();
        awaitCollected(value);
        Reference.reachabilityFence(fromB);
    }

    private static WeakReference<Object> offer(LockedChan<Object> chan) {
        Object value = new Object();
        assertNull(chan.offerLocked(value), "nobody waits");
        return new WeakReference<>(value);
    }

    private static WeakReference<Object> give(SendCase<Object> send) {
        Object value = new Object();
        send.with(value);
        return new WeakReference<>(value);
    }

    /** A value, and the goroutine that sends it. */
    private record Sent(WeakReference<Object> value, Goroutines.Started<Void> sender) {
        void awaitCollected() throws Exception {
            sender.get();
            RetentionTest.awaitCollected(value);
        }
    }

    private Sent send(Chan<Object> chan) {
        Object value = new Object();
        return new Sent(new WeakReference<>(value), goroutines.go(() -> chan.send(value)));
    }

    private static void awaitCollected(WeakReference<?> value) {
        Await.until(() -> {
            System.gc();
            return value.refersTo(null);
        }, () -> "the value to be let go");
        assertNull(value.get());
    }

    // Sets.

    @Test
    void setReceives_nextTurn_letsGo() throws Exception {
        Chan<Object> chan = chans.make();
        CaseSet<Object> set = new CaseSet<>();
        Chan<Object> closed = chans.make();
        closed.close();
        Case<Object> receive = set.add(chan.onReceive());
        Sent sent = send(chan);
        Await.senders(chan, 1);
        Case<Object> other = set.add(closed.onReceive());
        assertSame(receive, set.select());
        assertSame(other, set.select(), "the first one is not even looked at");
        sent.awaitCollected();
        Reference.reachabilityFence(set);
    }

    /** With a set that receives on the channel, so that the one that sends has to queue up. */
    @Test
    void setSends_queuedInVain_letsGoOfWhatIsReplaced() throws Exception {
        for (boolean interrupted : new boolean[] {false, true}) {
            Chan<Object> never = chans.make();
            Chan<Object> chan = chans.make();
            CaseSet<Object> receiving = new CaseSet<>();
            receiving.add(never.onReceive());
            assertNull(receiving.trySelect());
            CaseSet<Object> set = new CaseSet<>();
            set.add(chan.onReceive());
            SendCase<Object> send = set.add(never.onSend());
            WeakReference<Object> value = give(send);
            var selecting = goroutines.call(set::select);
            Await.senders(never, 1);
            if (interrupted) {
                selecting.interrupt();
                assertInstanceOf(InterruptedException.class, selecting.failure());
            } else {
                chan.send(1);
                selecting.get();
            }
            send.with("another");
            awaitCollected(value);
            Reference.reachabilityFence(set);
            receiving.clear();
        }
    }

    /** The case itself, with all that its handler may hold. */
    @Test
    void setSends_queuedOnceAndRemoved_isLetGoInTheNextWait() throws Exception {
        Chan<Object> never = chans.make();
        Chan<Object> quit = chans.make();
        CaseSet<Object> receiving = new CaseSet<>();
        receiving.add(never.onReceive());
        assertNull(receiving.trySelect());
        CaseSet<Object> set = new CaseSet<>();
        set.add(quit.onReceive());
        WeakReference<Case<?>> removed = queueAndRemove(set, never, quit);
        var selecting = goroutines.go(set::select);
        Await.until(() -> Waiting.isAtRest(set), () -> "the set to wait");
        Await.parked(selecting.thread());
        quit.send(1);
        selecting.get();
        assertNull(set.trySelect());
        awaitCollected(removed);
        Reference.reachabilityFence(set);
        receiving.clear();
    }

    private WeakReference<Case<?>> queueAndRemove(CaseSet<Object> set, Chan<Object> never, Chan<Object> quit)
            throws Exception {
        Case<Object> send = set.add(never.onSend("value"));
        var selecting = goroutines.go(set::select);
        Await.senders(never, 1);
        quit.send(1);
        selecting.get();
        assertTrue(set.remove(send));
        return new WeakReference<>(send);
    }

    @Test
    void setSends_servedInTheQueue_letsGoOnceSent() throws Exception {
        Chan<Object> chan = chans.make();
        CaseSet<Object> receiving = new CaseSet<>();
        receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        CaseSet<Object> set = new CaseSet<>();
        SendCase<Object> send = set.add(chan.onSend());
        WeakReference<Object> value = give(send);
        var selecting = goroutines.go(set::select);
        Await.senders(chan, 1);
        chan.receive();
        selecting.get();
        awaitCollected(value);
        Reference.reachabilityFence(set);
        receiving.clear();
    }

    /** It stood in the line behind one that is still there. */
    @Test
    void setCase_removed_isLetGoByTheOneBeforeIt() throws Exception {
        CaseSet<Object> set = new CaseSet<>();
        Chan<Object> closed = chans.make();
        closed.close();
        Case<Object> before = set.add(closed.onReceive());
        WeakReference<Case<?>> removed = selectAndRemove(set, closed, before);
        awaitCollected(removed);
        Reference.reachabilityFence(set);
    }

    private static WeakReference<Case<?>> selectAndRemove(CaseSet<Object> set, Chan<Object> closed,
            Case<Object> before) throws Exception {
        Case<Object> behind = set.add(closed.onReceive());
        assertSame(before, set.select());
        assertTrue(set.remove(behind));
        return new WeakReference<>(behind);
    }

    /** Somebody has kept one case of it. */
    @Test
    void droppedSet_letsGoOfItsCases() throws Exception {
        Chan<Object> chan = chans.make();
        AtomicReference<WeakReference<Case<?>>> other = new AtomicReference<>();
        Case<Object> kept = dropSet(chan, other);
        awaitCollected(other.get());
        Reference.reachabilityFence(kept);
        Reference.reachabilityFence(chan);
    }

    private static Case<Object> dropSet(Chan<Object> chan, AtomicReference<WeakReference<Case<?>>> other)
            throws Exception {
        CaseSet<Object> set = new CaseSet<>();
        Case<Object> kept = set.add(chan.onReceive());
        other.set(new WeakReference<>(set.add(chan.onReceive())));
        assertNull(set.trySelect());
        return kept;
    }
}
