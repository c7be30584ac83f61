package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Goroutines in every blocking operation there is, interrupted at any point, and unparked for no reason besides: each
 * value that was sent is received, once, no other one is, nobody is left in a queue, and nobody parks for ever.
 */
class InterruptStormTest {

    private static final boolean ONE_PROCESSOR = Runtime.getRuntime().availableProcessors() == 1;

    /** How many interruptions have to be thrown; with one processor each takes a time slice. */
    private static final int ENOUGH = ONE_PROCESSOR ? 500 : Effort.times(5_000, 250_000);

    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines virtual = new Goroutines();

    @RegisterExtension
    final Goroutines platform = new Goroutines(Thread.ofPlatform().factory());

    @RegisterExtension
    final Seed seed = new Seed();

    private final AtomicBoolean over = new AtomicBoolean();
    private final WaitGroup group = new WaitGroup();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Started<Void>> started = new ArrayList<>();

    private record Value(int worker, int n) {}

    private interface Blocking {
        void run(Worker worker) throws InterruptedException;
    }

    /** A goroutine that does one thing over and over, and keeps the books. */
    private final class Worker {
        final String name;
        final int id;
        final Blocking operation;
        final BitSet sent = new BitSet();

        /** What it has received, by sender. */
        final List<BitSet> received = new ArrayList<>();

        int next;
        volatile int interruptions;

        Worker(String name, Blocking operation) {
            this.name = name;
            this.id = workers.size();
            this.operation = operation;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // nobody else writes it
        void run() {
            while (!over.get()) {
                try {
                    operation.run(this);
                } catch (InterruptedException e) {
                    interruptions = interruptions + 1;
                }
            }
        }

        /** What to send next, which is not sent before {@link #hasSent} says so. */
        Value next() {
            return new Value(id, next++);
        }

        void hasSent(Value value) {
            sent.set(value.n);
        }

        void hasReceived(Value value) {
            while (received.size() <= value.worker) {
                received.add(new BitSet());
            }
            BitSet of = received.get(value.worker);
            assertFalse(of.get(value.n), () -> value + " was received twice");
            of.set(value.n);
        }
    }

    private void start(Goroutines kind, String name, Blocking operation) {
        Worker worker = new Worker(name, operation);
        workers.add(worker);
        started.add(kind.go(worker::run));
    }

    @EveryCapacity
    void everyBlockingOperation_interruptedAtAnyPoint_losesDoublesAndLeavesNothing(int capacity) throws Exception {
        Chan<Value> a = chans.make(capacity);
        Chan<Value> b = chans.make();
        for (Goroutines kind : List.of(virtual, platform)) {
            start(kind, "send", worker -> {
                Value value = worker.next();
                a.send(value);
                worker.hasSent(value);
            });
            start(kind, "receive", worker -> worker.hasReceived(a.receive()));
            startSelect(kind, "select", a, b, false);
            startSelect(kind, "select the other way round", b, a, false);
            startSelect(kind, "select with a deadline", a, b, true);
            start(kind, "iterate", worker -> {
                try {
                    for (Value value : b) {
                        worker.hasReceived(value);
                    }
                } catch (UncheckedInterruptedException e) {
                    assertTrue(Thread.interrupted(), "iteration has set it again");
                    throw new InterruptedException();
                }
            });
            start(kind, "await", worker -> group.await());
            start(kind, "sleep", worker -> Go.sleep(LONG));
        }
        try {
            storm();
        } finally {
            over.set(true);
            started.forEach(Started::interrupt); // once: who has to be interrupted twice has lost an interruption
        }
        for (Started<Void> one : started) {
            one.get();
        }
        for (Chan<Value> chan : List.of(a, b)) {
            assertEquals(0, Waiting.senders(chan), "senders left in the queue");
            assertEquals(0, Waiting.receivers(chan), "receivers left in the queue");
        }
        assertEquals(0, Waiting.awaiting(group), "left in the queue of the group");
        for (Value value; (value = a.tryReceive()) != null;) {
            workers.get(0).hasReceived(value);
        }
        checkBooks();
    }

    private void startSelect(Goroutines kind, String name, Chan<Value> out, Chan<Value> in, boolean deadline) {
        SendCase<Value> send = out.onSend();
        Case<Value> receive = in.onReceive();
        start(kind, name, worker -> {
            Value value = worker.next();
            send.with(value);
            Case<?> chosen = deadline
                    ? Go.select(receive, send, Go.after(Duration.ofNanos(value.n % 64 * 1_000L)))
                    : Go.select(send, receive);
            if (chosen == send) {
                worker.hasSent(value);
            } else if (chosen == receive) {
                worker.hasReceived(receive.value());
            }
        });
    }

    private void storm() throws Exception {
        SplittableRandom random = seed.random(0);
        boolean added = false;
        while (!isEnough()) {
            if (random.nextInt(8) == 0) {
                group.add(added ? -1 : 1);
                added = !added;
            }
            started.get(random.nextInt(started.size())).interrupt();
            LockSupport.unpark(started.get(random.nextInt(started.size())).thread());
            for (int i = random.nextInt(200); i > 0; i--) {
                Thread.onSpinWait();
            }
            if (ONE_PROCESSOR) {
                Thread.yield();
            }
            for (Started<Void> one : started) {
                if (one.isDone()) {
                    one.get();
                }
            }
        }
    }

    /** In all, and a good part of them in each operation. */
    private boolean isEnough() {
        return workers.stream().mapToInt(worker -> worker.interruptions).sum() >= ENOUGH
                && workers.stream().allMatch(worker -> worker.interruptions >= ENOUGH / 100);
    }

    private void checkBooks() {
        for (Worker sender : workers) {
            BitSet all = new BitSet();
            for (Worker receiver : workers) {
                if (receiver.received.size() > sender.id) {
                    BitSet received = receiver.received.get(sender.id);
                    assertFalse(received.intersects(all), () -> "received twice, of " + sender.name);
                    all.or(received);
                }
            }
            assertEquals(sender.sent.cardinality(), all.cardinality(),
                    () -> "how many were received of " + sender.name);
            assertEquals(sender.sent, all, () -> "which were received of " + sender.name);
        }
    }
}
