package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: the try forms fail only if at some instant the channel was open and not ready; never spuriously. */
class ChanTryTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void trySend_untilFull_thenFails(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            assertTrue(chan.trySend(i));
        }
        assertFalse(chan.trySend(capacity));
        assertEquals(capacity, chan.size());
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
        assertNull(chan.tryReceive());
    }

    @EveryCapacity
    void trySend_receiverWaits_succeeds(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        assertTrue(chan.trySend(7));
        assertEquals(7, receiver.get());
    }

    @EveryCapacity
    void tryReceive_senderWaits_succeeds(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var sender = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 1);
        assertEquals(0, chan.tryReceive());
        sender.get();
        for (int i = 1; i <= capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
    }

    @Test
    void tryForms_onAWrappedRing_keepTheOrder() {
        Chan<Integer> chan = chans.make(3);
        int sent = 0;
        int received = 0;
        for (int turn = 0; turn < 100; turn++) {
            for (int i = 0; i <= turn % 3; i++) {
                assertTrue(chan.trySend(sent++));
            }
            for (int i = 0; i <= turn % 3; i++) {
                assertEquals(received++, chan.tryReceive());
            }
        }
    }

    /** Of two who each send to one channel and then look into the other, one is the later one, and finds a value. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "10, 10", "1, 2", "2, 1"})
    void tryReceive_afterOnesOwnSend_seesTheOthers(int capacity, int otherCapacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        Chan<Integer> b = chans.make(otherCapacity);
        int missed = countBoth(
                () -> a.trySend(1) && b.tryReceive() == null,
                () -> b.trySend(1) && a.tryReceive() == null,
                () -> {
                    a.tryReceive();
                    b.tryReceive();
                });
        assertEquals(0, missed, "times both have missed what the other one had sent");
    }

    /** The same with room: of two who each receive from one channel and then send to the other, one can. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "10, 10", "1, 2", "2, 1"})
    void trySend_afterOnesOwnReceive_seesTheOthers(int capacity, int otherCapacity) throws Exception {
        Chan<Integer> a = chans.make(capacity);
        Chan<Integer> b = chans.make(otherCapacity);
        fill(a);
        fill(b);
        int missed = countBoth(
                () -> a.tryReceive() != null && !b.trySend(1),
                () -> b.tryReceive() != null && !a.trySend(1),
                () -> {
                    fill(a);
                    fill(b);
                });
        assertEquals(0, missed, "times both have missed the room that the other one had made");
    }

    /** The same with a close: of two who each close a channel and then try the other, one finds it closed. */
    @EveryCapacity
    void trySend_afterOnesOwnClose_seesTheOthers(int capacity) throws Exception {
        AtomicReference<Chan<Integer>> a = new AtomicReference<>(Chan.make(capacity));
        AtomicReference<Chan<Integer>> b = new AtomicReference<>(Chan.make(capacity));
        int missed = countBoth(
                () -> closesAndMisses(a.get(), b.get()),
                () -> closesAndMisses(b.get(), a.get()),
                () -> {
                    a.set(Chan.make(capacity));
                    b.set(Chan.make(capacity));
                });
        assertEquals(0, missed, "times both have missed that the other one had closed");
    }

    /** One sends and then looks at a flag; the other one sets that and then looks for the value. One sees the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void tryReceive_afterAFlagWasSet_seesWhatWasSentBeforeALookAtThat(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int missed = countMissed(() -> chan.trySend(1), () -> chan.tryReceive() == null, chan::tryReceive);
        assertEquals(0, missed, "times nobody has seen the other one");
    }

    /** The same with room, and with values that are drained. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void trySend_afterAFlagWasSet_seesWhatWasReceivedBeforeALookAtThat(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        fill(chan);
        int missed = countMissed(() -> chan.tryReceive() != null, () -> !chan.trySend(1), () -> fill(chan));
        assertEquals(0, missed, "times nobody has seen the other one");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void drain_afterAFlagWasSet_seesWhatWasSentBeforeALookAtThat(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int missed = countMissed(() -> chan.trySend(1), () -> chan.drain(1).isEmpty(), chan::tryReceive);
        assertEquals(0, missed, "times nobody has seen the other one");
    }

    /** How often one leaves something and then sees no flag, and the other one sets that and misses what was left. */
    private static int countMissed(Callable<Boolean> leaves, Callable<Boolean> misses, Runnable restore)
            throws Exception {
        AtomicBoolean flag = new AtomicBoolean();
        return countBoth(
                () -> leaves.call() && !flag.get(),
                () -> {
                    flag.set(true);
                    return misses.call();
                },
                () -> {
                    flag.set(false);
                    restore.run();
                });
    }

    /** The flag is a channel, and to set it is to close that. */
    @ParameterizedTest
    @CsvSource({"2, 0", "1, 0", "2, 1", "1, 1", "2, 2"})
    void tryReceive_afterOnesOwnClose_seesWhatWasSentBeforeALookAtThat(int capacity, int quitCapacity)
            throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        AtomicReference<Chan<Integer>> quit = new AtomicReference<>(Chan.make(quitCapacity));
        int missed = countBoth(
                () -> chan.trySend(1) && !isClosed(quit.get()),
                () -> {
                    quit.get().close();
                    return chan.tryReceive() == null;
                },
                () -> {
                    quit.set(Chan.make(quitCapacity));
                    chan.tryReceive();
                });
        assertEquals(0, missed, "times nobody has seen the other one");
    }

    private static boolean isClosed(Chan<Integer> chan) throws InterruptedException {
        Case<Integer> receive = chan.onReceive();
        return Go.select(receive, Go.otherwise()) == receive;
    }

    private static boolean closesAndMisses(Chan<Integer> own, Chan<Integer> other) {
        own.close();
        try {
            other.trySend(1);
            return true;
        } catch (ChanClosedException e) {
            return false;
        }
    }

    private static void fill(Chan<Integer> chan) {
        while (chan.trySend(0)) {}
    }

    /**
     * How often two threads that act at the same time both find what they look for. That two processors each look
     * before they show what they have written takes many tries, by threads that do nothing else.
     */
    private static int countBoth(Callable<Boolean> left, Callable<Boolean> right, Runnable restore) throws Exception {
        Goroutines threads = new Goroutines(Thread.ofPlatform().factory());
        int rounds = Effort.times(20_000);
        boolean[] found = new boolean[rounds];
        AtomicInteger meetings = new AtomicInteger();
        AtomicInteger both = new AtomicInteger();
        threads.go(() -> {
            for (int i = 0; i < rounds; i++) {
                meet(meetings, 4 * i + 2);
                found[i] = left.call();
                meet(meetings, 4 * i + 4);
            }
        });
        threads.go(() -> {
            for (int i = 0; i < rounds; i++) {
                meet(meetings, 4 * i + 2);
                boolean too = right.call();
                meet(meetings, 4 * i + 4);
                if (too && found[i]) {
                    both.incrementAndGet();
                }
                restore.run();
            }
        });
        threads.join();
        return both.get();
    }

    private static void meet(AtomicInteger meetings, int all) {
        meetings.incrementAndGet();
        for (int looks = 0; meetings.get() < all; looks++) {
            if (looks < 1_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** With a value always in the channel there is no instant at which it is empty. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tryReceive_neverEmpty_neverFails(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.send(0);
        int rounds = Effort.times(20_000);
        AtomicInteger failures = new AtomicInteger();
        for (int g = 0; g < capacity - 1; g++) {
            goroutines.go(() -> {
                for (int i = 0; i < rounds; i++) {
                    assertTrue(chan.trySend(i), "there is room for a value of each goroutine and one more");
                    if (chan.tryReceive() == null) {
                        failures.incrementAndGet();
                    }
                }
            });
        }
        goroutines.join();
        assertEquals(0, failures.get());
        assertEquals(1, chan.size());
    }

    /** With a sender always parked there is no instant at which a receive would have to wait. */
    @Test
    void tryReceive_sendersParkedBehindAFullBuffer_neverFails() throws Exception {
        Chan<Integer> chan = chans.make(1);
        chan.send(0);
        int senders = Effort.times(5_000);
        for (int i = 0; i < senders; i++) {
            goroutines.go(() -> chan.send(1));
        }
        Await.senders(chan, senders);
        AtomicInteger failures = new AtomicInteger();
        for (int g = 0; g < 2; g++) {
            goroutines.go(() -> {
                for (int i = 0; i < senders / 2; i++) {
                    if (chan.tryReceive() == null) {
                        failures.incrementAndGet();
                    }
                }
            });
        }
        goroutines.join();
        assertEquals(0, failures.get());
        assertEquals(1, chan.size());
    }

    @Test
    void tryForms_interrupted_doNotLookAtIt() {
        Chan<Integer> chan = chans.make(1);
        Thread.currentThread().interrupt();
        assertTrue(chan.trySend(1));
        assertFalse(chan.trySend(2));
        assertEquals(1, chan.tryReceive());
        assertNull(chan.tryReceive());
        chan.close();
        assertTrue(Thread.interrupted());
    }
}
