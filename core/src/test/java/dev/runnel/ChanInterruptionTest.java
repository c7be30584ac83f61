package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: a blocking operation checks on entry and while it waits; thrown means not happened, nothing lost, nothing
 * delivered twice; if the partner was first, it returns normally with the status still set.
 */
class ChanInterruptionTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void send_interruptedOnEntry_throwsThoughItCouldComplete(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var receiver = goroutines.call(chan::receive);
        Await.receivers(chan, 1);

        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> chan.send(1));
        assertFalse(Thread.interrupted(), "the status was cleared");
        assertFalse(receiver.isDone());

        chan.send(2);
        assertEquals(2, receiver.get());
    }

    @EveryCapacity
    void receive_interruptedOnEntry_throwsThoughItCouldComplete(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var sender = goroutines.go(() -> chan.send(1));
        Await.until(() -> Waiting.senders(chan) == 1 || chan.size() == 1, () -> "a value to be there");

        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, chan::receive);
        assertFalse(Thread.interrupted(), "the status was cleared");

        assertEquals(1, chan.receive());
        sender.get();
    }

    @EveryCapacity
    void receive_interruptedOnEntry_throwsThoughClosed(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        chan.close();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, chan::receive);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> chan.send(1));
    }

    @EveryCapacity
    void send_interruptedWhileParked_throwsAndItsValueIsGone(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        var interrupted = goroutines.call(() -> {
            chan.send(-1);
            return null;
        });
        Await.senders(chan, 1);
        Await.parked(interrupted.thread());
        var behind = goroutines.go(() -> chan.send(capacity));
        Await.senders(chan, 2);

        interrupted.interrupt();

        assertInstanceOf(InterruptedException.class, interrupted.failure());
        assertEquals(1, Waiting.senders(chan), "it has left the queue");
        for (int i = 0; i <= capacity; i++) {
            assertEquals(i, chan.receive());
        }
        behind.get();
        assertNull(chan.tryReceive());
    }

    @EveryCapacity
    void receive_interruptedWhileParked_throwsAndTakesNothing(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        var first = goroutines.call(chan::receive);
        Await.receivers(chan, 1);
        var interrupted = goroutines.call(chan::receive);
        Await.receivers(chan, 2);
        var last = goroutines.call(chan::receive);
        Await.receivers(chan, 3);
        Await.parked(interrupted.thread());

        interrupted.interrupt();

        assertInstanceOf(InterruptedException.class, interrupted.failure());
        assertEquals(2, Waiting.receivers(chan), "it has left the queue");
        chan.send(1);
        chan.send(2);
        assertEquals(1, first.get());
        assertEquals(2, last.get());
    }

    /** The value that was handed over counts, not the interruption that came after it; the status tells of that. */
    @Test
    void receive_interruptedAfterTheHandOver_returnsTheValueAndKeepsTheStatus() throws Exception {
        int rounds = Effort.times(1_000);
        int handedOver = 0;
        for (int round = 0; round < rounds; round++) {
            Chan<Integer> chan = chans.make();
            AtomicBoolean interrupted = new AtomicBoolean();
            var receiver = goroutines.call(() -> {
                try {
                    Integer value = chan.receive();
                    Await.until(interrupted::get, () -> "the interruption");
                    assertTrue(Thread.interrupted(), "the status is still set");
                    return value;
                } catch (InterruptedException e) {
                    assertFalse(Thread.currentThread().isInterrupted());
                    return null;
                }
            });
            Await.receivers(chan, 1);
            boolean sent = chan.trySend(round);
            receiver.interrupt();
            interrupted.set(true);
            assertTrue(sent, "the receiver waited");
            assertEquals(round, receiver.get(), "what has been sent has been received");
            handedOver++;
        }
        assertEquals(rounds, handedOver);
    }

    /** Senders and receivers are interrupted again and again, at any point; the books must balance. */
    @EveryCapacity
    @Tag("storm")
    void operations_interruptedAtRandom_nothingIsLostOrDoubled(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        Set<Integer> sent = ConcurrentHashMap.newKeySet();
        Set<Integer> received = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger interruptions = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Goroutines.Started<Void>> workers = new ArrayList<>();
        for (int g = 0; g < 4; g++) {
            workers.add(goroutines.go(() -> {
                while (!stop.get()) {
                    int value = next.getAndIncrement();
                    try {
                        chan.send(value);
                        sent.add(value);
                    } catch (InterruptedException e) {
                        interruptions.incrementAndGet();
                    }
                }
            }));
            workers.add(goroutines.go(() -> {
                while (!stop.get()) {
                    try {
                        Integer value = chan.receive();
                        if (value != null) {
                            assertTrue(received.add(value), () -> value + " was received twice");
                        }
                    } catch (InterruptedException e) {
                        interruptions.incrementAndGet();
                    }
                }
            }));
        }
        int enough = Runtime.getRuntime().availableProcessors() > 1 ? 5_000 : 500; // with one, each takes a time slice
        while (interruptions.get() < enough) {
            workers.get(ThreadLocalRandom.current().nextInt(workers.size())).interrupt();
            Thread.onSpinWait();
        }
        stop.set(true);
        for (var worker : workers) {
            while (!worker.isDone()) {
                worker.interrupt();
                Thread.yield();
            }
        }
        goroutines.join();
        for (Integer value; (value = chan.tryReceive()) != null;) {
            assertTrue(received.add(value));
        }
        assertEquals(sent, received);
    }
}
