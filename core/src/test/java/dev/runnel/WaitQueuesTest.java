package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: who sits in a seat waits until it was served, once, and keeps the seat until it has seen that. */
class WaitQueuesTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final LockedChan<Integer> chan = new UnbufferedChan<>();

    private static Object outcome(String name) {
        return name.equals("taken") ? WaitQueues.TAKEN : WaitQueues.CLOSED;
    }

    @ParameterizedTest
    @ValueSource(strings = {"taken", "closed"})
    void senderSits_isServedOnce(String name) {
        assertEquals(0, chan.sendersQueued());
        chan.senderSeat = 1;
        assertEquals(1, chan.sendersQueued());
        assertTrue(chan.isSenderSeated());
        assertEquals(1, chan.serveSeatedSender(outcome(name)));
        assertFalse(chan.isSenderSeated(), "sets would look for it again and again");
        assertEquals(0, chan.sendersQueued());
        assertNull(chan.serveSeatedSender(WaitQueues.TAKEN), "it was served already");
        assertFalse(chan.sitToSend(2), "it is still seated");
        assertEquals(outcome(name), chan.collectFromSeat(true));
        assertFalse(chan.hasSender());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receiverSits_isServedOnce(boolean open) {
        Object given = open ? 1 : WaitQueues.CLOSED;
        assertEquals(0, chan.receiversQueued());
        chan.receiverSeat = WaitQueues.WAITING;
        assertEquals(1, chan.receiversQueued());
        assertTrue(chan.isReceiverSeated());
        assertTrue(chan.serveSeatedReceiver(given));
        assertFalse(chan.isReceiverSeated(), "sets would look for it again and again");
        assertEquals(0, chan.receiversQueued());
        assertFalse(chan.serveSeatedReceiver(2), "it was served already");
        assertFalse(chan.sitToReceive(), "it is still seated");
        assertEquals(given, chan.collectFromSeat(false));
        assertFalse(chan.hasReceiver());
    }

    /** Who has sat in the seat in vain comes before those who have queued up meanwhile, and stays there if they leave. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void enqueueFirst_othersAreQueued_standsBeforeThem(boolean sends) {
        Waiter first = new Waiter(sends, null, true);
        Waiter second = new Waiter(sends, null, true);
        Waiter third = new Waiter(sends, null, true);
        chan.enqueue(second);
        chan.enqueueFirst(first);
        chan.enqueue(third);
        assertQueue(sends, first, second, third);
        chan.dequeue(second);
        assertQueue(sends, first, third);
        chan.dequeue(third);
        assertQueue(sends, first);
        chan.enqueue(second);
        assertQueue(sends, first, second);
    }

    private void assertQueue(boolean sends, WaitNode... nodes) {
        Chans.check(chan);
        WaitNode at = sends ? chan.firstSender : chan.firstReceiver;
        for (WaitNode node : nodes) {
            assertSame(node, at);
            at = at.next;
        }
        assertNull(at);
    }

    /** A channel where goroutines sit, whatever others have come to before. */
    private static LockedChan<Integer> restless() {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody sits");
        Patience last = new Patience(true);
        while (last.resting) {
            last.learn(last.nanos(), true);
        }
        return new UnbufferedChan<>();
    }

    @Test
    void sit_nobodyWaits_takesTheSeat() {
        LockedChan<Integer> restless = restless();
        assertTrue(restless.sitToSend(1));
        assertEquals(1, restless.senderSeat);
        assertFalse(restless.sitToSend(2), "it is taken");
        assertTrue(restless.sitToReceive());
        assertSame(WaitQueues.WAITING, restless.receiverSeat);
        assertFalse(restless.sitToReceive(), "it is taken");
    }

    @Test
    void offerOrPollOrWait_nobodyWaits_takesTheSeat() {
        LockedChan<Integer> sending = restless();
        assertSame(WaitQueues.WAITING, sending.offerOrWait(1));
        assertEquals(1, sending.senderSeat);
        LockedChan<Integer> receiving = restless();
        assertSame(WaitQueues.WAITING, receiving.pollOrWait());
        assertSame(WaitQueues.WAITING, receiving.receiverSeat);
    }

    @Test
    void sit_somebodyIsQueued_wouldOvertake() {
        LockedChan<Integer> restless = restless();
        restless.enqueue(new Waiter(true, 1, true));
        assertFalse(restless.sitToSend(2));
        assertTrue(restless.sitToReceive());
        restless.enqueue(new Waiter(false, null, true));
        restless.receiverSeat = null;
        assertFalse(restless.sitToReceive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wait_servedAlready_collects(boolean sends) {
        LockedChan<Integer> restless = restless();
        Object placed = sends ? 1 : WaitQueues.WAITING;
        Object given = sends ? WaitQueues.TAKEN : 2;
        if (sends) {
            restless.senderSeat = given;
        } else {
            restless.receiverSeat = given;
        }
        assertSame(given, restless.waitInSeat(sends, placed));
        assertFalse(restless.hasSender() || restless.hasReceiver(), "the seat is free");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wait_inVainAgainAndAgain_nobodySitsAnyLonger(boolean sends) {
        LockedChan<Integer> restless = restless();
        for (int n = 0; restless.maySpin(); n++) {
            assertTrue(n < 1000, "no end to it");
            assertSame(WaitQueues.WAITING, sends ? restless.offerOrWait(1) : restless.pollOrWait());
            WaitNode waiter = (WaitNode) restless.waitInSeat(sends, sends ? 1 : WaitQueues.WAITING);
            assertSame(waiter, sends ? restless.firstSender : restless.firstReceiver);
            restless.leave(waiter);
        }
        assertInstanceOf(Waiter.class, sends ? restless.offerOrWait(1) : restless.pollOrWait());
    }

    /** It is spun at the head of a queue too, but not by those further behind, nor by who has done so in the seat. */
    @Test
    void wait_atTheHeadInVainAgainAndAgain_nobodySitsAnyLonger() {
        LockedChan<Integer> restless = restless();
        for (int n = 0; n < 200; n++) {
            giveUp(restless, true);
        }
        restless.enqueue(new Waiter(true, 1, true));
        for (int n = 0; n < 200; n++) {
            giveUp(restless, false);
        }
        restless.dequeue(restless.firstSender);
        assertTrue(restless.maySpin(), "so far nobody has spun");
        for (int n = 0; restless.maySpin(); n++) {
            assertTrue(n < 1000, "no end to it");
            giveUp(restless, false);
        }
    }

    private static void giveUp(LockedChan<Integer> chan, boolean spun) {
        Waiter waiter = new Waiter(true, 1, true);
        chan.enqueue(waiter);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> chan.waitInQueue(waiter, spun));
        chan.leave(waiter);
    }

    /** A partner that holds the lock may be about to serve it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void standUp_theLockIsHeld_waitsForIt(boolean sends) throws Exception {
        Object placed = sends ? 1 : WaitQueues.WAITING;
        Goroutines.Started<Object> seated;
        chan.lockAll();
        try {
            if (sends) {
                chan.senderSeat = placed;
            } else {
                chan.receiverSeat = placed;
            }
            seated = goroutines.call(() -> chan.waitInSeat(sends, placed));
            Await.until(() -> seated.isDone() || seated.thread().getState() == Thread.State.WAITING,
                    () -> "it to wait for the lock");
            assertTrue(sends ? chan.serveSeatedSender(WaitQueues.TAKEN) != null : chan.serveSeatedReceiver(2));
        } finally {
            chan.unlockAll();
        }
        assertEquals(sends ? WaitQueues.TAKEN : 2, seated.get());
        assertFalse(chan.hasSender() || chan.hasReceiver());
    }

    /** Others have queued up behind the seat meanwhile. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void standUp_othersAreQueued_isBeforeThem(boolean sends) throws Exception {
        Object placed = sends ? 1 : WaitQueues.WAITING;
        Waiter other = new Waiter(sends, 2, true);
        chan.lockAll();
        try {
            if (sends) {
                chan.senderSeat = placed;
            } else {
                chan.receiverSeat = placed;
            }
            chan.enqueue(other);
        } finally {
            chan.unlockAll();
        }
        WaitNode stood = (WaitNode) chan.waitInSeat(sends, placed);
        assertEquals(sends ? placed : null, stood.item);
        assertNull(sends ? chan.senderSeat : chan.receiverSeat);
        assertQueue(sends, stood, other);
    }

    /** Who looks without the lock finds it in the one place or in the other. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void standUp_whileOthersLook_isNotMissed(boolean sends) throws Exception {
        Object placed = sends ? 1 : WaitQueues.WAITING;
        Goroutines threads = new Goroutines(Thread.ofPlatform().factory());
        AtomicInteger sits = new AtomicInteger(); // in which round; 0 while it does not
        int rounds = Effort.times(20_000, 2_000_000);
        var seated = threads.go(() -> {
            for (int i = 1; i <= rounds; i++) {
                if (sends) {
                    chan.senderSeat = placed;
                } else {
                    chan.receiverSeat = placed;
                }
                sits.set(i);
                WaitNode stood = (WaitNode) chan.waitInSeat(sends, placed);
                sits.set(0);
                chan.leave(stood);
            }
        });
        int missed = 0;
        while (!seated.isDone()) {
            int before = sits.get();
            if (before > 0 && !chan.seemsAwaited(sends) && sits.get() == before) {
                missed++;
            }
        }
        seated.get();
        assertEquals(0, missed);
    }

    @Test
    void tryForms_oneSits_serveIt() {
        chan.receiverSeat = WaitQueues.WAITING;
        assertTrue(chan.trySend(1));
        assertEquals(1, chan.collectFromSeat(false));
        chan.senderSeat = 2;
        assertEquals(2, chan.tryReceive());
        assertSame(WaitQueues.TAKEN, chan.collectFromSeat(true));
    }

    @Test
    void trySend_oneSitsAndOneIsQueued_servesTheSeat() {
        chan.receiverSeat = WaitQueues.WAITING;
        chan.enqueue(new Waiter(false, null, true));
        assertTrue(chan.trySend(1));
        assertEquals(1, chan.receiverSeat);
        assertEquals(1, chan.receiversQueued(), "the one behind waits");
    }

    @Test
    void tryReceive_oneSitsAndOneIsQueued_servesTheSeat() {
        chan.senderSeat = 1;
        chan.enqueue(new Waiter(true, 2, true));
        assertEquals(1, chan.tryReceive());
        assertSame(WaitQueues.TAKEN, chan.senderSeat);
        assertEquals(1, chan.sendersQueued(), "the one behind waits");
        assertEquals(2, chan.tryReceive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void close_oneSitsAndOneIsQueued_tellsBoth(boolean sends) {
        Waiter queued = new Waiter(sends, sends ? 2 : null, true);
        chan.enqueue(queued);
        if (sends) {
            chan.senderSeat = 1;
        } else {
            chan.receiverSeat = WaitQueues.WAITING;
        }
        chan.close();
        assertSame(WaitQueues.CLOSED, sends ? chan.senderSeat : chan.receiverSeat);
        assertEquals(0, queued.state);
        assertNull(queued.item);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void close_somebodyIsQueued_holdsTheLockWhenItEndsTheWait(boolean sends) {
        List<Integer> locked = new ArrayList<>();
        chan.enqueue(new WaitNode(sends, null) {
            @Override
            boolean complete(WaitQueues queues) {
                locked.add(queues.locked);
                return true;
            }
        });
        chan.close();
        assertEquals(List.of(1), locked);
    }

    /** An overflow may leave a goroutine that was served to the next critical section, which may serve one itself. */
    @Test
    void completeFirst_anotherIsLeftFromBefore_bothAreWoken() throws Exception {
        var left = goroutines.go(() -> LockSupport.park(this));
        var receiver = goroutines.call(chan::receive);
        Await.parked(left.thread());
        Await.parked(receiver.thread());
        chan.wake = left.thread();
        assertTrue(chan.trySend(1));
        assertEquals(1, receiver.get());
        left.get();
    }
}
