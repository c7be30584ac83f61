package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static dev.runnel.Go.selectFirst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: of the cases that are ready at one instant, selectFirst chooses the first in the call. */
class SelectFirstTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @Test
    void allReady_theFirstIsChosen() throws Exception {
        Case<Integer> a = closed().onReceive();
        Case<Integer> b = closed().onReceive();
        Case<Integer> c = Chan.<Integer>make(1_000).onSend(1);
        Case<Integer> d = after(Duration.ZERO);
        Case<Integer> e = closed().onReceive();
        for (int i = 0; i < 100; i++) {
            assertSame(a, selectFirst(a, b));
            assertSame(b, selectFirst(b, a));
            assertSame(c, selectFirst(c, a, b));
            assertSame(d, selectFirst(d, c, b, a));
            assertSame(e, selectFirst(e, d, c, b, a));
        }
    }

    @Test
    void firstNotReady_theNextThatIsIsChosen() throws Exception {
        Case<Integer> never = chans.<Integer>make().onReceive();
        Case<Integer> full = chans.<Integer>make().onSend(1);
        Case<Integer> absent = Chan.<Integer>absent().onReceive();
        Case<Integer> b = closed().onReceive();
        Case<Integer> c = closed().onReceive();
        Case<Integer> otherwise = otherwise();
        for (int i = 0; i < 100; i++) {
            assertSame(b, selectFirst(never, b, c));
            assertSame(c, selectFirst(absent, c, b));
            assertSame(c, selectFirst(never, full, absent, c, b));
            assertSame(b, selectFirst(never, b, c, otherwise));
            assertSame(c, selectFirst(never, absent, c, b));
        }
    }

    /** A handle's memory is shared by both kinds of select: neither keeps the order of the other. */
    @Test
    void sameHandles_selectAndSelectFirstByTurns_eachHasItsOwnOrder() throws Exception {
        Case<Integer> a = closed().onReceive();
        Case<Integer> b = closed().onReceive();
        Case<Integer> c = closed().onReceive();
        int chosen = 0;
        for (int i = 0; i < 10_000; i++) {
            if (select(a, b, c) == a) {
                chosen++;
            }
            assertSame(a, selectFirst(a, b, c));
        }
        assertEquals(10_000 / 3.0, chosen, 7 * Math.sqrt(10_000 * 2 / 9.0));
    }

    @Test
    void otherwise_aCaseIsReady_isNotChosenWhereverItStands() throws Exception {
        Case<Integer> ready = closed().onReceive();
        Case<Integer> never = chans.<Integer>make().onReceive();
        Case<Integer> otherwise = otherwise();
        for (int i = 0; i < 1_000; i++) {
            assertSame(ready, selectFirst(otherwise, ready));
            assertSame(ready, selectFirst(otherwise, never, ready));
        }
    }

    @Test
    void otherwise_nothingReady_isChosenEvenIfInterrupted() throws Exception {
        Case<Integer> otherwise = otherwise();
        Thread.currentThread().interrupt();
        assertSame(otherwise, selectFirst(otherwise, chans.<Integer>make().onReceive()));
        assertSame(otherwise, selectFirst(chans.<Integer>make().onReceive(), chans.<Integer>make().onSend(1),
                otherwise));
        assertSame(otherwise, selectFirst(otherwise, after(Duration.ofHours(1))));
        assertTrue(Thread.interrupted());
    }

    @EveryCapacity
    void nothingReady_waitsForWhatBecomesSo(int capacity) throws Exception {
        for (int which = 0; which < 3; which++) {
            List<Chan<Integer>> three = List.of(chans.make(capacity), chans.make(capacity), chans.make(capacity));
            var selecting = goroutines.call(() -> selectFirst(
                    three.get(0).onReceive(), three.get(1).onReceive(), three.get(2).onReceive()).value());
            for (Chan<Integer> chan : three) {
                Await.receivers(chan, 1);
            }
            three.get(which).send(which);
            assertEquals(which, selecting.get());
        }
    }

    @Test
    void deadlineComes_afterIsChosen() throws Exception {
        Case<Integer> timeout = after(Duration.ofMillis(5));
        assertSame(timeout, selectFirst(chans.<Integer>make().onReceive(), timeout));
        assertSame(timeout, selectFirst(timeout, closed().onReceive()), "it stays ready");
    }

    @Test
    void handler_runsAndWhatItThrowsComesOut() throws Exception {
        List<Integer> handled = new ArrayList<>();
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        selectFirst(chan.onReceive(handled::add), closed().onReceive(handled::add));
        assertEquals(List.of(1), handled);
        assertThrows(IllegalStateException.class, () -> selectFirst(closed().onReceive(value -> {
            throw new IllegalStateException();
        }), closed().onReceive()));
    }

    @Test
    void sendToClosed_first_throws() {
        assertThrows(ChanClosedException.class, () -> selectFirst(closed().onSend(1), closed().onReceive()));
    }

    @Test
    void interrupted_onEntryOrWaiting_throwsAndLosesNothing() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> selectFirst(chan.onReceive(), closed().onReceive()));
        assertEquals(1, chan.receive());
        var selecting = goroutines.call(() -> selectFirst(chan.onReceive(), chans.<Integer>make().onReceive()));
        Await.receivers(chan, 1);
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
        assertTrue(chan.trySend(2));
        assertEquals(2, chan.receive());
    }

    @Test
    void noCases_blocksUntilInterrupted() throws Exception {
        var selecting = goroutines.call(() -> selectFirst());
        Await.parked(selecting.thread());
        selecting.interrupt();
        assertInstanceOf(InterruptedException.class, selecting.failure());
    }

    @Test
    void badCases_throw() {
        Case<Integer> a = closed().onReceive();
        assertThrows(NullPointerException.class, () -> selectFirst((Case<Integer>[]) null));
        assertThrows(NullPointerException.class, () -> selectFirst(a, null));
        assertThrows(IllegalArgumentException.class, () -> selectFirst(a, a));
        assertThrows(IllegalArgumentException.class, () -> selectFirst(a, otherwise(), otherwise()));
        assertThrows(IllegalStateException.class, () -> selectFirst(a, Chan.<Integer>make().onSend()));
    }

    /**
     * The second channel is filled after the first one, and emptied before it; what the select takes it puts back. So
     * whenever it looks and the second one is ready, the first is too. Who looks at one after the other may miss that.
     */
    @Test
    void secondReadyOnlyWithTheFirst_isNeverChosen() throws Exception {
        Chan<Integer> a = chans.make(2);
        Chan<Integer> b = chans.make(2);
        int wrong = 0;
        var mover = goroutines.go(() -> {
            for (int i = 0; i < Effort.times(50_000, 5_000_000); i++) {
                a.send(1);
                b.send(1);
                b.receive();
                a.receive();
            }
        });
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        Case<Integer> otherwise = otherwise();
        while (!mover.isDone()) {
            Case<? extends Integer> chosen = selectFirst(fromA, fromB, otherwise);
            if (chosen == fromA) {
                a.send(1);
            } else if (chosen == fromB) {
                wrong++;
                b.send(1);
            }
        }
        assertEquals(0, wrong);
    }

    /** What the stress above has to be lucky for: the first one becomes ready when it has been looked at. */
    @Test
    void bothBecomeReadyWhileItLooks_theFirstIsChosen() throws Exception {
        for (boolean withOtherwise : new boolean[] {true, false}) {
            for (int round = 0; round < 20; round++) {
                Chan<Integer> a = chans.make(1);
                LockedChan<Integer> b = (LockedChan<Integer>) chans.<Integer>make(1);
                Case<Integer> fromA = a.onReceive();
                Case<Integer> last = withOtherwise ? otherwise() : after(Duration.ofHours(1));
                Goroutines.Started<Case<? extends Integer>> selecting;
                b.lockAll();
                try {
                    selecting = goroutines.call(() -> selectFirst(fromA, b.onReceive(), last));
                    Await.until(() -> LockSupport.getBlocker(selecting.thread()) == b, () -> "it to stop at the lock");
                    assertTrue(goroutines.call(() -> a.trySend(1)).get());
                    assertTrue(b.offerLocked(2) != null);
                } finally {
                    b.unlockAll();
                }
                assertSame(fromA, selecting.get());
            }
        }
    }

    private Chan<Integer> closed() {
        Chan<Integer> chan = chans.make();
        chan.close();
        return chan;
    }
}
