package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

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
 * Goroutines in every blocking operation there is, interrupted at any point, unparked for no reason, and cancelled
 * where they work under a context: each value that was sent is received, once, no other one is, nobody is left in a
 * queue, nothing at a context, and nobody parks for ever.
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

    @RegisterExtension
    final Alarms alarms = new Alarms();

    private final AtomicBoolean over = new AtomicBoolean();
    private final WaitGroup group = new WaitGroup();
    private final CancelContext root = Context.background().withCancel();

    /** All that were made under the root. */
    private final List<Context> contexts = new ArrayList<>();

    private CancelContext middle;

    /** What operations are given that take a context: under the middle one, and a new one after each cancel. */
    private volatile CancelContext context;

    private final List<SetOwner> owners = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Started<Void>> started = new ArrayList<>();

    private record Value(int worker, int n) {}

    private interface Blocking {
        void run(Worker worker) throws Exception;
    }

    private interface Selecting {
        Case<?> select(Case<Value> receive, SendCase<Value> send, int n) throws InterruptedException;
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
        volatile int cancellations;

        /** Whether it works under the context. */
        boolean cancellable;

        Worker(String name, Blocking operation) {
            this.name = name;
            this.id = workers.size();
            this.operation = operation;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // nobody else writes it
        void run() throws Exception {
            while (!over.get()) {
                try {
                    operation.run(this);
                } catch (InterruptedException e) {
                    interruptions = interruptions + 1;
                } catch (ContextException e) {
                    assertTrue(cancellable, "it has no context");
                    cancellations = cancellations + 1;
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

        long missing() {
            long missing = Math.max(0, ENOUGH / 100 - interruptions);
            return cancellable ? missing + Math.max(0, ENOUGH / 1000 - cancellations) : missing;
        }

        void hasSelected(Case<?> chosen, Case<Value> receive, SendCase<Value> send, Value value) {
            if (chosen == send) {
                hasSent(value);
            } else if (chosen == receive) {
                hasReceived(receive.value());
            }
        }
    }

    /** Sends and receives by a set of its own, where the case of a context that is done gives way to the next one's. */
    private final class SetOwner implements Blocking {
        private final CaseSet<Value> set = new CaseSet<>();
        private final SendCase<Value> send;
        private final Case<Value> receive;
        private Case<Value> done = set.add(context.onDone());

        SetOwner(Chan<Value> out, Chan<Value> in) {
            send = set.add(out.onSend());
            receive = set.add(in.onReceive());
        }

        @Override
        public void run(Worker worker) throws InterruptedException {
            Value value = worker.next();
            send.with(value);
            try {
                worker.hasSelected(set.select(), receive, send, value);
            } catch (ContextException e) {
                assertTrue(set.remove(done));
                done = set.add(context.onDone());
                throw e;
            }
        }
    }

    private void start(Goroutines kind, String name, Blocking operation) {
        start(kind, new Worker(name, operation));
    }

    private void startUnderContext(Goroutines kind, String name, Blocking operation) {
        Worker worker = new Worker(name, operation);
        worker.cancellable = true;
        start(kind, worker);
    }

    private void start(Goroutines kind, Worker worker) {
        workers.add(worker);
        started.add(kind.go(worker::run));
    }

    @EveryCapacity
    void everyBlockingOperation_interruptedAtAnyPoint_losesDoublesAndLeavesNothing(int capacity) throws Exception {
        Chan<Value> a = chans.make(capacity);
        Chan<Value> b = chans.make();
        middle = made(root.withCancel());
        context = made(middle.withTimeout(LONG));
        for (Goroutines kind : List.of(virtual, platform)) {
            start(kind, "send", worker -> {
                Value value = worker.next();
                a.send(value);
                worker.hasSent(value);
            });
            start(kind, "receive", worker -> worker.hasReceived(a.receive()));
            start(kind, "select", selecting(a, b, (receive, send, n) -> Go.select(send, receive)));
            start(kind, "select the other way round",
                    selecting(b, a, (receive, send, n) -> Go.select(send, receive)));
            start(kind, "select with a deadline", selecting(a, b, (receive, send, n) -> Go.select(receive, send,
                    Go.after(Duration.ofNanos(n % 64 * 1_000L)))));
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
            startUnderContext(kind, "send under a context", worker -> {
                Value value = worker.next();
                a.send(value, context);
                worker.hasSent(value);
            });
            startUnderContext(kind, "receive under a context", worker -> worker.hasReceived(a.receive(context)));
            startUnderContext(kind, "select under a context",
                    selecting(b, a, (receive, send, n) -> Go.select(context.onDone(), receive, send)));
            startSet(kind, "set", a, b);
            startSet(kind, "set the other way round", b, a);
            startUnderContext(kind, "await under a context", worker -> group.await(context));
            startUnderContext(kind, "sleep under a context", worker -> Go.sleep(LONG, context));
            startUnderContext(kind, "group", worker -> awaitGroup(worker, b, a));
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
        owners.forEach(owner -> owner.set.clear());
        assertNobodyLeft(a);
        assertNobodyLeft(b);
        assertEquals(0, Waiting.awaiting(group), "left in the queue of the group");
        contexts.forEach(one -> assertNobodyLeft((Chan<?>) (ReceiveChan<?>) one.done()));
        assertEquals(0, ContextTest.dependents(context), "left under the context");
        assertEquals(1, ContextTest.dependents(middle), "contexts under the middle one");
        assertEquals(1, ContextTest.dependents(root), "contexts under the root");
        root.close();
        for (Value value; (value = a.tryReceive()) != null;) {
            workers.get(0).hasReceived(value);
        }
        checkBooks();
    }

    private static void assertNobodyLeft(Chan<?> chan) {
        assertEquals(0, Waiting.senders(chan), "senders left in the queue");
        assertEquals(0, Waiting.receivers(chan), "receivers left in the queue");
        assertNull(((LockedChan<?>) chan).watches, "left by sets");
    }

    private static Blocking selecting(Chan<Value> out, Chan<Value> in, Selecting selecting) {
        SendCase<Value> send = out.onSend();
        Case<Value> receive = in.onReceive();
        return worker -> {
            Value value = worker.next();
            worker.hasSelected(selecting.select(receive, send.with(value), value.n), receive, send, value);
        };
    }

    private void startSet(Goroutines kind, String name, Chan<Value> out, Chan<Value> in) {
        SetOwner owner = new SetOwner(out, in);
        owners.add(owner);
        startUnderContext(kind, name, owner);
    }

    /** Waits for goroutines that wait themselves. If it gives up, so do they, and they have ended when it returns. */
    private void awaitGroup(Worker worker, Chan<Value> out, Chan<Value> in) throws Exception {
        try (Group tasks = Group.open(context)) {
            tasks.go(() -> {
                Value value = worker.next();
                out.send(value);
                worker.hasSent(value);
            });
            tasks.go(() -> worker.hasReceived(in.receive(tasks.context())));
            tasks.await();
        }
    }

    private void storm() throws Exception {
        SplittableRandom random = seed.random(0);
        boolean added = false;
        long least = Long.MAX_VALUE;
        long since = 0;
        for (long missing; (missing = missing()) > 0;) {
            if (missing < least) {
                least = missing;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > Effort.PATIENCE.toNanos()) {
                fail("neither interrupted nor cancelled any more: " + workers.stream()
                        .filter(worker -> worker.missing() > 0)
                        .map(worker -> worker.name)
                        .toList());
            }
            if (random.nextInt(8) == 0) {
                group.add(added ? -1 : 1);
                added = !added;
            }
            if (random.nextInt(8) == 0) {
                cancel(random.nextInt(4) == 0);
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

    /** Cancels the context, or the one above it, when another is there. */
    private void cancel(boolean above) {
        CancelContext used = context;
        CancelContext cancelled = above ? middle : used;
        if (above) {
            middle = made(root.withCancel());
        }
        context = made(middle.withTimeout(LONG));
        ReceiveChan<Void> done = used.done();
        cancelled.cancel();
        assertEquals(0, Waiting.receivers((Chan<?>) (ReceiveChan<?>) done), "not woken by the cancel");
    }

    private CancelContext made(CancelContext made) {
        contexts.add(made);
        return made;
    }

    /** How many are missing: of all, and of a good part of them in each operation. */
    private long missing() {
        long missing = ENOUGH;
        for (Worker worker : workers) {
            missing -= worker.interruptions;
        }
        missing = Math.max(0, missing);
        for (Worker worker : workers) {
            missing += worker.missing();
        }
        return missing;
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
