package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule: handlers run after the communication, outside all locks, by the selecting goroutine; what one throws comes out
 * of select, and the communication stands.
 */
class SelectHandlerTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final List<Object> seen = new ArrayList<>();

    @Test
    void handlers_onlyThatOfTheChosenCaseRuns() throws Exception {
        Chan<String> in = chans.make(1);
        Chan<String> out = chans.make(1);
        in.send("a");
        out.send("full");
        select(in.onReceive(seen::add), out.onSend("b", () -> seen.add("sent")),
                otherwise(() -> seen.add("otherwise")));
        assertEquals(List.of("a"), seen);

        out.receive();
        select(in.onReceive(seen::add), out.onSend("b", () -> seen.add("sent")),
                otherwise(() -> seen.add("otherwise")));
        assertEquals(List.of("a", "sent"), seen);
        assertEquals("b", out.tryReceive());

        select(in.onReceive(seen::add), otherwise(() -> seen.add("otherwise")));
        assertEquals(List.of("a", "sent", "otherwise"), seen);

        select(in.onReceive(seen::add), after(Duration.ofMillis(1), () -> seen.add("timeout")));
        assertEquals(List.of("a", "sent", "otherwise", "timeout"), seen);
    }

    @Test
    void receiveHandler_closed_isGivenNull() throws Exception {
        Chan<String> chan = chans.make();
        chan.close();
        select(chan.onReceive(seen::add));
        assertEquals(1, seen.size());
        assertNull(seen.get(0));
    }

    @Test
    void receiveHandler_hasTheValue_theCaseHasNone() throws Exception {
        Chan<String> chan = chans.make(1);
        chan.send("value");
        Case<Object> receive = chan.onReceive(seen::add);
        assertSame(receive, select(receive));
        assertNull(receive.value());
        assertEquals(List.of("value"), seen);
    }

    @Test
    void handler_runsOnTheSelectingThread() throws Exception {
        Chan<String> chan = chans.make();
        Thread[] ran = new Thread[1];
        var selecting = goroutines.call(() -> select(chan.onReceive(v -> ran[0] = Thread.currentThread())));
        Await.receivers(chan, 1);
        chan.send("value");
        selecting.get();
        assertSame(selecting.thread(), ran[0]);
    }

    @Test
    void handler_throws_comesOutAndTheCommunicationStands() throws Exception {
        Chan<String> in = chans.make(1);
        Chan<String> out = chans.make(1);
        in.send("a");
        var e = new IllegalArgumentException("from the handler");
        assertSame(e, assertThrows(IllegalArgumentException.class, () -> select(in.onReceive(v -> {
            throw e;
        }))));
        assertEquals(0, in.size());
        assertSame(e, assertThrows(IllegalArgumentException.class, () -> select(out.onSend("b", () -> {
            throw e;
        }))));
        assertEquals(1, out.size());
        assertThrows(InterruptedException.class, () -> select(otherwise(() -> {
            throw new InterruptedException();
        })));
        assertThrows(StackOverflowError.class, () -> select(after(Duration.ZERO, () -> {
            throw new StackOverflowError();
        })));
        in.send("still");
        assertEquals("still", in.receive());
    }

    private static long[] memory;

    static List<Action> failures() {
        return List.of(() -> recurse(1), () -> memory = new long[Integer.MAX_VALUE], () -> {
            throw new IllegalStateException("from the handler");
        }, () -> {
            throw new InterruptedException("from the handler");
        });
    }

    @SuppressWarnings("InfiniteRecursion") // it is to end where the stack does
    private static int recurse(int n) {
        return recurse(n + 1) + n;
    }

    /** Be it the end of the stack or of the memory: no lock is held, and nobody is left in a queue. */
    @ParameterizedTest
    @MethodSource("failures")
    void handler_throwsAnything_othersAndTheHandlesGoOn(Action failing) throws Exception {
        for (int capacity : new int[] {0, 1}) {
            Chan<Integer> in = chans.make(capacity);
            Chan<Integer> out = chans.make();
            Case<Object> receive = in.onReceive(value -> failing.run());
            Case<Object> send = out.onSend(1, failing);
            for (int turn = 1; turn <= 5; turn++) {
                var selecting = goroutines.call(() -> select(receive, send));
                Await.receivers(in, 1);
                var behind = goroutines.call(in::receive);
                Await.receivers(in, 2);
                in.send(turn);
                in.send(-turn);
                assertFailed(selecting);
                assertEquals(-turn, behind.get());
                assertEquals(0, Waiting.senders(out));

                selecting = goroutines.call(() -> select(receive, send));
                Await.senders(out, 1);
                assertEquals(1, out.receive());
                assertFailed(selecting);
                assertEquals(0, Waiting.receivers(in));
            }
        }
    }

    private static void assertFailed(Goroutines.Started<?> one) throws Exception {
        Throwable thrown = one.failure();
        assertTrue(thrown instanceof StackOverflowError || thrown instanceof OutOfMemoryError
                || "from the handler".equals(thrown.getMessage()), thrown.toString());
    }

    @Test
    void handler_mayUseTheSameChannelsAndHandles() throws Exception {
        Chan<Integer> chan = chans.make(3);
        for (int i = 1; i <= 3; i++) {
            chan.send(i);
        }
        List<Case<?>> handles = new ArrayList<>();
        Case<Integer> receive = chan.onReceive(value -> {
            seen.add(value);
            if (value < 3) {
                select(handles.get(0), handles.get(1));
            } else {
                chan.close();
            }
        });
        handles.add(receive);
        handles.add(chans.<Integer>make().onReceive());
        select(handles.get(0), handles.get(1));
        assertEquals(List.of(1, 2, 3), seen);
        assertTrue(chan.isDrained());
    }
}
