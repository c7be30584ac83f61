package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule: Go's nil channel: nothing about it is ever ready, so that a loop can switch cases off. */
class AbsentChanTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private static final Chan<String> ABSENT = Chan.absent();

    static Stream<Callable<Object>> blockingOperations() {
        return Stream.of(
                () -> {
                    ABSENT.send("value");
                    return null;
                },
                ABSENT::receive,
                () -> ABSENT.iterator().hasNext(),
                () -> Go.select(),
                () -> Go.select(ABSENT.onReceive()),
                () -> Go.select(ABSENT.onReceive(), ABSENT.onSend("value")),
                () -> Go.select(ABSENT.onReceive(value -> {}), ABSENT.onSend("value", () -> {}),
                        ABSENT.onSend().with("value")));
    }

    @ParameterizedTest
    @MethodSource
    void blockingOperations(Callable<Object> operation) throws Exception {
        var blocked = goroutines.call(operation);
        Await.parked(blocked.thread());
        assertFalse(blocked.isDone());
        blocked.interrupt();
        Throwable e = blocked.failure();
        assertInstanceOf(InterruptedException.class, e instanceof UncheckedInterruptedException ? e.getCause() : e);
    }

    @Test
    void tryForms_fail() {
        assertFalse(ABSENT.trySend("value"));
        assertNull(ABSENT.tryReceive());
        assertThrows(NullPointerException.class, () -> ABSENT.trySend(null));
        assertThrows(NullPointerException.class, () -> ABSENT.send(null));
        assertThrows(NullPointerException.class, () -> ABSENT.onSend(null));
        assertThrows(NullPointerException.class, () -> ABSENT.onSend("value", null));
        assertThrows(NullPointerException.class, () -> ABSENT.onReceive(null));
    }

    @Test
    void close_throws() {
        var nothing = assertThrows(IllegalStateException.class, ABSENT::close);
        assertEquals("close of absent channel: there is nothing to close", nothing.getMessage());
        var refused = assertThrows(NullPointerException.class, () -> ABSENT.close(null));
        assertTrue(refused.getMessage().startsWith("the cause is null"), refused.getMessage());
    }

    @Test
    void drain_givesAListThatIsTheCallers() {
        List<String> drained = ABSENT.drain(1);
        assertEquals(List.of(), drained);
        drained.add("value");
        assertEquals(List.of(), ABSENT.drain(1));
    }

    @Test
    void state_isThatOfAnOpenEmptyChannel() {
        assertEquals(0, ABSENT.size());
        assertEquals(0, ABSENT.capacity());
        assertFalse(ABSENT.isDrained());
        assertSame(ABSENT, Chan.absent());
    }

    @Test
    void select_withOthers_neverChoosesIt() throws Exception {
        Chan<String> chan = Chan.make(1);
        for (int i = 0; i < 100; i++) {
            chan.send("value");
            Case<String> ready = chan.onReceive();
            assertSame(ready, Go.select(ABSENT.onReceive(), ready, ABSENT.onSend("no")));
            assertEquals("value", ready.value());
        }
        Case<String> otherwise = Go.otherwise();
        assertSame(otherwise, Go.select(ABSENT.onReceive(), otherwise));
    }

    /** The idiom it is there for: merging two channels, each of which is switched off when it is closed. */
    @Test
    void select_closedChannelsReplacedByIt_endsWhenBothAre() throws Exception {
        Chan<Integer> a = Chan.make();
        Chan<Integer> b = Chan.make();
        goroutines.go(() -> {
            for (int i = 0; i < 10; i++) {
                a.send(i);
            }
            a.close();
        });
        goroutines.go(() -> {
            for (int i = 10; i < 30; i++) {
                b.send(i);
            }
            b.close();
        });
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        int open = 2;
        int sum = 0;
        while (open > 0) {
            Case<? extends Integer> chosen = Go.select(fromA, fromB);
            Integer value = chosen.value();
            if (value != null) {
                sum += value;
                continue;
            }
            open--;
            if (chosen == fromA) {
                fromA = Chan.<Integer>absent().onReceive();
            } else {
                fromB = Chan.<Integer>absent().onReceive();
            }
        }
        assertEquals(435, sum);
    }

    @Test
    void parkedThread_itsBlockerIsTheChannel() throws Exception {
        Goroutines threads = new Goroutines(Thread.ofPlatform().factory());
        var blocked = threads.call(ABSENT::receive);
        Await.parked(blocked.thread());
        assertSame(ABSENT, LockSupport.getBlocker(blocked.thread()));
        blocked.interrupt();
        assertInstanceOf(InterruptedException.class, blocked.failure());
    }
}
