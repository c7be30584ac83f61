package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule: a select of up to eight cases, none of which is a timer's, looks for a partner for a moment before it queues
 * nodes. From each wait one thing is learnt: whether somebody has come while it spun.
 */
class SelectSpinTest {

    /** So many spins have been in vain before each try; a hit makes them two less, a miss one more. */
    private static final int MISSES = 10;

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final Case<Integer> never = receive();

    @BeforeEach
    void needsTwoCarriers() {
        assumeTrue(new Patience(false).nanos() > 0, "with one carrier nobody spins");
    }

    private Case<Integer> receive() {
        return chans.<Integer>make().onReceive();
    }

    private List<Case<?>> receives(int n) {
        List<Case<?>> cases = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            cases.add(receive());
        }
        return cases;
    }

    /** What the selects learn in which a case comes first; of as many cases as that has been in already. */
    static Patience patience(Case<?> first) throws ReflectiveOperationException {
        return (Patience) field(Selection.class, "patience").get(first.selection);
    }

    static Field field(Class<?> of, String name) throws ReflectiveOperationException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Test
    void wait_inVain_isOneLesson() throws Exception {
        Chan<Integer> chan = chans.make();
        Case<Integer> receive = chan.onReceive();
        select(receive, never, otherwise());
        Patience patience = patience(receive);
        Field misses = field(Patience.class, "misses");
        patience.resting = false;
        for (int n = 0, before = 0; before < MISSES; n++) {
            assertTrue(n < 1000, "nothing is learnt");
            misses.setInt(patience, before);
            var selecting = goroutines.go(() -> select(receive, never));
            Await.parked(selecting.thread());
            chan.send(1);
            selecting.get();
            int learnt = misses.getInt(patience) - before;
            assertTrue(learnt == 0 || learnt == 1, () -> "lessons: " + learnt); // none while way is made for others
            before += learnt;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void few_areLookedAtWhileItSpins(int n) throws Exception {
        assertTrue(isFoundSpinning(receives(n), 100_000));
    }

    @Test
    void many_areNot() throws Exception {
        assertFalse(isFoundSpinning(receives(8), 1_000), "with the deadline there are nine");
    }

    /** Which one is the first is to be said of one instant. */
    @Test
    void inOrder_isNot() throws Exception {
        assertFalse(isFoundSpinning(receives(1), 1_000, true), "with the deadline there are two");
    }

    @Test
    void timer_isNot() throws Exception {
        Ticker ticker = Ticker.start(Duration.ofHours(1));
        try {
            for (int at = 0; at < 3; at++) {
                List<Case<?>> cases = receives(2);
                cases.add(at, ticker.channel().onReceive());
                assertFalse(isFoundSpinning(cases, 1_000), "the ticker at " + at);
            }
        } finally {
            ticker.stop();
        }
    }

    /** What follows from the cases is worked out anew when they are others. */
    @Test
    void timerNoMore_isLookedAtAgain() throws Exception {
        Ticker ticker = Ticker.start(Duration.ofHours(1));
        try {
            select(never, ticker.channel().onReceive(), otherwise());
        } finally {
            ticker.stop();
        }
        assertTrue(isFoundSpinning(List.of(never, receive()), 100_000));
    }

    @Test
    void isByTime_aTimersChannelIs() {
        Timer timer = Timer.start(Duration.ofHours(1));
        timer.stop();
        assertTrue(timer.channel().onReceive().isByTime());
        assertFalse(never.isByTime());
        assertFalse(Chan.<Integer>absent().onReceive().isByTime());
        assertFalse(otherwise().isByTime());
    }

    private static boolean isFoundSpinning(List<Case<?>> cases, int tries) throws Exception {
        return isFoundSpinning(cases, tries, false);
    }

    /**
     * Selects among cases that never happen until a deadline comes just while it spins. How long it takes to get so far
     * is not known, so one time after the other is tried.
     *
     * @param tries how often at the most
     * @param inOrder whether it selects the first
     * @return whether that has come about
     */
    private static boolean isFoundSpinning(List<Case<?>> cases, int tries, boolean inOrder) throws Exception {
        Case<?>[] all = cases.toArray(new Case<?>[cases.size() + 1]);
        Case<?> first = all[0];
        all[cases.size()] = otherwise();
        select(all);
        Patience patience = patience(first);
        Field misses = field(Patience.class, "misses");
        for (int i = 0; i < tries; i++) {
            all[cases.size()] = after(Duration.ofNanos(50L * (i % 100)));
            misses.setInt(patience, MISSES);
            patience.resting = false;
            assertSame(all[cases.size()], inOrder ? Go.selectFirst(all) : select(all));
            assertSame(patience, patience(first));
            int learnt = misses.getInt(patience) - MISSES;
            if (learnt == -2) {
                return true;
            }
            assertTrue(learnt == 0 || learnt == 1, () -> "lessons: " + learnt);
        }
        return false;
    }

    @Test
    void spinForCase_tellsWhichHasHappened() throws Exception {
        Chan<Integer> chan = chans.make(2);
        Case<Integer> receive = chan.onReceive();
        select(receive, chans.make(2).onReceive(), otherwise());
        Selection selection = receive.selection;
        assertNull(Waiter.spinForCase(selection, 200));
        chan.send(1);
        assertNull(Waiter.spinForCase(selection, 0), "it has not looked");
        assertSame(receive, Waiter.spinForCase(selection, 1));
        assertEquals(0, chan.size(), "and done what it is about");
        chan.send(2);
        assertSame(receive, Waiter.spinForCase(selection, 200));
        assertNull(Waiter.spinForCase(selection, 200));
    }

    /** Where there is no seat. What it has found has happened: a select that did not go on with it would lose a value. */
    @Test
    void spin_caseReady_isTheOneThatIsGoneOnWith() throws Exception {
        Chan<Integer> chan = chans.make(2);
        Case<Integer> receive = chan.onReceive();
        select(receive, chans.make(2).onReceive(), otherwise());
        Selection selection = receive.selection;
        Patience patience = patience(receive);
        Field misses = field(Patience.class, "misses");
        Case<?> found = null;
        for (int tries = 0; found == null; tries++) { // not at all while way is made for others
            assertTrue(tries < 1_000, "it never spins");
            misses.setInt(patience, MISSES);
            patience.resting = false;
            chan.trySend(1);
            found = selection.spin();
            assertEquals(found == null ? 1 : 0, chan.size());
        }
        assertSame(receive, found);
    }
}
