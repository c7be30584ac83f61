package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Goroutines.Started;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: after a close with a cause, what is buffered stays receivable; then each receive throws a new exception with
 * that cause, in all its forms, and so does each send and each further close.
 */
class ChanCloseCauseTest {

    private static final int ROUNDS = Effort.times(300, 30_000);

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @RegisterExtension
    final Goroutines platformThreads = new Goroutines(Thread.ofPlatform().factory());

    private final Exception cause = new Exception("the disk is full");

    /** Closed with the cause, and empty. */
    private Chan<Integer> closed(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        chan.close(cause);
        return chan;
    }

    private void assertThrown(String beginning, Throwable e) {
        assertEquals(ChanClosedException.class, e.getClass());
        assertTrue(e.getMessage().startsWith(beginning), e.getMessage());
        assertSame(cause, e.getCause());
        assertArrayEquals(new Throwable[0], cause.getSuppressed());
    }

    private void assertReceiveThrown(Throwable e) {
        assertThrown("receive from a channel that was closed with a cause", e);
    }

    private void assertSendThrown(Throwable e) {
        assertThrown("send on closed channel", e);
    }

    @EveryCapacity
    void receive_drained_throwsANewOneEachTime(int capacity) throws Exception {
        Chan<Integer> chan = closed(capacity);
        Throwable first = assertThrows(ChanClosedException.class, chan::receive);
        Throwable second = assertThrows(ChanClosedException.class, chan::receive);
        assertReceiveThrown(first);
        assertReceiveThrown(second);
        assertNotSame(first, second);
        assertReceiveThrown(assertThrows(ChanClosedException.class, chan::tryReceive));
        Throwable other = goroutines.call(chan::receive).failure();
        assertReceiveThrown(other);
        assertTrue(Stream.of(first.getStackTrace()).anyMatch(e -> e.getClassName().equals(getClass().getName())));
        assertTrue(Stream.of(other.getStackTrace()).noneMatch(e -> e.getMethodName().startsWith("receive_drained")),
                "the stack of the one who called");
    }

    @EveryCapacity
    void receive_values_givesThemFirst(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        chan.close(cause);
        for (int i = 0; i < capacity; i++) {
            assertFalse(chan.isDrained());
            assertEquals(i, i % 2 == 0 ? chan.receive() : chan.tryReceive());
        }
        assertTrue(chan.isDrained());
        assertReceiveThrown(assertThrows(ChanClosedException.class, chan::receive));
        assertTrue(chan.isDrained());
        assertEquals(0, chan.size());
    }

    @EveryCapacity
    void send_throwsWithTheCause(int capacity) {
        Chan<Integer> chan = closed(capacity);
        assertSendThrown(assertThrows(ChanClosedException.class, () -> chan.send(1)));
        assertSendThrown(assertThrows(ChanClosedException.class, () -> chan.trySend(1)));
        assertSendThrown(assertThrows(ChanClosedException.class, () -> select(chan.onSend(1))));
        assertSendThrown(assertThrows(ChanClosedException.class, () -> select(chan.onSend(1), otherwise())));
    }

    @EveryCapacity
    void close_again_throwsWithTheFirstCause(int capacity) {
        Chan<Integer> chan = closed(capacity);
        assertThrown("close of closed channel", assertThrows(ChanClosedException.class, chan::close));
        Exception late = new Exception("late");
        ChanClosedException e = assertThrows(ChanClosedException.class, () -> chan.close(late));
        assertThrown("close of closed channel", e);
        assertArrayEquals(new Throwable[] {late}, e.getSuppressed(), "which is not lost");
        assertReceiveThrown(assertThrows(ChanClosedException.class, chan::receive));
    }

    @EveryCapacity
    void close_afterACloseWithoutCause_changesNothing(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        chan.close();
        ChanClosedException e = assertThrows(ChanClosedException.class, () -> chan.close(cause));
        assertNull(e.getCause());
        assertArrayEquals(new Throwable[] {cause}, e.getSuppressed());
        assertNull(chan.receive());
        assertNull(chan.tryReceive());
        assertNull(select(chan.onReceive()).value());
        assertNull(assertThrows(ChanClosedException.class, () -> chan.send(1)).getCause());
    }

