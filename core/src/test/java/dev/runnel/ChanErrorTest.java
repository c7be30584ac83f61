package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stack overflow at any point of an operation leaves the channel usable, and no dead waiter that swallows a value.
 */
class ChanErrorTest {

    /** How often the end of the stack is met, each time somewhat elsewhere, and by how many goroutines that wait. */
    private static final int ROUNDS = 20;
    private static final int WAITING = 10;

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines threads = new Goroutines(Thread.ofPlatform().factory());

    @RegisterExtension
    final Goroutines platform = EndOfStack.goroutines();

    @EveryCapacity
    @Tag("overflow")
    void tryForms_stackOverflow_leaveTheChannelUsable(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    chan.trySend(1);
                    chan.tryReceive();
                    chan.size();
                    Go.select(chan.onReceive(), chan.onSend(2), Go.otherwise());
                }, 200);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
        while (chan.tryReceive() != null) {
            // what was sent before the overflow
        }
        for (int i = 0; i < capacity; i++) {
            assertTrue(chan.trySend(i));
        }
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, chan.tryReceive());
        }
    }

    /** A case is in a set wholly or not at all. */
    @Test
    @Tag("overflow")
    void caseSetAdds_stackOverflow_canGoOn() throws Exception {
        Chan<Integer> chan = chans.make();
        CaseSet<Object> set = new CaseSet<>();
        List<Case<?>> added = new ArrayList<>();
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    added.add(set.add(chan.onReceive()));
                    added.add(set.add(Go.after(Duration.ofHours(1))));
                }, 10);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
        assertTrue(set.size() >= added.size());
        set.clear();
        assertEquals(0, set.size());
        Case<Integer> receive = set.add(chan.onReceive());
        var sender = threads.go(() -> chan.send(1));
        assertSame(receive, set.select());
        assertEquals(1, receive.value());
        sender.get();
    }

    /** Whatever the end of the stack cuts off, a buffer has as many values as it says, and goes on. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void buffers_stackOverflow_keepTheirInvariants(int kind) throws Exception {
        Chan<Integer> chan = chans.made(switch (kind) {
            case 0 -> Chan.make(Buffer.dropOldest(2, dropped -> {}));
            case 1 -> Chan.make(Buffer.dropOldest(70, dropped -> {}));
            case 2 -> Chan.make(Buffer.dropNewest(3, dropped -> {}));
            case 3 -> Chan.make(Buffer.unbounded());
            default -> Chan.make(3);
        });
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    for (int i = 0; i < 5; i++) {
                        chan.trySend(i);
                    }
                    chan.drain(3);
                    chan.tryReceive();
                    Go.select(chan.onSend(2), Go.otherwise());
                }, 100);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
        Chans.check((LockedChan<?>) chan);
        chan.drain(Integer.MAX_VALUE);
        assertEquals(0, chan.size());
        for (int i = 0; i < 2; i++) {
            assertTrue(chan.trySend(i));
        }
        assertEquals(List.of(0, 1), chan.drain(5));
    }

    /**
     * A receiver at the end of its stack; who sends does it with trySend, which tells whether somebody took the value.
     */
    @Test
    @Tag("overflow")
    void receive_stackOverflow_leavesNoDeadWaiter() throws Exception {
        Chan<Integer> chan = chans.make();
        AtomicInteger received = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var sender = platform.call(() -> {
            int sent = 0;
            while (!done.get()) {
                if (chan.trySend(sent)) {
                    sent++;
                } else {
                    Thread.yield();
                }
            }
            return sent;
        });
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    chan.receive();
                    received.lazySet(received.get() + 1);
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int lost = sender.get() - received.get();
        assertTrue(lost >= 0 && lost <= overflows, "the count itself may overflow, at most once each: " + lost);
        assertFalse(chan.trySend(-1), "nobody is left who would swallow a value");
        assertEquals(0, Waiting.receivers(chan));
    }

    /** A seat that stayed taken would have partners serve somebody who is not there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("overflow")
    void seat_stackOverflow_isGivenBack(boolean sends) throws Exception {
        assumeTrue(Patience.CARRIERS > 1, "nobody sits");
        Object placed = sends ? 1 : WaitQueues.WAITING;
        int rounds = Effort.times(100, 3000); // what is compiled changes meanwhile, and with it where the stack ends
        for (int round = 0; round < rounds; round++) {
            Patience patience = new Patience(false);
            LockedChan<Integer> chan = new UnbufferedChan<>(patience);
            AtomicInteger sat = new AtomicInteger();
            onTheWayBack(() -> {
                patience.resting = false;
                Thread.currentThread().interrupt(); // so that it does not wait for long
                try {
                    chan.transfer(sends, placed);
                } catch (InterruptedException e) {
                    sat.incrementAndGet();
                }
            }, round % 50);
            assertTrue(sat.get() > 0);
            assertFalse(chan.trySend(2), "somebody who has gone receives");
            assertNull(chan.tryReceive(), "somebody who has gone sends");
        }
    }

    /** Something goes wrong in the seat, and before that a partner may come. */
    private static LockedChan<Integer> failingInTheSeat(Consumer<LockedChan<Integer>> partner) {
        AtomicReference<LockedChan<Integer>> made = new AtomicReference<>();
        LockedChan<Integer> chan = new UnbufferedChan<>(new Patience(false) {
            @Override
            int nanos() {
                partner.accept(made.get());
                throw new PlannedError();
            }
        });
        made.set(chan);
        return chan;
    }

    @Test
    void seat_error_isGivenBack() throws Exception {
        assumeTrue(Patience.CARRIERS > 1, "nobody sits");
        LockedChan<Integer> chan = failingInTheSeat(itself -> assertTrue(itself.hasSender() || itself.hasReceiver()));
        assertThrows(PlannedError.class, chan::receive);
        assertThrows(PlannedError.class, () -> chan.send(1));
        assertFalse(chan.hasSender() || chan.hasReceiver());
        assertFalse(chan.trySend(2));
        assertNull(chan.tryReceive());
    }

    @Test
    void seat_errorAfterThePartner_returnsAllTheSame() throws Exception {
        assumeTrue(Patience.CARRIERS > 1, "nobody sits");
        AtomicReference<Integer> taken = new AtomicReference<>();
        LockedChan<Integer> chan = failingInTheSeat(itself -> {
            if (!itself.trySend(1)) {
                taken.set(itself.tryReceive());
            }
        });
        assertEquals(1, chan.receive());
        assertNull(taken.get());
        chan.send(2);
        assertEquals(2, taken.get());
        assertFalse(chan.hasSender() || chan.hasReceiver());
    }

    @Test
    void seat_errorAfterTheClose_isToldOfThat() throws Exception {
        assumeTrue(Patience.CARRIERS > 1, "nobody sits");
        assertNull(failingInTheSeat(LockedChan::close).receive());
        LockedChan<Integer> chan = failingInTheSeat(LockedChan::close);
        assertThrows(ChanClosedException.class, () -> chan.send(1));
    }

    /** The owner of a set at the end of its stack: what it has received is gone, and nothing else. */
    @Test
    @Tag("overflow")
    void caseSetReceives_stackOverflow_canGoOn() throws Exception {
        Chan<Integer> chan = chans.make(1);
        CaseSet<Integer> set = new CaseSet<>();
        Case<Integer> receive = set.add(chan.onReceive());
        set.add(chans.<Integer>make().onReceive());
        AtomicInteger received = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var sender = platform.call(() -> {
            int sent = 0;
            while (!done.get()) {
                if (chan.trySend(sent)) {
                    sent++;
                } else {
                    Thread.yield();
                }
            }
            return sent;
        });
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    set.select();
                    received.lazySet(received.get() + 1);
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int sent = sender.get();
        while (set.trySelect() != null) {
            received.incrementAndGet();
        }
        int lost = sent - received.get();
        assertTrue(lost >= 0 && lost <= overflows, "lost " + lost);
        assertTrue(chan.trySend(-1));
        assertSame(receive, set.select());
        assertEquals(-1, receive.value());
    }

    /** Its turn has ended with the error, so that the next one may begin. */
    @Test
    @Tag("overflow")
    void caseSetTries_stackOverflow_isNotInUse() throws Exception {
        Chan<Integer> closed = chans.make();
        closed.close();
        CaseSet<Integer> set = new CaseSet<>();
        Case<Integer> receive = set.add(closed.onReceive());
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(set::trySelect, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
        assertSame(receive, set.trySelect());
    }

    /** Two sets that meet at an unbuffered channel by the node of the one that sends, at the end of its stack. */
    @Test
    @Tag("overflow")
    void caseSetSendsToAnother_stackOverflow_canGoOn() throws Exception {
        Chan<Integer> chan = chans.make();
        CaseSet<Integer> receivers = new CaseSet<>();
        Case<Integer> receive = receivers.add(chan.onReceive());
        assertNull(receivers.trySelect());
        CaseSet<Integer> senders = new CaseSet<>();
        SendCase<Integer> send = chan.onSend();
        senders.add(send);
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var receiver = platform.call(() -> {
            int received = 0;
            while (!done.get()) {
                if (receivers.trySelect() == receive) {
                    received++;
                } else {
                    Thread.yield();
                }
                chan.size(); // whom the overflow has kept from being told is told by the next one who comes
            }
            return received;
        });
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    send.with(sent.get());
                    senders.select();
                    sent.lazySet(sent.get() + 1);
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int more = receiver.get() - sent.get();
        assertTrue(more >= 0 && more <= overflows, "received " + more + " more than were sent");
        senders.clear();
        assertNull(receivers.trySelect(), "nothing is left that would be received");
        var sending = platform.call(() -> {
            chan.send(-1);
            return null;
        });
        assertSame(receive, receivers.select());
        assertEquals(-1, receive.value());
        sending.get();
    }

    /** A sender at the end of its stack: what it sends comes once and in order, or the send has thrown. */
    @Test
    @Tag("overflow")
    void send_stackOverflow_leavesNoDeadWaiter() throws Exception {
        Chan<Integer> chan = chans.make();
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var receiver = platform.call(() -> {
            int received = 0;
            int last = -1;
            while (!done.get()) {
                Integer value = chan.tryReceive();
                if (value != null) {
                    assertTrue(value >= last, value + " after " + last);
                    last = value;
                    received++;
                } else {
                    Thread.yield();
                }
            }
            return received;
        });
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    chan.send(sent.get());
                    sent.lazySet(sent.get() + 1);
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int uncounted = receiver.get() - sent.get();
        assertTrue(uncounted >= 0 && uncounted <= overflows, "the count itself may overflow: " + uncounted);
        assertNull(chan.tryReceive(), "nobody is left who offers a value");
        assertEquals(0, Waiting.senders(chan));
    }

    /** The same for a select, on handles that are used again after each overflow. */
    @Test
    @Tag("overflow")
    void select_stackOverflow_leavesNoDeadWaiterAndUsableHandles() throws Exception {
        Chan<Integer> quiet = chans.make();
        Chan<Integer> busy = chans.make();
        AtomicInteger received = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        var sender = platform.call(() -> {
            int sent = 0;
            while (!done.get()) {
                if (busy.trySend(sent)) {
                    sent++;
                } else {
                    Thread.yield();
                }
            }
            return sent;
        });
        Case<Integer> fromQuiet = quiet.onReceive();
        Case<Integer> fromBusy = busy.onReceive();
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(() -> {
                    if (Go.select(fromQuiet, fromBusy) == fromBusy) {
                        received.lazySet(received.get() + 1);
                    }
                }, 20);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        }).get();
        assertTrue(overflows > 0);
        int lost = sender.get() - received.get();
        assertTrue(lost >= 0 && lost <= overflows, "the count itself may overflow, at most once each: " + lost);
        assertFalse(busy.trySend(-1) || quiet.trySend(-1), "nobody is left who would swallow a value");
        assertEquals(0, Waiting.receivers(busy) + Waiting.receivers(quiet));
    }

    /**
     * Who comes to the end of its stack while it serves those that wait leaves each of them served or waiting. What may
     * not have been done is to unpark the thread, in which the test helps out.
     */
    @EveryCapacity
    @Tag("overflow")
    void servesReceivers_stackOverflow_losesNone(int capacity) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(capacity);
            var receivers = waiting(chan::receive);
            Await.receivers(chan, WAITING);
            onTheWayBack(() -> chan.trySend(1), round);
            unpark(receivers);
            for (int left = Waiting.receivers(chan); left > 0; left--) {
                assertTrue(chan.trySend(2));
            }
            for (var receiver : receivers) {
                assertNotNull(receiver.get());
            }
        }
    }

    @EveryCapacity
    @Tag("overflow")
    void servesSenders_stackOverflow_losesNone(int capacity) throws Exception {
        Go.select(chans.<Integer>make().onReceive(), Go.otherwise()); // its classes are not to be loaded down there
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(capacity);
            for (int i = 0; i < capacity; i++) {
                chan.send(i);
            }
            var senders = waiting(() -> {
                chan.send(1);
                return null;
            });
            Await.senders(chan, WAITING);
            onTheWayBack(() -> Go.select(chan.onReceive(), Go.otherwise()), round);
            unpark(senders);
            while (chan.tryReceive() != null) {
                // until all that is left has come
            }
            for (var sender : senders) {
                sender.get();
            }
        }
    }

    /** A close that comes to the end of its stack may leave goroutines waiting; one more, which throws, does not. */
    @EveryCapacity
    @Tag("overflow")
    void close_stackOverflow_closedAgainReleasesAll(int capacity) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(capacity);
            var receivers = waiting(chan::receive);
            Await.receivers(chan, WAITING);
            onTheWayBack(() -> {
                try {
                    chan.close();
                } catch (ChanClosedException e) {
                    // a call before has closed it, and overflowed
                }
            }, round);
            assertEquals(0, Waiting.receivers(chan));
            unpark(receivers);
            for (var receiver : receivers) {
                assertNull(receiver.get());
            }
        }
    }

    /** Who should wake the next in a relay, and comes to the end of its stack, leaves a note that it has not. */
    @Test
    @Tag("overflow")
    void arrive_stackOverflow_theNextIsWokenOrTheBatonIsDropped() throws Exception {
        int dropped = 0;
        for (int round = 0; round < ROUNDS; round++) {
            RingChan<Integer> chan = RingChan.make(1);
            Relay relay = chan.senders.relay;
            Waiter ahead = new Waiter(true, 1, false);
            var next = threads.go(LockSupport::park);
            Await.parked(next.thread());
            Waiter behind = new Waiter(true, 2, false);
            behind.thread = next.thread();
            relay.join(ahead, chan.senders);
            relay.join(behind, chan.senders);
            AtomicBoolean done = new AtomicBoolean();
            onTheWayBack(() -> {
                if (!done.get()) {
                    chan.arrive(ahead);
                    done.set(true);
                }
            }, round);
            assertTrue(ahead.arrived);
            if (relay.dropped) {
                dropped++;
                LockSupport.unpark(next.thread());
            }
            next.get();
        }
        assertTrue(dropped > 0, "it has never come to the end of its stack there");
    }

    private List<Goroutines.Started<Integer>> waiting(Callable<Integer> operation) {
        List<Goroutines.Started<Integer>> all = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            all.add(threads.call(operation));
        }
        for (var one : all) {
            Await.parked(one.thread());
        }
        return all;
    }

    private static void unpark(List<Goroutines.Started<Integer>> all) {
        for (var one : all) {
            LockSupport.unpark(one.thread());
        }
    }

    private void onTheWayBack(Task operation, int levels) throws Exception {
        platform.call(() -> {
            try {
                EndOfStack.onTheWayBack(operation, levels);
                return null;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
    }

    /** Stands for a waiter that has no room left for the call that would complete it. */
    private static WaitNode failingNode(boolean sends) {
        return new WaitNode(sends, sends ? 0 : null) {
            @Override
            boolean complete(WaitQueues queues) {
                throw new StackOverflowError("planned");
            }
        };
    }

    private static void enqueue(LockedChan<?> chan, WaitNode node) {
        chan.lockAll();
        try {
            chan.enqueue(node);
        } finally {
            chan.unlockAll();
        }
    }

    @EveryCapacity
    void send_errorCompletingTheReceiver_keepsItsPlace(int capacity) throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make(capacity);
        WaitNode failing = failingNode(false);
        enqueue(chan, failing);
        var second = platform.call(chan::receive);
        Await.receivers(chan, 2);
        assertThrows(StackOverflowError.class, () -> chan.trySend(1));
        assertSame(failing, chan.firstReceiver);
        assertEquals(2, Waiting.receivers(chan));
        chan.leave(failing);
        chan.send(2);
        assertEquals(2, second.get());
    }

    @Test
    void receive_errorCompletingTheSender_keepsItsPlace() throws Exception {
        LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make();
        WaitNode failing = failingNode(true);
        enqueue(chan, failing);
        var second = platform.call(() -> {
            chan.send(2);
            return null;
        });
        Await.senders(chan, 2);
        assertThrows(StackOverflowError.class, chan::tryReceive);
        assertSame(failing, chan.firstSender);
        assertEquals(2, Waiting.senders(chan));
        chan.leave(failing);
        assertEquals(2, chan.receive());
        second.get();
    }

    /** Something goes wrong where a worker of a pool is about to park, and before that a partner may be served. */
    private static final class PlannedError extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A pool of one worker which fails to make up for it when it blocks, having run something. */
    private static ForkJoinPool failingToGrow(Runnable first) {
        return new ForkJoinPool(1, pool -> {
            if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
                first.run();
                throw new PlannedError();
            }
            return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        }, null, false);
    }

    private static Object onWorker(Runnable beforeTheError, Callable<?> operation) throws Exception {
        ForkJoinPool pool = failingToGrow(beforeTheError);
        try {
            return pool.submit(() -> {
                try {
                    return operation.call();
                } catch (PlannedError e) {
                    return e;
                }
            }).get(30, TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow(); // and not close, which would wait for the worker that could not be made
        }
    }

    @Test
    void operation_errorInsteadOfParking_isThrownAndNobodyWaits() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> other = chans.make();
        assertInstanceOf(PlannedError.class, onWorker(() -> {}, chan::receive));
        assertInstanceOf(PlannedError.class, onWorker(() -> {}, () -> {
            chan.send(1);
            return null;
        }));
        assertInstanceOf(PlannedError.class, onWorker(() -> {}, () -> Go.select(chan.onReceive(), other.onSend(1))));
        assertFalse(chan.trySend(1));
        assertNull(chan.tryReceive());
        assertNull(other.tryReceive());
    }

    /** What a partner did before the error stands, as it does before an interruption. */
    @Test
    void operation_errorAfterThePartner_returnsAllTheSame() throws Exception {
        Chan<Integer> chan = chans.make();
        Chan<Integer> other = chans.make();
        assertEquals(1, onWorker(() -> assertTrue(chan.trySend(1)), chan::receive));
        AtomicInteger taken = new AtomicInteger();
        assertEquals("sent", onWorker(() -> taken.set(Objects.requireNonNull(chan.tryReceive())), () -> {
            chan.send(2);
            return "sent";
        }));
        assertEquals(2, taken.get());
        Case<Integer> received = chan.onReceive();
        assertSame(received,
                onWorker(() -> assertTrue(chan.trySend(3)), () -> Go.select(other.onReceive(), received)));
        assertEquals(3, received.value());
        assertFalse(other.trySend(4));
    }

    @Test
    void outOfMemory_makingAChannel_isThrown() {
        assertThrows(OutOfMemoryError.class, () -> Chan.make(RingChan.MOST));
    }
}
