package dev.runnel;

import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs of the kind that Go tests its own channels with: many goroutines, all operations, and books that must
 * balance.
 */
class GoProgramsTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    /**
     * On each of four channels a plain sender and a plain receiver, a select that sends as often on each, and one that
     * receives as often from each and switches a case off when it has had its share.
     */
    @Test
    void selectsAndPlainOperations_onFourChannels_allShareTheWork() throws Exception {
        List<Chan<Integer>> all = List.of(chans.make(), chans.make(), chans.make(2), chans.make(3));
        int n = Effort.times(10_000);
        for (Chan<Integer> chan : all) {
            goroutines.go(() -> {
                for (int i = 0; i < n; i++) {
                    chan.send(i);
                }
            });
            goroutines.go(() -> {
                for (int i = 0; i < n; i++) {
                    chan.receive();
                }
            });
        }
        goroutines.go(() -> inTurns(all, n, true));
        goroutines.go(() -> inTurns(all, n, false));
        goroutines.join();
    }

    private static void inTurns(List<Chan<Integer>> all, int n, boolean sends) throws InterruptedException {
        Case<?>[] cases = new Case<?>[all.size()];
        for (int i = 0; i < cases.length; i++) {
            cases[i] = sends ? all.get(i).onSend(i) : all.get(i).onReceive();
        }
        int[] left = IntStream.generate(() -> n).limit(cases.length).toArray();
        for (int i = 0; i < n * cases.length; i++) {
            int chosen = List.of(cases).indexOf(select(cases));
            if (--left[chosen] == 0) {
                cases[chosen] = Chan.<Integer>absent().onReceive();
            }
        }
    }

    /** If two cases of one select could both happen, a value would come twice. */
    @Test
    void selectWithFourSends_eachValueIsSentOnce() throws Exception {
        List<Chan<Integer>> outs = List.of(chans.make(), chans.make(), chans.make(), chans.make());
        Chan<Integer> merged = chans.make();
        WaitGroup forwarding = new WaitGroup();
        forwarding.add(outs.size());
        for (Chan<Integer> out : outs) {
            goroutines.go(() -> {
                for (int value : out) {
                    merged.send(value);
                }
                forwarding.done();
            });
        }
        goroutines.go(() -> {
            forwarding.await();
            merged.close();
        });
        int n = Effort.times(20_000);
        goroutines.go(() -> {
            SendCase<Integer> a = outs.get(0).onSend();
            SendCase<Integer> b = outs.get(1).onSend();
            SendCase<Integer> c = outs.get(2).onSend();
            SendCase<Integer> d = outs.get(3).onSend();
            for (int i = 0; i < n; i++) {
                select(a.with(i), b.with(i), c.with(i), d.with(i));
            }
            outs.forEach(Chan::close);
        });
        Set<Integer> seen = new HashSet<>();
        for (int value : merged) {
            assertTrue(seen.add(value), () -> value + " came twice");
        }
        assertEquals(n, seen.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void selectThatSendsAndReceivesOnOneChannel_neverReceivesFromItself(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int p = 0; p < 2; p++) {
            int me = p;
            goroutines.go(() -> {
                for (int i = 0; i < Effort.times(5_000); i++) {
                    Case<Integer> receive = chan.onReceive();
                    Case<Integer> send = chan.onSend(me);
                    boolean sendFirst = me == 0 || i % 2 == 0;
                    if ((sendFirst ? select(send, receive) : select(receive, send)) == receive && capacity == 0) {
                        assertNotEquals(me, receive.value());
                    }
                }
            });
        }
        goroutines.join();
    }

    /** Two channels that are always ready, two that never are, and another select in between. */
    @Test
    void selectInALoop_servesBothReadyChannelsAlike() throws Exception {
        int trials = 10_000;
        Chan<Integer> one = chans.make(trials + 1);
        Chan<Integer> two = chans.make(trials + 1);
        for (int i = 0; i <= trials; i++) {
            one.send(1);
            two.send(2);
        }
        Chan<Integer> out = chans.make();
        Chan<Boolean> done = chans.make();
        var looping = goroutines.go(() -> {
            Case<Integer> never1 = chans.<Integer>make().onReceive();
            Case<Integer> never2 = chans.<Integer>make().onReceive();
            Case<Integer> fromOne = one.onReceive();
            Case<Integer> fromTwo = two.onReceive();
            SendCase<Integer> send = out.onSend();
            Case<Boolean> quit = done.onReceive();
            do {
                send.with(select(never1, never2, fromOne, fromTwo).value());
            } while (select(send, quit) != quit);
        });
        int ones = 0;
        for (int i = 0; i < trials; i++) {
            ones += out.receive() == 1 ? 1 : 0;
        }
        done.close();
        looping.get();
        double sigma = Math.sqrt(trials * 0.25);
        assertTrue(Math.abs(ones - trials / 2) < 10 * sigma, "of " + trials + " " + ones + " from the one");
    }

    @Test
    void primeSieve_findsThePrimes() throws Exception {
        List<Integer> primes = new ArrayList<>();
        Chan<Integer> numbers = Chan.make();
        var filters = new ArrayList<Thread>();
        Chan<Integer> first = numbers;
        filters.add(Go.go(() -> {
            try {
                for (int i = 2;; i++) {
                    first.send(i);
                }
            } catch (InterruptedException e) {
                // the primes have been found
            }
        }));
        while (primes.size() < 200) {
            Chan<Integer> in = numbers;
            int prime = in.receive();
            primes.add(prime);
            Chan<Integer> out = Chan.make();
            filters.add(Go.go(() -> {
                try {
                    for (;;) {
                        int i = in.receive();
                        if (i % prime != 0) {
                            out.send(i);
                        }
                    }
                } catch (InterruptedException e) {
                    // the primes have been found
                }
            }));
            numbers = out;
        }
        filters.forEach(Thread::interrupt);
        for (Thread filter : filters) {
            filter.join();
        }
        assertEquals(IntStream.iterate(2, i -> i + 1).filter(GoProgramsTest::isPrime).limit(200).boxed().toList(),
                primes);
    }

    private static boolean isPrime(int n) {
        return IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(i -> n % i == 0);
    }

    /** A chain of goroutines, through which a token goes from one end to the other. */
    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void daisyChain_passesTheTokenOn(int length) throws Exception {
        Chan<Integer> right = chans.make();
        Chan<Integer> in = right;
        for (int i = 0; i < length; i++) {
            Chan<Integer> from = in;
            Chan<Integer> to = Chan.make();
            goroutines.go(() -> to.send(from.receive() + 1));
            in = to;
        }
        right.send(0);
        assertEquals(length, in.receive());
    }

    /** A channel as a semaphore: no more than its capacity are ever inside. */
    @Test
    void bufferedChannelAsSemaphore_limitsHowManyAreInside() throws Exception {
        int limit = 3;
        Chan<Boolean> semaphore = chans.make(limit);
        var inside = new java.util.concurrent.atomic.AtomicInteger();
        for (int g = 0; g < 20; g++) {
            goroutines.go(() -> {
                for (int i = 0; i < 500; i++) {
                    semaphore.send(true);
                    assertTrue(inside.incrementAndGet() <= limit);
                    inside.decrementAndGet();
                    semaphore.receive();
                }
            });
        }
        goroutines.join();
        assertEquals(0, semaphore.size());
    }
}