    @EveryCapacity
    void close_nullCause_throwsAndClosesNothing(int capacity) {
        Chan<Integer> chan = chans.make(capacity);
        NullPointerException e = assertThrows(NullPointerException.class, () -> chan.close(null));
        assertTrue(e.getMessage().contains("close()"), e.getMessage());
        assertNull(chan.tryReceive());
        assertFalse(chan.isDrained());
    }

    @Test
    void close_absent_throws() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Chan.absent().close(cause));
        assertArrayEquals(new Throwable[] {cause}, e.getSuppressed());
        assertEquals("close of absent channel: there is nothing to close", e.getMessage());
        assertThrows(NullPointerException.class, () -> Chan.absent().close(null));
    }

    /** It need not be an exception, and none is touched. */
    @EveryCapacity
    void cause_anyThrowable_isHandedOnAsItIs(int capacity) {
        for (Throwable any : List.of(new AssertionError("error"), new InterruptedException(),
                new ChanClosedException("of another channel"), new Throwable(null, null, false, false) {})) {
            Chan<Integer> chan = chans.make(capacity);
            chan.close(any);
            assertSame(any, assertThrows(ChanClosedException.class, chan::receive).getCause());
            assertSame(any, assertThrows(ChanClosedException.class, chan::tryReceive).getCause());
        }
    }

    @EveryCapacity
    void iteration_throwsWhereItWouldEnd(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        chan.close(cause);
        List<Integer> received = new ArrayList<>();
        assertReceiveThrown(assertThrows(ChanClosedException.class, () -> {
            for (Integer value : chan) {
                received.add(value);
            }
        }));
        assertEquals(capacity, received.size());
        Iterator<Integer> iterator = chan.iterator();
        for (int i = 0; i < 2; i++) {
            assertReceiveThrown(assertThrows(ChanClosedException.class, iterator::hasNext));
            assertReceiveThrown(assertThrows(ChanClosedException.class, iterator::next));
        }
    }

    @EveryCapacity
    void select_receiveChosen_throwsAndRunsNoHandler(int capacity) throws Exception {
        Chan<Integer> chan = closed(capacity);
        Chan<Integer> quiet = chans.make();
        Case<Integer> receive = chan.onReceive();
        Case<Integer> handled = chan.onReceive(value -> {
            throw new AssertionError("handled " + value);
        });
        for (Case<Integer> c : List.of(receive, handled)) {
            for (int i = 0; i < 3; i++) { // handles are used again
                assertReceiveThrown(assertThrows(ChanClosedException.class, () -> select(c)));
                assertReceiveThrown(assertThrows(ChanClosedException.class, () -> select(quiet.onReceive(), c)));
                assertReceiveThrown(assertThrows(ChanClosedException.class, () -> select(c, otherwise())));
                assertReceiveThrown(assertThrows(ChanClosedException.class,
                        () -> select(quiet.onReceive(), c, otherwise())));
                assertThrows(IllegalStateException.class, c::value, "it was not returned");
            }
        }
    }

    @EveryCapacity
    void select_values_givesThemFirst(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        for (int i = 0; i < capacity; i++) {
            chan.send(i);
        }
        chan.close(cause);
        Case<Integer> receive = chan.onReceive();
        for (int i = 0; i < capacity; i++) {
            assertEquals(i, select(receive).value());
        }
        assertReceiveThrown(assertThrows(ChanClosedException.class, () -> select(receive)));
    }

    /** The closed channel is as ready as any other, and if another is chosen nothing is thrown. */
    @EveryCapacity
    void select_anotherIsReady_eitherIsChosen(int capacity) throws Exception {
        Chan<Integer> chan = closed(capacity);
        Chan<Integer> closed = chans.make();
        closed.close();
        Case<Integer> failing = chan.onReceive();
        Case<Integer> other = closed.onReceive();
        int thrown = 0;
        int times = 1_000;
        for (int i = 0; i < times; i++) {
            try {
                assertSame(other, select(failing, other));
            } catch (ChanClosedException e) {
                assertReceiveThrown(e);
                thrown++;
            }
        }
        assertTrue(times / 4 < thrown && thrown < 3 * times / 4, thrown + " of " + times);
    }

    @EveryCapacity
    void close_wakesAllWhoWait_eachWithAnExceptionOfItsOwn(int capacity) throws Exception {
        Chan<Integer> receiving = chans.make(capacity);
        Chan<Integer> quiet = chans.make();
        List<Started<?>> receivers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (Callable<?> waiting : List.<Callable<?>>of(receiving::receive,
                    () -> receiving.iterator().hasNext(), () -> select(quiet.onReceive(), receiving.onReceive()),
                    () -> select(receiving.onReceive(value -> {
                        throw new AssertionError("handled " + value);
                    })))) {
                receivers.add(goroutines.call(waiting));
            }
        }
        Await.receivers(receiving, receivers.size());
        receiving.close(cause);
        List<Throwable> thrown = new ArrayList<>();
        for (Started<?> receiver : receivers) {
            assertReceiveThrown(receiver.failure());
            thrown.add(receiver.failure());
        }
        assertEquals(thrown.size(), thrown.stream().distinct().count());

        Chan<Integer> sending = chans.make(capacity);
        while (sending.trySend(0)) {
            // until it is full
        }
        List<Started<?>> senders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            senders.add(goroutines.call(() -> {
                sending.send(1);
                return null;
            }));
            senders.add(goroutines.call(() -> select(quiet.onReceive(), sending.onSend(1))));
        }
        Await.senders(sending, senders.size());
        sending.close(cause);
        for (Started<?> sender : senders) {
            assertSendThrown(sender.failure());
        }
        assertEquals(capacity, sending.size());
    }

    /** Of two that close at once, one does, and its cause is what all are told, whoever comes and whenever. */
    @EveryCapacity
    void close_racesWithCloseAndReceive_allAreToldTheSame(int capacity) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Chan<Integer> chan = chans.make(capacity);
            Exception[] causes = {new Exception("a"), new Exception("b")};
            List<Started<Boolean>> closers = new ArrayList<>();
            for (Exception one : causes) {
                closers.add(goroutines.call(() -> {
                    try {
                        chan.close(one);
                        return true;
                    } catch (ChanClosedException e) {
                        assertSame(one, e.getSuppressed()[0]);
                        assertNotSame(one, e.getCause());
                        return false;
                    }
                }));
            }
            List<Started<?>> receivers = List.of(goroutines.call(chan::receive),
                    goroutines.call(() -> select(chan.onReceive())), platformThreads.call(() -> {
                        while (chan.tryReceive() == null && !chan.isDrained()) {
                            Thread.yield();
                        }
                        return chan.tryReceive();
                    }));
            boolean first = closers.get(0).get();
            assertEquals(!first, closers.get(1).get());
            for (Started<?> receiver : receivers) {
                Throwable e = assertInstanceOf(ChanClosedException.class, receiver.failure());
                assertSame(causes[first ? 0 : 1], e.getCause());
            }
        }
    }

    /** Interrupted first, a receive was not told of the close, and the next one is. */
    @EveryCapacity
    void receive_interruptedOnEntry_throwsThat(int capacity) {
        Chan<Integer> chan = closed(capacity);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, chan::receive);
        assertReceiveThrown(assertThrows(ChanClosedException.class, chan::receive));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> select(chan.onReceive()));
        Thread.currentThread().interrupt();
        assertReceiveThrown(assertThrows(ChanClosedException.class, () -> select(chan.onReceive(), otherwise())));
        assertTrue(Thread.interrupted(), "nobody has looked at it");
    }
}
