package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.History.Closed;
import dev.runnel.History.Drained;
import dev.runnel.History.Empty;
import dev.runnel.History.Event;
import dev.runnel.History.NoneReady;
import dev.runnel.History.Received;
import dev.runnel.History.Refused;
import dev.runnel.History.Sent;
import dev.runnel.History.Size;
import dev.runnel.Model.OnChan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link History} knows a wrong history from a right one. */
class HistoryRulesTest {

    private static final OnChan SEND = new OnChan(true, 0);
    private static final OnChan RECEIVE = new OnChan(false, 0);

    private static void right(int capacity, Event... events) {
        new History(new int[] {capacity, 1}, List.of(events), 100).check();
    }

    private static void wrong(String what, int capacity, Event... events) {
        AssertionError e = assertThrows(AssertionError.class, () -> right(capacity, events));
        assertTrue(e.getMessage().startsWith(what), e.getMessage());
    }

    @Test
    void lostDoubledInvented() {
        right(1, new Sent(0, 1, 0, "a"), new Received(2, 3, 0, "a"));
        wrong("lost", 1, new Sent(0, 1, 0, "a"));
        wrong("received twice", 1, new Sent(0, 1, 0, "a"), new Received(2, 3, 0, "a"), new Received(4, 5, 0, "a"));
        wrong("received, and not sent", 1, new Received(2, 3, 0, "a"));
        wrong("received, and not sent on this channel", 1, new Sent(0, 1, 1, "a"), new Received(2, 3, 0, "a"));
    }

    @Test
    void causality() {
        right(1, new Received(0, 3, 0, "a"), new Sent(1, 2, 0, "a"));
        wrong("received before", 1, new Received(0, 1, 0, "a"), new Sent(2, 3, 0, "a"));
        right(0, new Sent(0, 2, 0, "a"), new Received(1, 3, 0, "a"));
        wrong("no rendezvous", 0, new Sent(0, 1, 0, "a"), new Received(2, 3, 0, "a"));
    }

    @Test
    void order() {
        Sent a = new Sent(0, 1, 0, "a");
        Sent b = new Sent(2, 3, 0, "b");
        right(2, a, b, new Received(4, 5, 0, "a"), new Received(6, 7, 0, "b"));
        right(2, a, b, new Received(4, 6, 0, "b"), new Received(5, 7, 0, "a"));
        wrong("overtaken", 2, a, b, new Received(4, 5, 0, "b"), new Received(6, 7, 0, "a"));
        right(2, new Sent(0, 2, 0, "a"), new Sent(1, 3, 0, "b"), new Received(4, 5, 0, "b"),
                new Received(6, 7, 0, "a"));
        Sent c = new Sent(4, 5, 0, "c");
        wrong("overtaken", 3, a, b, c, new Received(6, 7, 0, "b"), new Received(8, 9, 0, "c"),
                new Received(10, 11, 0, "a"));
    }

    @Test
    void capacity() {
        Sent a = new Sent(0, 1, 0, "a");
        Received fromA = new Received(4, 5, 0, "a");
        Received fromB = new Received(6, 7, 0, "b");
        right(2, a, new Sent(2, 3, 0, "b"), fromA, fromB);
        wrong("more than 1", 1, a, new Sent(2, 3, 0, "b"), fromA, fromB);
        right(1, a, new Sent(2, 8, 0, "b"), fromA, fromB);
    }

    @Test
    void empty() {
        Sent a = new Sent(0, 1, 0, "a");
        wrong("empty", 2, a, new Empty(2, 3, 0), new Received(4, 5, 0, "a"));
        right(2, a, new Empty(2, 5, 0), new Received(3, 4, 0, "a"));
        Sent b = new Sent(3, 4, 0, "b");
        wrong("empty", 2, a, b, new Empty(2, 7, 0), new Received(5, 6, 0, "a"), new Received(8, 9, 0, "b"));
        right(2, a, b, new Empty(2, 5, 0), new Received(2, 6, 0, "a"), new Received(8, 9, 0, "b"));
    }

