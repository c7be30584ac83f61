package dev.runnel;

import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule: whatever sets, selects and plain goroutines do to the same channels, each value arrives once, in the order of
 * its sender, and nobody waits for what is there. A wake-up that is lost shows as a test that does not end.
 */
class CaseSetStressTest {

    private static final int CHANNELS = 4;

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Seed seed = new Seed();

    /** What all that takes part in one round shares. */
    private final class Round {

        final List<Chan<Integer>> channels = new ArrayList<>();
        final int total;
        final AtomicInteger next = new AtomicInteger();
        final AtomicIntegerArray received;
        final WaitGroup senders = new WaitGroup();

        Round(int capacity, int total) {
            this.total = total;
            received = new AtomicIntegerArray(total);
            for (int i = 0; i < CHANNELS; i++) {
                channels.add(chans.make(capacity < 0 ? i : capacity));
            }
        }

        /** The next value to be sent, or null if it is enough. */
        Integer next() {
            int value = next.getAndIncrement();
            return value < total ? value : null;
        }

        Chan<Integer> any(SplittableRandom random) {
            return channels.get(random.nextInt(CHANNELS));
        }

        void sendPlainly(SplittableRandom random) throws InterruptedException {
            for (Integer value; (value = next()) != null;) {
                any(random).send(value);
            }
            senders.done();
        }

        void receivePlainly(Chan<Integer> chan) {
            for (Integer value : chan) {
                received.incrementAndGet(value);
            }
        }

        void receiveBySelect() throws InterruptedException {
            List<Case<Integer>> cases = new ArrayList<>();
            for (Chan<Integer> chan : channels) {
                cases.add(chan.onReceive());
            }
            while (!cases.isEmpty()) {
                @SuppressWarnings("unchecked") Case<Integer>[] array = cases.toArray(Case[]::new);
                Case<? extends Integer> chosen = select(array);
                if (chosen.value() == null) {
                    cases.remove(chosen);
                } else {
                    received.incrementAndGet(chosen.value());
                }
            }
        }

        /** Sends and receives on random channels by one set, until it is enough and all are closed. */
        void useSet(SplittableRandom random, boolean sends, boolean receives) {
            CaseSet<Integer> set = new CaseSet<>();
            List<SendCase<Integer>> sending = new ArrayList<>();
            List<Case<Integer>> receiving = new ArrayList<>();
            List<Chan<Integer>> open = new ArrayList<>();
            for (int i = 0; sends && i < 3; i++) {
                addSender(set, sending, random);
            }
            for (int i = 0; receives && i < 5; i++) {
                Chan<Integer> chan = i < CHANNELS ? channels.get(i) : any(random);
                receiving.add(set.add(chan.onReceive()));
                open.add(chan);
            }
            boolean atWork = sends;
            while (set.size() > 0) {
                if (atWork && sending.isEmpty()) {
                    atWork = false;
                    senders.done();
                    continue;
                }
                Case<? extends Integer> chosen = selected(set, random);
                int at = receiving.indexOf(chosen);
                if (at < 0) {
                    sending.remove(chosen);
                    assertTrue(set.remove(chosen));
                    addSender(set, sending, random);
                } else if (chosen.value() == null) {
                    assertTrue(set.remove(chosen));
                    receiving.remove(at);
                    open.remove(at);
                } else {
                    received.incrementAndGet(chosen.value());
                    if (random.nextInt(8) == 0) { // whatever it is being told at this moment
                        int other = random.nextInt(receiving.size());
                        assertTrue(set.remove(receiving.get(other)));
                        receiving.set(other, set.add(open.get(other).onReceive()));
                    }
                }
            }
            if (atWork) {
                senders.done();
            }
        }

        private void addSender(CaseSet<Integer> set, List<SendCase<Integer>> sending, SplittableRandom random) {
            Integer value = next();
            if (value != null) {
                sending.add(set.add(any(random).onSend().with(value)));
            }
        }

        private Case<? extends Integer> selected(CaseSet<Integer> set, SplittableRandom random) {
            for (;;) {
                try {
                    Case<? extends Integer> chosen = random.nextInt(4) == 0 ? set.trySelect() : null;
                    return chosen == null ? set.select() : chosen;
                } catch (InterruptedException e) {
                    // as if it had not been called
                }
            }
        }

        void end() throws Exception {
            senders.await();
            for (Chan<Integer> chan : channels) {
                chan.close();
            }
            goroutines.join();
            for (int i = 0; i < total; i++) {
                assertEquals(1, received.get(i), "how often " + i + " arrived");
            }
            for (Chan<Integer> chan : channels) {
                assertNull(((LockedChan<?>) chan).watches, "what the sets have left in the channel");
            }
        }
    }

