package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: a case is a handle: one goroutine at a time, once in a call, its value there until the next select. */
class SelectHandleTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @Test
    void handles_usedTurnByTurn_loopEndsWhenQuitIsChosen() throws Exception {
        Chan<Integer> jobs = chans.make();
        Chan<Boolean> done = chans.make();
        goroutines.go(() -> {
            for (int i = 0; i < 1_000; i++) {
                jobs.send(i);
            }
            done.close();
        });
        Case<Integer> job = jobs.onReceive();
        Case<Boolean> quit = done.onReceive();
        List<Integer> worked = new ArrayList<>();
        while (select(job, quit) == job) {
            worked.add(job.value());
        }
        assertEquals(1_000, worked.size());
        assertEquals(worked.stream().sorted().toList(), worked);
        assertNull(quit.value());
    }

    @Test
    void value_notChosen_throws() throws Exception {
        Chan<Integer> a = chans.make(1);
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = chans.<Integer>make().onReceive();
        assertThrows(IllegalStateException.class, fromA::value, "in no select yet");
        a.send(1);
        assertSame(fromA, select(fromA, fromB));
        assertEquals(1, fromA.value());
        assertEquals(1, fromA.value(), "it can be asked again");
        assertThrows(IllegalStateException.class, fromB::value);

        Case<Integer> otherwise = otherwise();
        assertSame(otherwise, select(fromA, fromB, otherwise));
        assertThrows(IllegalStateException.class, fromA::value, "that was the turn before");
        assertNull(otherwise.value());
        a.send(2);
        assertSame(fromA, select(fromA, otherwise));
        assertThrows(IllegalStateException.class, otherwise::value, "this, too");
    }

    @Test
    void value_selectThrew_throws() throws Exception {
        Chan<Integer> a = chans.make(2);
        a.send(1);
        Case<Integer> fromA = a.onReceive();
        select(fromA);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> select(fromA));
        assertEquals(1, fromA.value(), "a select that did not begin leaves things as they were");
        Chan<Integer> closed = chans.make();
        closed.close();
        Case<Integer> toClosed = closed.onSend(1);
        assertThrows(ChanClosedException.class, () -> select(fromA, toClosed));
        assertThrows(IllegalStateException.class, fromA::value);
        assertThrows(IllegalStateException.class, toClosed::value);
    }

    @Test
    void sendHandle_sendsWhatItIsGivenEachTurn() throws Exception {
        Chan<Integer> chan = chans.make(10);
        SendCase<Integer> send = chan.onSend();
        for (int i = 0; i < 10; i++) {
            assertSame(send, select(send.with(i)));
            assertNull(send.value());
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(i, chan.receive());
        }
    }

    @Test
    void sendHandle_withoutAValue_throws() throws Exception {
        Chan<Integer> chan = chans.make(10);
        SendCase<Integer> send = chan.onSend();
        Case<Integer> other = chan.onReceive();
        var e = assertThrows(IllegalStateException.class, () -> select(other, send));
        assertTrue(e.getMessage().contains("with(value)"), e.getMessage());
        select(send.with(1));
        assertThrows(IllegalStateException.class, () -> select(other, send), "the value has been sent");
        assertThrows(NullPointerException.class, () -> send.with(null));
        assertSame(other, select(other), "the handles can still be used");
    }

    @Test
    void sendHandle_notChosen_keepsItsValue() throws Exception {
        Chan<Integer> full = chans.make();
        Chan<Integer> ready = chans.make(1);
        ready.send(1);
        SendCase<Integer> send = full.onSend().with(5);
        select(send, ready.onReceive());
        var receiver = goroutines.call(full::receive);
        select(send);
        assertEquals(5, receiver.get());
    }

    @Test
    void sendHandle_givenNull_keepsTheValueItHas() throws Exception {
        Chan<Integer> chan = chans.make(1);
        SendCase<Integer> send = chan.onSend().with(5);
        assertThrows(NullPointerException.class, () -> send.with(null));
        assertSame(send, select(send));
        assertEquals(5, chan.receive());
    }

    @Test
    void fixedSend_usedAgain_sendsTheSameAgain() throws Exception {
        Chan<Integer> chan = chans.make(2);
        Case<Integer> send = chan.onSend(3);
        select(send);
        select(send);
        assertEquals(3, chan.receive());
        assertEquals(3, chan.receive());
    }

    @Test
    void afterHandle_keepsItsDeadline() throws Exception {
        Case<Integer> timeout = after(Duration.ofMillis(20));
        Case<Integer> never = chans.<Integer>make().onReceive();
        assertSame(timeout, select(never, timeout));
        assertSame(timeout, select(never, timeout), "once it has come, it stays");
        assertNull(timeout.value());
    }

    @Test
    void sameHandleTwiceInACall_throws() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Case<Integer> receive = chan.onReceive();
        Case<Integer> other = chan.onReceive();
        assertThrows(IllegalArgumentException.class, () -> select(receive, receive));
        assertThrows(IllegalArgumentException.class, () -> select(other, receive, receive));
        assertThrows(IllegalArgumentException.class, () -> select(receive, other, chan.onSend(1), receive));
        assertThrows(IllegalArgumentException.class,
                () -> select(other, receive, chan.onSend(1), otherwise(), receive));
        chan.send(1);
        assertSame(1, select(receive).value(), "the handle can still be used");
    }

    @Test
    void sameHandleInTwoGoroutines_throws() throws Exception {
        Chan<Integer> a = chans.make();
        Chan<Integer> b = chans.make();
        Case<Integer> shared = a.onReceive();
        var waiting = goroutines.call(() -> select(b.onReceive(), shared).value());
        Await.receivers(a, 1);
        Await.parked(waiting.thread());
        assertThrows(IllegalArgumentException.class, () -> select(shared));
        assertThrows(IllegalArgumentException.class, () -> select(shared, b.onReceive(), otherwise()));
        a.send(1);
        assertEquals(1, waiting.get(), "the goroutine that had it was not disturbed");
    }

    /** What a select is refused that has begun with other cases: it must not free the one that it has not begun with. */
    @Test
    void sameHandleInTwoGoroutines_notFirst_isRefusedAgain() throws Exception {
        Chan<Integer> a = chans.make();
        Case<Integer> shared = a.onReceive();
        Case<Integer> never = chans.<Integer>make().onReceive();
        Case<Integer> other = chans.<Integer>make().onReceive();
        var waiting = goroutines.call(() -> select(never, shared).value());
        Await.receivers(a, 1);
        Await.parked(waiting.thread());
        for (int turn = 0; turn < 3; turn++) {
            assertThrows(IllegalArgumentException.class, () -> select(other, shared, otherwise()));
        }
        a.send(1);
        assertEquals(1, waiting.get());
    }

    /** The first handle of a call carries the memory of the select, which is not for the second goroutine to touch. */
    @Test
    void sameFirstHandleInTwoGoroutines_throwsAndTheFirstIsNotDisturbed() throws Exception {
        Chan<Integer> a = chans.make();
        Chan<Integer> b = chans.make();
        Case<Integer> shared = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        var waiting = goroutines.call(() -> select(shared, fromB) == fromB ? fromB.value() : null);
        Await.receivers(b, 1);
        Await.parked(waiting.thread());
        Case<Integer> other = chans.<Integer>make().onReceive();
        assertThrows(IllegalArgumentException.class, () -> select(shared, other));
        assertThrows(IllegalArgumentException.class, () -> select(shared, otherwise()));
        assertThrows(IllegalArgumentException.class, () -> select(shared));
        b.send(1);
        assertEquals(1, waiting.get());
        assertEquals(0, Waiting.receivers(a), "it has left the queue");
    }

    @Test
    void handle_handedOnToAnotherGoroutine_wakesThatOne() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> quiet = chans.make();
        Case<Integer> receive = chan.onReceive();
        Case<Integer> never = quiet.onReceive();
        for (int turn = 0; turn < 10; turn++) {
            var selecting = goroutines.call(() -> select(receive, never).value());
            Await.receivers(chan, 1);
            Await.parked(selecting.thread());
            chan.send(turn);
            assertEquals(turn, selecting.get());
        }
    }

    @Test
    void twoOtherwise_throws() {
        Case<Integer> receive = chans.<Integer>make(1).onReceive();
        Case<Integer> one = otherwise();
        Case<Integer> two = otherwise();
        assertThrows(IllegalArgumentException.class, () -> select(receive, one, two));
        assertThrows(IllegalArgumentException.class, () -> select(receive, one, two), "and again");
    }

    @Test
    void nulls_throwAndNameTheCase() {
        Case<Integer> receive = chans.<Integer>make().onReceive();
        assertNamesCase(0, assertThrows(NullPointerException.class, () -> select((Case<Integer>) null)));
        assertNamesCase(0, assertThrows(NullPointerException.class, () -> select(null, receive)));
        assertNamesCase(1, assertThrows(NullPointerException.class, () -> select(receive, (Case<Integer>) null)));
        assertNamesCase(2,
                assertThrows(NullPointerException.class, () -> select(receive, otherwise(), (Case<Integer>) null)));
        assertNamesCase(3, assertThrows(NullPointerException.class,
                () -> select(receive, otherwise(), receive, (Case<Integer>) null)));
        assertNamesCase(4, assertThrows(NullPointerException.class,
                () -> select(receive, otherwise(), receive, receive, (Case<Integer>) null)));
        assertThrows(NullPointerException.class, () -> select((Case<Integer>[]) null));
        Chan<Integer> chan = chans.make();
        assertThrows(NullPointerException.class, () -> chan.onReceive(null));
        assertThrows(NullPointerException.class, () -> chan.onSend(null));
        assertThrows(NullPointerException.class, () -> chan.onSend(1, null));
        assertThrows(NullPointerException.class, () -> after(null));
        assertThrows(NullPointerException.class, () -> after(Duration.ZERO, null));
        assertThrows(NullPointerException.class, () -> otherwise(null));
    }

    private static void assertNamesCase(int index, NullPointerException e) {
        assertTrue(e.getMessage().startsWith("case " + index + " of the select is null"), e.getMessage());
    }

    /** One handle that comes first in selects of different company, larger and smaller. */
    @Test
    void handle_inChangingCompany_worksInEach() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Case<Integer> lead = chan.onReceive();
        for (int turn = 0; turn < 3; turn++) {
            for (int n : new int[] {1, 2, 5, 3, 9, 4, 1}) {
                Case<?>[] cases = new Case<?>[n];
                cases[0] = lead;
                for (int i = 1; i < n; i++) {
                    cases[i] = chans.<Integer>make().onReceive();
                }
                chan.send(n);
                assertSame(lead, select(cases));
                assertEquals(n, lead.value());
                Case<Integer> otherwise = otherwise();
                cases[n - 1] = otherwise;
                assertSame(otherwise, select(cases));
            }
        }
    }

    /** The same handles, in the same places, but not always as many. */
    @Test
    void handle_withAndWithoutCompany_choosesAmongThoseGiven() throws Exception {
        Chan<Integer> a = chans.make();
        Chan<Integer> b = chans.make(2);
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        b.send(1);
        b.send(2);
        assertSame(fromB, select(fromA, fromB));
        var alone = goroutines.call(() -> select(fromA));
        Await.receivers(a, 1);
        a.send(3);
        assertSame(fromA, alone.get());
        assertEquals(1, b.size());
        assertSame(fromB, select(fromA, fromB));
        assertEquals(2, fromB.value());
    }

    @Test
    void handle_hasWaitedOnce_queuesNowhereWithOtherwise() throws Exception {
        Chan<Integer> a = chans.make();
        Chan<Integer> b = chans.make();
        Case<Integer> fromA = a.onReceive();
        Case<Integer> toB = b.onSend(1);
        var waiting = goroutines.go(() -> select(fromA, toB));
        Await.receivers(a, 1);
        a.send(1);
        waiting.get();
        Case<Integer> otherwise = otherwise();
        assertSame(otherwise, select(fromA, toB, otherwise));
        assertEquals(0, Waiting.receivers(a) + Waiting.senders(b));
    }

    @Test
    void handle_waitingInTurns_leavesNothingBehind() throws Exception {
        Chan<Integer> busy = chans.make();
        Chan<Integer> quiet = chans.make();
        int turns = Effort.times(20_000);
        goroutines.go(() -> {
            for (int i = 0; i < turns; i++) {
                busy.send(i);
            }
        });
        Case<Integer> fromQuiet = quiet.onReceive();
        Case<Integer> fromBusy = busy.onReceive();
        for (int i = 0; i < turns; i++) {
            assertSame(fromBusy, select(fromQuiet, fromBusy));
            assertEquals(i, fromBusy.value());
            assertFalse(Waiting.receivers(quiet) > 0);
        }
    }

    /**
     * Partners that find their node parked unpark it a little later, when it may be in its next turn already; and here
     * somebody does nothing else.
     */
    @Test
    void handles_usedInTurnsWhileUnparkedForNoReason_giveEachValueOnce() throws Exception {
        int senders = 3;
        int each = Effort.times(20_000, 5_000_000);
        List<Case<Integer>> handles = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            Chan<Integer> chan = chans.make(i / 2);
            handles.add(chan.onReceive());
            goroutines.go(() -> {
                for (int n = 0; n < each; n++) {
                    chan.send(n);
                }
            });
        }
        var selecting = goroutines.go(() -> {
            int[] next = new int[senders];
            for (int n = 0; n < senders * each; n++) {
                var chosen = select(handles.get(0), handles.get(1), handles.get(2));
                assertEquals(next[handles.indexOf(chosen)]++, chosen.value());
            }
        });
        while (!selecting.isDone()) {
            LockSupport.unpark(selecting.thread());
            Thread.yield();
        }
        goroutines.join();
    }
}