    @Test
    void noneReady() {
        Sent a = new Sent(0, 1, 0, "a");
        Received fromA = new Received(4, 5, 0, "a");
        wrong("at no instant", 1, a, new NoneReady(2, 3, List.of(RECEIVE)), fromA);
        right(1, a, new NoneReady(2, 3, List.of(SEND)), fromA);
        wrong("at no instant", 2, a, new NoneReady(2, 3, List.of(SEND)), fromA);
        wrong("at no instant", 1, a, new NoneReady(6, 7, List.of(SEND)), fromA);
        wrong("at no instant", 1, a, new NoneReady(2, 3, List.of(SEND, RECEIVE)), fromA);
        wrong("at no instant", 0, new Closed(0, 1, 0, true), new NoneReady(2, 3, List.of(RECEIVE)));
        wrong("at no instant", 0, new Closed(0, 1, 0, true), new NoneReady(2, 3, List.of(SEND)));
        right(0, new Closed(0, 2, 0, true), new NoneReady(1, 3, List.of(SEND)));

        // a value that goes from one channel to the other: each of them is empty at times, both never are
        Sent b = new Sent(2, 3, 1, "b");
        NoneReady both = new NoneReady(1, 8, List.of(RECEIVE, new OnChan(false, 1)));
        right(1, new Sent(0, 1, 0, "a"), b, both, new Received(3, 4, 0, "a"), new Received(6, 7, 1, "b"));
        NoneReady shorter = new NoneReady(1, 5, List.of(RECEIVE, new OnChan(false, 1)));
        wrong("at no instant", 1, new Sent(0, 1, 0, "a"), b, shorter, new Received(4, 5, 0, "a"),
                new Received(6, 7, 1, "b"));
    }

    @Test
    void close() {
        Closed closed = new Closed(2, 3, 0, true);
        right(1, closed, new Closed(1, 4, 0, false));
        wrong("closed twice", 1, closed, new Closed(1, 4, 0, true));
        wrong("refused to close", 1, closed, new Closed(0, 1, 0, false));
        wrong("refused to close", 1, new Closed(0, 1, 0, false));
        right(1, closed, new Drained(1, 4, 0));
        wrong("drained, though open", 1, closed, new Drained(0, 1, 0));
        wrong("drained, though open", 1, new Drained(0, 1, 0));
        right(1, closed, new Refused(4, 5, List.of(1, 0)));
        wrong("refused by an open", 1, closed, new Refused(0, 1, List.of(0)));
        wrong("refused by an open", 1, closed, new Refused(4, 5, List.of(1)));
        wrong("sent on a closed", 1, closed, new Sent(4, 5, 0, "a"), new Received(6, 7, 0, "a"));
        right(1, closed, new Sent(1, 5, 0, "a"), new Received(6, 7, 0, "a"));
        right(1, closed, new Sent(1, 4, 0, "a"), new Received(5, 6, 0, "a"), new Drained(7, 8, 0));
        wrong("empty", 1, closed, new Sent(0, 1, 0, "a"), new Drained(4, 5, 0), new Received(6, 7, 0, "a"));
        wrong("drained, and after", 1, closed, new Sent(1, 8, 0, "a"), new Drained(4, 5, 0),
                new Received(6, 7, 0, "a"));
    }

    @Test
    void size() {
        Sent a = new Sent(0, 1, 0, "a");
        Sent b = new Sent(2, 4, 0, "b");
        Received fromA = new Received(6, 7, 0, "a");
        Received fromB = new Received(8, 9, 0, "b");
        right(2, a, b, new Size(3, 5, 0, 1), fromA, fromB);
        right(2, a, b, new Size(3, 5, 0, 2), fromA, fromB);
        wrong("a size", 2, a, b, new Size(3, 5, 0, 0), fromA, fromB);
        wrong("a size", 3, a, b, new Size(3, 5, 0, 3), fromA, fromB);
        right(1, a, new Sent(2, 10, 0, "b"), new Size(3, 5, 0, 1), fromA, fromB);
        wrong("a size", 1, a, new Sent(2, 10, 0, "b"), new Size(3, 5, 0, 2), fromA, fromB);
    }
}
