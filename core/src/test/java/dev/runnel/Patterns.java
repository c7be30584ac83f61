package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

/** What the tests of patterns have in common. */
final class Patterns {

    private Patterns() {}

    /** A channel with these values, closed. */
    @SafeVarargs
    @SuppressWarnings("varargs") // nobody writes to the array
    static <T> Chan<T> of(T... values) {
        Chan<T> chan = Chan.make(Buffer.unbounded());
        List.of(values).forEach(chan::trySend);
        chan.close();
        return chan;
    }

    /** Receives to the end, which may be because of the context; gives the number of values. */
    static int readToTheEnd(ReceiveChan<?> chan, Context context) throws InterruptedException {
        int n = 0;
        try {
            while (chan.receive() != null) {
                n++;
            }
        } catch (ChanClosedException e) {
            assertCancelled(context, e);
        }
        return n;
    }

    /** What a receive has thrown tells that the context is done. */
    static void assertCancelled(Context context, Throwable thrown) {
        assertInstanceOf(ChanClosedException.class, thrown);
        assertInstanceOf(ContextException.class, thrown.getCause());
        assertSame(context.cause(), thrown.getCause().getCause());
    }

    /** All goroutines end, and nothing hangs on the context. */
    static void assertNoneLeft(Context context) {
        Await.until(() -> Go.goroutines() == 1, () -> "all goroutines to end; there are " + Go.goroutines());
        assertEquals(0, ContextTest.dependents(context));
    }
}