    /** Each kind of goroutine beside sets that send, receive, and do both; with interruptions of these. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2})
    void setsAndOthers_onTheSameChannels_eachValueArrivesOnce(int capacity) throws Exception {
        for (int i = 0; i < Effort.times(20, 2_000); i++) {
            Round round = new Round(capacity, 1_000);
            SplittableRandom random = seed.random(i);
            int kinds = random.nextInt(1, 64);
            List<Goroutines.Started<?>> owners = new ArrayList<>();
            start(round, owners, (kinds & 1) != 0, true, false, random);
            start(round, owners, (kinds & 2) != 0, true, true, random);
            start(round, owners, (kinds & 4) != 0, true, false, random);
            start(round, owners, true, false, true, random);
            start(round, owners, (kinds & 8) != 0, false, true, random);
            if ((kinds & 16) != 0) {
                goroutines.go(round::receiveBySelect);
                goroutines.go(() -> round.receivePlainly(round.channels.get(0)));
            }
            if ((kinds & 32) != 0 || (kinds & 7) == 0) {
                for (int g = 0; g < 2; g++) {
                    round.senders.add(1);
                    SplittableRandom own = random.split();
                    goroutines.go(() -> round.sendPlainly(own));
                }
            }
            Thread interrupter = Thread.ofPlatform().start(() -> { // a virtual one that yields can starve the others
                while (owners.stream().anyMatch(one -> !one.isDone())) {
                    owners.get(random.nextInt(owners.size())).interrupt();
                    Thread.yield();
                }
            });
            round.end();
            interrupter.join();
            seed.advance();
        }
    }

    private void start(Round round, List<Goroutines.Started<?>> owners, boolean really, boolean sends,
            boolean receives, SplittableRandom random) {
        if (really) {
            if (sends) {
                round.senders.add(1);
            }
            SplittableRandom own = random.split();
            owners.add(goroutines.go(() -> round.useSet(own, sends, receives)));
        }
    }

    /** Nobody but sets, so that each value has to go from one set to another. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10})
    void setsOnly_valuesInTheOrderOfTheirSender(int capacity) throws Exception {
        int senders = 3;
        int receivers = 3;
        int each = Effort.times(3_000, 300_000);
        Chan<Integer> chan = chans.make(capacity);
        int[][] last = new int[receivers][senders];
        AtomicInteger count = new AtomicInteger();
        WaitGroup sent = new WaitGroup();
        for (int s = 0; s < senders; s++) {
            int id = s;
            sent.go(() -> {
                CaseSet<Integer> set = new CaseSet<>();
                SendCase<Integer> send = set.add(chan.onSend());
                for (int i = 1; i <= each; i++) {
                    send.with(i * senders + id);
                    set.select();
                }
                set.clear();
            });
        }
        for (int r = 0; r < receivers; r++) {
            int id = r;
            goroutines.go(() -> {
                CaseSet<Integer> set = new CaseSet<>();
                Case<Integer> receive = set.add(chan.onReceive());
                for (;;) {
                    set.select();
                    Integer value = receive.value();
                    if (value == null) {
                        break;
                    }
                    int from = value % senders;
                    assertTrue(last[id][from] < value / senders, "overtaken");
                    last[id][from] = value / senders;
                    count.incrementAndGet();
                }
                set.clear();
            });
        }
        sent.await();
        chan.close();
        goroutines.join();
        assertEquals(senders * each, count.get());
        for (int s = 0; s < senders; s++) {
            int from = s;
            assertEquals(each, Arrays.stream(last).mapToInt(l -> l[from]).max().orElseThrow());
        }
        assertNull(((LockedChan<?>) chan).watches);
    }

    /** A thousand sets wait for one channel to be closed: all are told, one by one. */
    @Test
    void close_manySetsWait_allReturn() throws Exception {
        Chan<Integer> quit = chans.make();
        int n = 1_000;
        AtomicInteger waiting = new AtomicInteger();
        for (int i = 0; i < n; i++) {
            goroutines.go(() -> {
                CaseSet<Integer> set = new CaseSet<>();
                Case<Integer> done = set.add(quit.onReceive());
                assertNull(set.trySelect());
                waiting.incrementAndGet();
                assertEquals(done, set.select());
                set.clear();
            });
        }
        Await.until(() -> waiting.get() == n, () -> "all to have looked");
        quit.close();
        goroutines.join();
        assertNull(((LockedChan<?>) quit).watches);
    }
}
