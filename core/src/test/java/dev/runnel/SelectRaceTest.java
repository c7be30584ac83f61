package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The instants between the steps of a select and of a wait that ends. The test holds the lock of a channel, so that who
 * is on the way stops there, and does itself what a partner would do under that lock.
 */
class SelectRaceTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void send_nodeOfASelectServedElsewhere_isSkipped(int capacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        LockedChan<Integer> b = locked(capacity);
        var selecting = goroutines.call(() -> select(a.onReceive(), b.onReceive()).value());
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        b.lockAll();
        try {
            assertTrue(a.trySend(1));
            assertEquals(1, WaitQueues.count(b.firstReceiver), "it cannot have left");
            assertEquals(capacity > 0, b.offerLocked(2) != null, "nobody waits, there is but the room");
        } finally {
            b.unlockAll();
        }
        assertEquals(1, selecting.get());
        assertEquals(capacity > 0 ? 2 : null, b.tryReceive());
    }

    @EveryCapacity
    void send_nodeOfASelectServedElsewhere_goesToTheOneBehind(int capacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        LockedChan<Integer> b = locked(capacity);
        var selecting = goroutines.call(() -> select(b.onReceive(), a.onReceive()).value());
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        var behind = goroutines.call(b::receive);
        Await.receivers(b, 2);
        var last = goroutines.call(b::receive);
        Await.receivers(b, 3);
        b.lockAll();
        try {
            assertTrue(a.trySend(1));
            assertTrue(b.offerLocked(2) != null);
            assertEquals(0, b.buffered());
        } finally {
            b.unlockAll();
        }
        assertEquals(1, selecting.get());
        assertEquals(2, behind.get());
        assertEquals(1, Waiting.receivers(b), "leaving a queue that it has left, it takes nobody else with it");
        b.send(3);
        assertEquals(3, last.get());
    }

    @EveryCapacity
    void receive_nodeOfASelectServedElsewhere_isSkipped(int capacity) throws Exception {
        Chan<Integer> a = full(capacity);
        LockedChan<Integer> b = full(capacity);
        Case<Integer> toA = a.onSend(-1);
        var selecting = goroutines.call(() -> select(toA, b.onSend(-2)) == toA);
        Await.senders(a, 1);
        Await.senders(b, 1);
        b.lockAll();
        try {
            assertEquals(capacity > 0 ? 0 : -1, a.tryReceive());
            assertEquals(capacity > 0 ? 0 : null, b.pollLocked());
            assertEquals(Math.max(0, capacity - 1), b.buffered(), "nothing has moved into the place");
        } finally {
            b.unlockAll();
        }
        assertTrue(selecting.get());
        for (int i = 1; i < capacity; i++) {
            assertEquals(i, b.tryReceive());
        }
        assertNull(b.tryReceive());
    }

    @EveryCapacity
    void send_nodeOfAnInterruptedReceiver_isSkipped(int capacity) throws Exception {
        LockedChan<Integer> chan = locked(capacity);
        var receiver = goroutines.call(chan::receive);
        awaitQueued(chan, false);
        Await.parked(receiver.thread());
        chan.lockAll();
        try {
            Waiter waiter = (Waiter) chan.firstReceiver;
            receiver.interrupt();
            Await.until(() -> waiter.state == Waiter.INTERRUPTED, () -> "it to give up");
            assertEquals(capacity > 0, chan.offerLocked(1) != null, "nobody waits, there is but the room");
        } finally {
            chan.unlockAll();
        }
        assertInstanceOf(InterruptedException.class, receiver.failure());
        assertEquals(capacity > 0 ? 1 : null, chan.tryReceive());
    }

    @EveryCapacity
    void receive_nodeOfAnInterruptedSender_isSkipped(int capacity) throws Exception {
        LockedChan<Integer> chan = full(capacity);
        var sender = goroutines.call(() -> {
            chan.send(-1);
            return null;
        });
        awaitQueued(chan, true);
        Await.parked(sender.thread());
        chan.lockAll();
        try {
            Waiter waiter = (Waiter) chan.firstSender;
            sender.interrupt();
            Await.until(() -> waiter.state == Waiter.INTERRUPTED, () -> "it to give up");
            assertEquals(capacity > 0 ? 0 : null, chan.pollLocked());
        } finally {
            chan.unlockAll();
        }
        assertInstanceOf(InterruptedException.class, sender.failure());
        for (int i = 1; i < capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
        assertNull(chan.tryReceive());
    }

    /**
     * A partner has taken a node out of its queue, and is about to complete it. If the owner did not wait for it, it
     * could be in its next select by then, and that would be completed with a value that nobody has given.
     */
    @Test
    void select_partnerElsewhereStillHasItsNode_waitsForIt() throws Exception {
        Chan<Integer> a = chans.make();
        LockedChan<Integer> b = locked(0);
        var selecting = goroutines.call(() -> select(a.onReceive(), b.onReceive()).value());
        Await.receivers(a, 1);
        Await.receivers(b, 1);
        b.lockAll();
        try {
            WaitNode node = b.firstReceiver;
            b.dequeue(node);
            assertTrue(a.trySend(1));
            awaitStoppedAt(b, selecting);
            assertFalse(selecting.isDone());
            assertFalse(node.complete(b), "the wait has ended");
        } finally {
            b.unlockAll();
        }
        assertEquals(1, selecting.get());
    }

    /** What becomes ready behind the back of the first look at it is found by the second one. */
    @Test
    void select_caseReadyAfterItWasLookedAt_isFound() throws Exception {
        for (int round = 0; round < 30; round++) {
            Chan<Integer> a = chans.make(1);
            LockedChan<Integer> b = locked(1);
            Goroutines.Started<Integer> selecting;
            b.lockAll();
            try {
                selecting = goroutines.call(() -> select(a.onReceive(), b.onReceive()).value());
                awaitStoppedAt(b, selecting); // it has looked at a, or will do so: the order is a random one
                assertTrue(a.trySend(1));
            } finally {
                b.unlockAll();
            }
            assertEquals(1, selecting.get());
            assertEquals(0, a.size());
        }
    }

    /**
     * The only value is moved to the other channel and back while the select looks, so that at each instant one of them
     * has it. Who looks at one after the other may miss it as often as it looks. The absent channels keep the select from
     * being one that looks only once.
     */
    @Test
    void otherwise_valueIsMovedWhileItLooks_isNotChosen() throws Exception {
        Case<Integer> otherwise = otherwise();
        Case<Integer> never = Chan.<Integer>absent().onReceive();
        Case<Integer> norThis = Chan.<Integer>absent().onReceive();
        Case<Integer> norThat = Chan.<Integer>absent().onReceive();
        for (int round = 0; round < 50; round++) {
            LockedChan<Integer> a = locked(1);
            LockedChan<Integer> b = locked(1);
            b.send(round);
            Goroutines.Started<Integer> selecting;
            b.lockAll();
            try {
                selecting =
                        goroutines.call(() -> select(a.onReceive(), b.onReceive(), never, norThis, norThat, otherwise)
                                .value());
                awaitStoppedAt(b, selecting);
                a.lockAll();
            } finally {
                move(b, a);
                b.unlockAll();
            }
            try {
                awaitStoppedAt(a, selecting);
                b.lockAll();
            } finally {
                move(a, b);
                b.unlockAll();
                a.unlockAll();
            }
            assertEquals(round, selecting.get());
        }
    }

    /** Over a few channels it looks once, and at all of them at one instant: a value that moves is always found. */
    @Test
    void otherwise_fewCases_looksAtOneInstant() throws Exception {
        for (int round = 0; round < 20; round++) {
            LockedChan<Integer> a = locked(1);
            LockedChan<Integer> b = locked(1);
            Case<Integer> fromA = a.onReceive();
            Goroutines.Started<Case<? extends Integer>> selecting;
            b.lockAll();
            try {
                assertTrue(b.offerLocked(round) != null);
                selecting = goroutines.call(() -> select(fromA, b.onReceive(), otherwise()));
                awaitStoppedAt(b, selecting);
                assertEquals(0, a.locked, "it keeps one lock while it waits for another");
                a.lockAll();
                try {
                    move(b, a);
                } finally {
                    a.unlockAll();
                }
            } finally {
                b.unlockAll();
            }
            assertSame(fromA, selecting.get());
            assertEquals(round, fromA.value());
        }
    }

    /** The locks of both are held. */
    private static void move(LockedChan<Integer> from, LockedChan<Integer> to) {
        Object value = from.pollLocked();
        if (value != null) {
            assertTrue(to.offerLocked((Integer) value) != null);
        }
    }

    /** It looks a second time, and queues, with all locks held: while one is not to be had, it queues nowhere. */
    @Test
    void select_aLockIsHeldAfterTheFirstLook_queuesNowhere() throws Exception {
        for (int round = 0; round < 40; round++) {
            LockedChan<Integer> a = locked(1);
            LockedChan<Integer> b = locked(1);
            LockedChan<Integer> first = round % 2 == 0 ? a : b;
            LockedChan<Integer> second = round % 2 == 0 ? b : a;
            Case<Integer> fromA = a.onReceive();
            select(fromA, chans.<Integer>make().onReceive(), otherwise()); // what it locked then is of no use now
            var selecting = stopped(first, () -> select(fromA, b.onReceive()).value(), second);
            try {
                Await.until(() -> isStoppedAt(second, selecting) || second.firstReceiver != null,
                        () -> "it to stop once more");
                assertNull(second.firstReceiver, "queued without the lock");
            } finally {
                second.unlockAll();
            }
            Await.receivers(a, 1);
            Await.receivers(b, 1);
            first.send(round);
            assertEquals(round, selecting.get());
        }
    }

    /** Starts something that stops at the first lock, and releases that when the second one is held. */
    private <V> Goroutines.Started<V> stopped(LockedChan<?> first, Callable<V> task, LockedChan<?> second) {
        first.lockAll();
        try {
            var one = goroutines.call(task);
            awaitStoppedAt(first, one);
            second.lockAll();
            return one;
        } finally {
            first.unlockAll();
        }
    }

    /** To see that nobody is there an unbuffered channel need not be locked. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void otherwise_oneUnbuffered_doesNotWaitForTheLock() throws Exception {
        LockedChan<Integer> chan = locked(0);
        Case<Integer> otherwise = otherwise();
        chan.lockAll();
        try {
            assertNull(chan.tryReceive());
            assertFalse(chan.trySend(1));
            assertSame(otherwise, select(chan.onReceive(), otherwise));
            assertSame(otherwise, Go.selectFirst(chan.onSend(1), otherwise));
        } finally {
            chan.unlockAll();
        }
    }

    /** All channels are locked in one order, whatever that of the cases: else these two would soon hold one each. */
    @Test
    void selects_inOppositeOrder_doNotBlockEachOther() throws Exception {
        Chan<Integer> a = chans.make(1);
        Chan<Integer> b = chans.make(1);
        for (int g = 0; g < 2; g++) {
            Case<Integer> first = (g == 0 ? a : b).onReceive();
            Case<Integer> second = (g == 0 ? b : a).onReceive();
            Case<Integer> otherwise = otherwise();
            goroutines.go(() -> {
                for (int i = 0; i < Effort.times(200_000); i++) {
                    assertSame(otherwise, select(first, second, otherwise));
                }
            });
        }
        goroutines.join();
    }

    /** From the moment its wait is completed the node is its owner's, who may have emptied it by the next one. */
    @Test
    void receive_ownerUsesItsNodeAtOnce_theValueHasBeenReadBefore() {
        LockedChan<Integer> chan = locked(0);
        WaitNode node = new WaitNode(true, 1) {
            @Override
            boolean complete(WaitQueues queues) {
                item = null;
                return true;
            }
        };
        chan.lockAll();
        try {
            chan.enqueue(node);
            assertEquals(1, chan.pollLocked());
        } finally {
            chan.unlockAll();
        }
    }

    @Test
    void send_ownerUsesItsNodeAtOnce_theValueHasBeenWrittenBefore() {
        LockedChan<Integer> chan = locked(0);
        Object[] found = new Object[1];
        WaitNode node = new WaitNode(false, null) {
            @Override
            boolean complete(WaitQueues queues) {
                found[0] = item;
                item = null;
                return true;
            }
        };
        chan.lockAll();
        try {
            chan.enqueue(node);
            assertTrue(chan.offerLocked(1) != null);
        } finally {
            chan.unlockAll();
        }
        assertEquals(1, found[0]);
        assertNull(node.item, "nobody but the owner has touched it after that");
    }

    /** So that there is an instant at which none was ready, and not for each channel one of its own. */
    @EveryCapacity
    void otherwise_hasToWaitForALock_looksAgainAtTheChannelsBefore(int capacity) throws Exception {
        LockedChan<Integer> first = locked(capacity);
        LockedChan<Integer> second = locked(capacity);
        LockedChan<Integer> third = locked(capacity);
        Case<Integer> fromFirst = first.onReceive();
        Goroutines.Started<Case<? extends Integer>> selecting;
        second.lockAll();
        try {
            selecting = goroutines.call(() -> select(third.onReceive(), second.onReceive(), fromFirst, otherwise()));
            awaitStoppedAt(second, selecting);
            assertFalse(selecting.isDone(), "it cannot have seen the second channel");
            goroutines.go(first::close).get();
        } finally {
            second.unlockAll();
        }
        assertSame(fromFirst, selecting.get());
    }

    /** Until somebody stands in the queue at an end, and does not sit before it. */
    private static void awaitQueued(LockedChan<?> chan, boolean toSend) {
        Await.until(() -> {
            chan.lockAll();
            try {
                return (toSend ? chan.firstSender : chan.firstReceiver) != null;
            } finally {
                chan.unlockAll();
            }
        }, () -> "somebody to queue at " + chan);
    }

    private static boolean isStoppedAt(LockedChan<?> chan, Goroutines.Started<?> one) {
        Object blocker = LockSupport.getBlocker(one.thread());
        return blocker == chan.senderLock || blocker == chan.receiverLock;
    }

    private static void awaitStoppedAt(LockedChan<?> chan, Goroutines.Started<?> one) {
        Await.until(() -> one.isDone() || isStoppedAt(chan, one),
                () -> one.thread() + " to stop at the lock");
    }

    private LockedChan<Integer> locked(int capacity) {
        return (LockedChan<Integer>) chans.<Integer>make(capacity);
    }

    private LockedChan<Integer> full(int capacity) throws InterruptedException {
        LockedChan<Integer> chan = locked(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        return chan;
    }
}
