package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many goroutines send and receive on one channel in every way there is, and some are interrupted. Every value comes out
 * once, those of one sender in their order, and nobody is left waiting.
 */
class ChanStressTest {

    private static final int SENDERS = 6;
    private static final int RECEIVERS = 5;
    private static final int VALUES = 10_000;
    private static final long SEED = System.nanoTime();

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    /** For who yields in a loop: a virtual thread that does starves those who are woken from outside of their pool. */
    @RegisterExtension
    final Goroutines threads = new Goroutines(Thread.ofPlatform().factory());

    /** The n-th value of a sender. */
    private record Value(int sender, int n) {}

    @EveryCapacity
    void everyWayOfSendingAndReceiving_losesAndDoublesNothing(int capacity) throws Exception {
        check(run(capacity, false));
    }

    @EveryCapacity
    void interruptions_loseAndDoubleNothing(int capacity) throws Exception {
        check(run(capacity, true));
    }

    /** What each receiver has received. */
    private List<List<Value>> run(int capacity, boolean interrupting) throws Exception {
        Chan<Value> chan = chans.make(capacity);
        List<Goroutines.Started<Void>> senders = new ArrayList<>();
        List<Goroutines.Started<List<Value>>> receivers = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        for (int s = 0; s < SENDERS; s++) {
            int sender = s;
            senders.add(goroutines.go(() -> {
                for (int n = 0; n < VALUES; n++) {
                    send(chan, new Value(sender, n), new SplittableRandom(SEED + (long) sender * VALUES + n));
                }
            }));
        }
        for (int r = 0; r < RECEIVERS; r++) {
            long seed = SEED - 1 - r;
            receivers.add(goroutines.call(() -> receiveAll(chan, new SplittableRandom(seed))));
        }
        if (interrupting) {
            threads.go(() -> {
                SplittableRandom random = new SplittableRandom(SEED);
                while (!over.get()) {
                    senders.get(random.nextInt(SENDERS)).interrupt();
                    receivers.get(random.nextInt(RECEIVERS)).interrupt();
                    Thread.yield();
                }
            });
        }
        for (var sender : senders) {
            sender.get();
        }
        chan.close();
        List<List<Value>> received = new ArrayList<>();
        for (var receiver : receivers) {
            received.add(receiver.get());
        }
        over.set(true);
        return received;
    }

    private static void send(Chan<Value> chan, Value value, SplittableRandom random) {
        for (;;) {
            try {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        if (!chan.trySend(value)) {
                            continue;
                        }
                    }
                    case 1 -> select(chan.onSend(value), Chan.<Value>absent().onReceive());
                    case 2 -> {
                        Case<Value> sent = chan.onSend(value);
                        if (select(sent, otherwise()) != sent) {
                            continue;
                        }
                    }
                    default -> chan.send(value);
                }
                return;
            } catch (InterruptedException e) {
                // thrown means not sent: once more
            }
        }
    }

    private static List<Value> receiveAll(Chan<Value> chan, SplittableRandom random) {
        List<Value> received = new ArrayList<>();
        Case<Value> receive = chan.onReceive();
        for (;;) {
            try {
                Value value = switch (random.nextInt(3)) {
                    case 0 -> chan.tryReceive();
                    case 1 -> select(receive, Chan.<Value>absent().onReceive()).value();
                    default -> chan.receive();
                };
                if (value != null) {
                    received.add(value);
                } else if (chan.isDrained()) {
                    return received;
                }
            } catch (InterruptedException e) {
                // thrown means not received: once more
            }
        }
    }

    private static void check(List<List<Value>> received) {
        int[] seen = new int[SENDERS * VALUES];
        for (List<Value> values : received) {
            int[] last = new int[SENDERS];
            for (Value value : values) {
                seen[value.sender() * VALUES + value.n()]++;
                assertTrue(value.n() >= last[value.sender()], () -> value + " after a later one, seed " + SEED);
                last[value.sender()] = value.n();
            }
        }
        for (int i = 0; i < seen.length; i++) {
            int value = i;
            assertEquals(1, seen[i], () -> "times that " + value + " was received, seed " + SEED);
        }
    }
}
