package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stack overflow anywhere in what is done with a context leaves it, and those above it, usable. */
class ContextErrorTest {

    private static final int TIMES = 40;

    @RegisterExtension
    final Goroutines platform = EndOfStack.goroutines();

    private void overflow(Task operation) throws Exception {
        int overflows = platform.call(() -> {
            try {
                return EndOfStack.overflow(operation, TIMES);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }).get();
        assertTrue(overflows > 0);
    }

    /** A child stays with its parent if the overflow has kept everybody from having it; else it leaves. */
    @Test
    @Tag("overflow")
    void contexts_stackOverflow_areUsable() throws Exception {
        CancelContext parent = Context.background().withCancel();
        overflow(() -> {
            CancelContext child = parent.withCancel();
            child.done();
            AfterFunc func = child.afterFunc(() -> {});
            func.stop();
            child.close(); // cancels without a stack trace, which would be long here
            parent.withTimeout(Duration.ofHours(1)).close();
        });
        CancelContext child = parent.withCancel();
        AtomicInteger runs = new AtomicInteger();
        parent.afterFunc(runs::incrementAndGet);
        IllegalStateException cause = new IllegalStateException("over");
        parent.cancel(cause);
        assertSame(cause, child.cause());
        assertNull(child.done().receive());
        assertNull(parent.done().receive());
        Await.until(() -> runs.get() == 1, () -> "the task has run " + runs + " times");
    }

    /** The one who cancels is at the end of the stack: it is done then, or the next one does it. */
    @Test
    @Tag("overflow")
    void cancel_stackOverflow_isDoneOrNot() throws Exception {
        List<CancelContext> contexts = new ArrayList<>();
        overflow(() -> {
            CancelContext context = Context.background().withCancel();
            contexts.add(context);
            context.done();
            context.close();
        });
        for (CancelContext context : contexts) {
            context.cancel();
            assertNotNull(context.err());
            assertTrue(context.done().isDrained());
        }
    }
}
