package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules: among the ready cases the choice is uniform; {@code otherwise} only if at one instant none was ready. */
class SelectChoiceTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7})
    void allReady_eachIsChosenAsOften(int n) throws Exception {
        Case<?>[] ready = new Case<?>[n];
        for (int i = 0; i < n; i++) {
            ready[i] = closed().onReceive();
        }
        assertUniform(ready, ready);
    }

    /** A random start of a cyclic scan would choose a case behind a gap twice as often. */
    @Test
    void someReady_eachOfThemIsChosenAsOften() throws Exception {
        Case<?> a = closed().onReceive();
        Case<?> b = closed().onReceive();
        Case<?> c = closed().onReceive();
        Case<?> never1 = chans.<Integer>make().onReceive();
        Case<?> never2 = chans.<Integer>make().onSend(1);
        assertUniform(new Case<?>[] {a, never1, never2, b, c}, new Case<?>[] {a, b, c});
    }

    /** Cases that are used once: no shuffle of a select before makes up for what is uneven in this one's. */
    @Test
    void someReady_newCasesEachTime_eachIsChosenAsOften() throws Exception {
        Chan<Integer> never = chans.make();
        Chan<Integer> a = closed();
        Chan<Integer> b = closed();
        int rounds = 30_000;
        int chosen = 0;
        for (int i = 0; i < rounds; i++) {
            Case<Integer> fromA = a.onReceive();
            if (select(never.onReceive(), fromA, b.onReceive()) == fromA) {
                chosen++;
            }
        }
        double sigma = Math.sqrt(rounds * 0.25);
        assertEquals(rounds / 2.0, chosen, 7 * sigma);
    }

    /** The form of the call that takes four cases is one of its own. */
    @Test
    void fourReady_newCasesEachTime_eachIsChosenAsOften() throws Exception {
        Chan<Integer> closed = closed();
        int rounds = 30_000;
        int[] chosen = new int[4];
        for (int i = 0; i < rounds; i++) {
            Case<Integer> a = closed.onReceive();
            Case<Integer> b = closed.onReceive();
            Case<Integer> c = closed.onReceive();
            Case<Integer> d = closed.onReceive();
            chosen[List.of(a, b, c, d).indexOf(select(a, b, c, d))]++;
        }
        double sigma = Math.sqrt(rounds * 3 / 16.0);
        for (int n : chosen) {
            assertEquals(rounds / 4.0, n, 7 * sigma);
        }
    }

    @Test
    void otherwise_newCasesEachTime_eachIsChosenAsOften() throws Exception {
        Chan<Integer> closed = closed();
        int rounds = 30_000;
        int[] chosen = new int[3];
        for (int i = 0; i < rounds; i++) {
            Case<?>[] cases = {closed.onReceive(), closed.onReceive(), closed.onReceive(), otherwise()};
            chosen[Arrays.asList(cases).indexOf(select(cases))]++;
        }
        double sigma = Math.sqrt(rounds * 2 / 9.0);
        for (int n : chosen) {
            assertEquals(rounds / 3.0, n, 7 * sigma);
        }
    }

    @Test
    void sendsReceivesAndTimeouts_eachIsChosenAsOften() throws Exception {
        Chan<Integer> chan = chans.make(1);
        Case<?> send = Chan.<Integer>make(Integer.MAX_VALUE >> 8).onSend(1);
        Case<?> receive = closed().onReceive();
        Case<?> timeout = after(Duration.ZERO);
        Case<?> never = chan.onReceive();
        assertUniform(new Case<?>[] {send, never, receive, timeout}, new Case<?>[] {send, receive, timeout});
    }

    @Test
    void otherwise_isNotChosenWhileACaseIsReady() throws Exception {
        Case<?> a = closed().onReceive();
        Case<?> b = chans.<Integer>make().onReceive();
        Case<?> otherwise = otherwise();
        for (int i = 0; i < 10_000; i++) {
            assertSame(a, select(a, b, otherwise));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void otherwise_allReady_eachIsChosenAsOften(int n) throws Exception {
        Case<?>[] ready = new Case<?>[n];
        for (int i = 0; i < n; i++) {
            ready[i] = closed().onReceive();
        }
        Case<?>[] all = Arrays.copyOf(ready, n + 1);
        all[n] = otherwise();
        assertUniform(all, ready);
    }

    @Test
    void otherwise_nothingReady_isChosenAtOnce() throws Exception {
        Case<?> otherwise = otherwise();
        assertSame(otherwise, select(otherwise));
        assertSame(otherwise, select(chans.<Integer>make().onReceive(), otherwise));
        assertSame(otherwise, select(otherwise, chans.<Integer>make().onSend(1), chans.<Integer>make(1).onReceive()));
        assertSame(otherwise, select(after(Duration.ofHours(1)), otherwise));
    }

    /**
     * A goroutine moves a value from one channel to the other and back, so that at each instant at least one of them
     * has one; what the select takes it puts back where it was. Who looks at one channel after the other may find both
     * empty; select must not.
     */
    @Test
    void otherwise_oneOfTwoAlwaysReady_isNeverChosen() throws Exception {
        Chan<Integer> a = chans.make(2);
        Chan<Integer> b = chans.make(2);
        a.send(1);
        int turns = 20_000;
        AtomicInteger wrong = new AtomicInteger();
        var mover = goroutines.go(() -> {
            for (int i = 0; i < turns; i++) {
                b.send(1);
                a.receive();
                a.send(1);
                b.receive();
            }
        });
        var looker = goroutines.go(() -> {
            Case<?> fromA = a.onReceive();
            Case<?> fromB = b.onReceive();
            Case<?> otherwise = otherwise();
            while (!mover.isDone()) {
                Case<?> chosen = select(fromA, fromB, otherwise);
                if (chosen == otherwise) {
                    wrong.incrementAndGet();
                } else if (chosen == fromA) {
                    a.send(1);
                } else {
                    b.send(1);
                }
            }
        });
        looker.get();
        assertEquals(0, wrong.get());
    }

    /** Both cases wait for the one who comes, and he could do either. After Go's TestPseudoRandomSend. */
    @Test
    void severalWaitAtOneChannel_eachIsChosenAsOften() throws Exception {
        Chan<Integer> chan = chans.make();
        int rounds = 2_000;
        List<Integer> sent = new ArrayList<>();
        var sender = goroutines.go(() -> {
            Case<?> zero = chan.onSend(0);
            Case<?> one = chan.onSend(1);
            for (int i = 0; i < rounds; i++) {
                sent.add(select(zero, one) == zero ? 0 : 1);
            }
        });
        List<Integer> received = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Await.senders(chan, 2);
            received.add(chan.receive());
        }
        sender.get();
        assertEquals(received, sent, "the case that select says is the one that was done");
        int ones = Collections.frequency(received, 1);
        assertEquals(rounds / 2.0, ones, 7 * Math.sqrt(rounds * 0.25));
    }

    private Chan<Integer> closed() {
        Chan<Integer> chan = chans.make();
        chan.close();
        return chan;
    }

    /** Pearson's test against equal chances, with a bound that a right implementation misses once in some 10^9 runs. */
    private static void assertUniform(Case<?>[] cases, Case<?>[] ready) throws InterruptedException {
        int rounds = 30_000;
        IdentityHashMap<Case<?>, Integer> chosen = new IdentityHashMap<>();
        for (int i = 0; i < rounds; i++) {
            chosen.merge(select(cases), 1, Integer::sum);
        }
        double expected = (double) rounds / ready.length;
        double chiSquare = Arrays.stream(ready)
                .mapToDouble(c -> Math.pow(chosen.getOrDefault(c, 0) - expected, 2) / expected)
                .sum();
        assertEquals(ready.length, chosen.size());
        assertFalse(chiSquare > 50 + ready.length, () -> "chosen " + chosen.values());
    }
}
