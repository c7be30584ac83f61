package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An error that strikes when a goroutine stands in a queue and has not parked yet: it comes out, and no dead waiter is
 * left; but if a partner was first, what that one did stands.
 *
 * <p>There, and only there, a waiter asks for its thread's interrupt status, which a thread of a kind of its own can
 * answer with an error. Chance, and the end of the stack, are {@link ChanErrorTest}'s.
 */
class ParkingErrorTest {

    private static final List<Error> ERRORS = List.of(new StackOverflowError("struck"), new OutOfMemoryError("struck"));

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Goroutines struck = new Goroutines(Struck::new);

    /** What happens in the next of the threads when it is asked. */
    private volatile Runnable strike;

    private final class Struck extends Thread {
        private Runnable once = strike;

        Struck(Runnable task) {
            super(task);
        }

        @Override
        public boolean isInterrupted() {
            Runnable now = once;
            once = null;
            if (now != null) {
                now.run();
            }
            return super.isInterrupted();
        }
    }

    enum Operation {
        SEND(true) {
            @Override
            Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet) {
                return () -> {
                    chan.send(1);
                    return null;
                };
            }
        },
        RECEIVE(false) {
            @Override
            Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet) {
                return chan::receive;
            }
        },
        SELECT_THAT_SENDS(true) {
            @Override
            Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet) {
                Case<Integer> fromQuiet = quiet.onReceive();
                Case<Integer> send = chan.onSend(1);
                return () -> select(fromQuiet, send).value();
            }
        },
        SELECT_THAT_RECEIVES(false) {
            @Override
            Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet) {
                Case<Integer> receive = chan.onReceive();
                Case<Integer> toQuiet = quiet.onSend(-1);
                return () -> select(receive, toQuiet).value();
            }
        },
        SELECT_WITH_A_DEADLINE(false) {
            @Override
            Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet) {
                Case<Integer> fromQuiet = quiet.onReceive();
                Case<Integer> receive = chan.onReceive();
                Case<Integer> timeout = after(Duration.ofHours(1));
                return () -> select(fromQuiet, receive, timeout).value();
            }
        };

        final boolean sends;

        Operation(boolean sends) {
            this.sends = sends;
        }

        /** The operation, which waits until somebody does the opposite on the channel. */
        abstract Callable<Integer> on(Chan<Integer> chan, Chan<Integer> quiet);

        int waiting(Chan<?> chan) {
            return sends ? Waiting.senders(chan) : Waiting.receivers(chan);
        }
    }

    @ParameterizedTest
    @EnumSource
    void error_beforeParking_comesOutAndTheOthersGoOn(Operation operation) throws Exception {
        for (int capacity : new int[] {0, 1, 2}) {
            for (Error error : ERRORS) {
                Chan<Integer> chan = chans.make(capacity);
                Chan<Integer> quiet = chans.make();
                for (int i = 0; operation.sends && i < capacity; i++) {
                    chan.send(i);
                }
                Callable<Integer> call = operation.on(chan, quiet);
                Started<Integer> first = waiting(operation, chan, 2);
                strike = () -> {
                    throw error;
                };
                assertSame(error, struck.call(call).failure());
                assertEquals(1, operation.waiting(chan), "it has left the queue");
                assertEquals(0, Waiting.receivers(quiet) + Waiting.senders(quiet), "and that of the other channel");
                Started<Integer> last = waiting(operation, chan, 3);

                for (int i = 0; operation.sends && i < capacity; i++) {
                    assertEquals(i, chan.receive());
                }
                List<Integer> passed = new ArrayList<>();
                for (Started<Integer> one : List.of(first, last)) {
                    if (operation.sends) {
                        passed.add(chan.receive());
                        one.get();
                    } else {
                        chan.send(2 + passed.size());
                        passed.add(one.get());
                    }
                }
                assertEquals(List.of(2, 3), passed);
                again(operation, call, chan);
            }
        }
    }

    /** Somebody who waits at the channel, and would send a value. */
    private Started<Integer> waiting(Operation operation, Chan<Integer> chan, int value) {
        int before = operation.waiting(chan);
        Started<Integer> one = goroutines.call(() -> {
            if (!operation.sends) {
                return chan.receive();
            }
            chan.send(value);
            return null;
        });
        Await.until(() -> operation.waiting(chan) == before + 1, () -> "one more to wait");
        return one;
    }

    /** Calls it once more, on the same handles if it has any. */
    private void again(Operation operation, Callable<Integer> call, Chan<Integer> chan) throws Exception {
        for (int i = 0; operation.sends && i < chan.capacity(); i++) {
            chan.send(i);
        }
        Started<Integer> again = goroutines.call(call);
        Await.until(() -> operation.waiting(chan) == 1, () -> "it to wait");
        assertEquals(operation.sends ? null : 4, serve(operation, chan, again));
        for (int i = 1; operation.sends && i < chan.capacity(); i++) {
            assertEquals(i, chan.receive());
        }
        assertEquals(operation.sends && chan.capacity() > 0 ? 1 : null, chan.tryReceive());
    }

    private static Integer serve(Operation operation, Chan<Integer> chan, Started<Integer> one) throws Exception {
        if (operation.sends) {
            assertEquals(chan.capacity() == 0 ? 1 : 0, chan.receive());
        } else {
            chan.send(4);
        }
        return one.get();
    }

    @ParameterizedTest
    @EnumSource
    void error_afterAPartner_isTooLate(Operation operation) throws Exception {
        for (Error error : ERRORS) {
            Chan<Integer> chan = chans.make();
            strike = () -> {
                assertTrue(operation.sends ? Integer.valueOf(1).equals(chan.tryReceive()) : chan.trySend(5));
                throw error;
            };
            assertEquals(operation.sends ? null : 5, struck.call(operation.on(chan, chans.make())).get());
        }
    }

    @Test
    void select_errorOnceTheAlarmIsSet_leavesNone() throws Exception {
        Alarms alarms = new Alarms();
        alarms.beforeEach(null);
        for (Error error : ERRORS) {
            strike = () -> ((Struck) Thread.currentThread()).once = () -> {
                assertEquals(1, alarms.set(), "it is about to park");
                throw error;
            };
            Case<Integer> receive = chans.<Integer>make().onReceive();
            assertSame(error, struck.call(() -> select(receive, after(Duration.ofHours(1))).value()).failure());
            assertEquals(0, alarms.set());
        }
    }

    /** Selects; the partner does its part, under the lock, when the error has struck and the queue is to be left. */
    private <V> V strikeBeforeAPartner(Error error, LockedChan<?> chan, Callable<V> selects, Runnable partner)
            throws Exception {
        CountDownLatch parking = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        strike = () -> {
            parking.countDown();
            Await.until(go::get, () -> "the lock to be held");
            throw error;
        };
        var selecting = struck.call(selects);
        Await.until(() -> parking.getCount() == 0, () -> "it to park");
        chan.lockAll();
        try {
            go.set(true);
            Await.until(() -> {
                Object blocker = LockSupport.getBlocker(selecting.thread());
                return blocker == chan.senderLock || blocker == chan.receiverLock;
            }, () -> "it to stop at the lock");
            partner.run();
        } finally {
            chan.unlockAll();
        }
        return selecting.get();
    }

    /** The partner comes when the error has struck, and the select has not left the queue yet. */
    @Test
    void error_partnerComesBeforeTheQueueIsLeft_isTooLate() throws Exception {
        for (Error error : ERRORS) {
            LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make();
            assertEquals(5, strikeBeforeAPartner(error, chan,
                    () -> select(chan.onReceive(), chans.<Integer>make().onReceive()).value(),
                    () -> assertTrue(chan.offerLocked(5) != null)));
        }
    }

    /** It may have the baton of a relay by then. */
    @Test
    void error_afterAPartner_theNextIsWokenAllTheSame() throws Exception {
        for (Error error : ERRORS) {
            RingChan<Integer> chan = RingChan.make(2);
            Started<Void> next = goroutines.go(LockSupport::park);
            Await.parked(next.thread());
            Waiter behind = new Waiter(false, null, false);
            behind.thread = next.thread();
            strike = () -> {
                Waiter ahead = (Waiter) Objects.requireNonNull(chan.firstReceiver);
                assertTrue(chan.trySend(5));
                chan.receivers.relay.join(ahead, chan.receivers);
                chan.receivers.relay.join(behind, chan.receivers);
                throw error;
            };
            assertEquals(5, struck.call(chan::receive).get());
            next.get();
        }
    }

    @Test
    void await_errorBeforeParking_comesOutAndTheOthersGoOn() throws Exception {
        for (Error error : ERRORS) {
            WaitGroup group = new WaitGroup();
            group.add(1);
            var first = goroutines.go(group::await);
            Await.awaiting(group, 1);
            strike = () -> {
                throw error;
            };
            assertSame(error, struck.call(() -> {
                group.await();
                return null;
            }).failure());
            Await.awaiting(group, 1);
            group.done();
            first.get();
        }
    }

    @Test
    void sleep_errorBeforeParking_comesOut() throws Exception {
        Error error = ERRORS.get(0);
        strike = () -> {
            throw error;
        };
        assertSame(error, struck.call(() -> {
            Go.sleep(Duration.ofHours(1));
            return null;
        }).failure());
    }

    // A set whose case stands in a queue while it waits, for another set receives there.

    private CaseSet<Integer> setThatQueues(Chan<Integer> chan, CaseSet<Integer> receiving) throws Exception {
        receiving.add(chan.onReceive());
        assertNull(receiving.trySelect());
        CaseSet<Integer> set = new CaseSet<>();
        set.add(chan.onSend(1));
        set.add(chans.<Integer>make().onReceive());
        return set;
    }

    @Test
    void set_errorBeforeParking_comesOutAndItGoesOn() throws Exception {
        for (Error error : ERRORS) {
            Chan<Integer> chan = chans.make();
            CaseSet<Integer> receiving = new CaseSet<>();
            CaseSet<Integer> set = setThatQueues(chan, receiving);
            strike = () -> {
                assertEquals(1, Waiting.senders(chan));
                throw error;
            };
            assertSame(error, struck.call(set::select).failure());
            assertEquals(0, Waiting.senders(chan));
            var again = goroutines.call(set::select);
            Await.senders(chan, 1);
            assertEquals(1, chan.receive());
            assertNull(again.get().value());
            receiving.clear();
        }
    }

    @Test
    void set_errorAfterAPartner_isTooLate() throws Exception {
        for (Error error : ERRORS) {
            Chan<Integer> chan = chans.make();
            CaseSet<Integer> receiving = new CaseSet<>();
            CaseSet<Integer> set = setThatQueues(chan, receiving);
            strike = () -> {
                assertEquals(1, chan.tryReceive());
                throw error;
            };
            assertNull(struck.call(set::select).get().value(), "it has sent");
            receiving.clear();
        }
    }

    @Test
    void set_partnerComesBeforeTheQueueIsLeft_isTooLate() throws Exception {
        for (Error error : ERRORS) {
            LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make();
            CaseSet<Integer> receiving = new CaseSet<>();
            CaseSet<Integer> set = setThatQueues(chan, receiving);
            assertNull(strikeBeforeAPartner(error, chan, set::select, () -> assertEquals(1, chan.pollLocked())).value(),
                    "it has sent");
            receiving.clear();
        }
    }
}
