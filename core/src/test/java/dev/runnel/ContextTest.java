package dev.runnel;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rules: who is cancelled by whom; what a context that is done, or not done, tells; values. After those of Go's package
 * {@code context}.
 */
class ContextTest {

    private static final Context.Key<String> NAME = Context.Key.of("name");
    private static final Context.Key<String> SAME_NAME = Context.Key.of("name");
    private static final Context.Key<Integer> NUMBER = Context.Key.of("number");

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    static void assertNotDone(Context context) throws InterruptedException {
        assertNull(context.err());
        assertNull(context.cause());
        context.check();
        assertFalse(context.done().isDrained());
        Case<Object> otherwise = otherwise();
        assertSame(otherwise, select(context.onDone(), otherwise));
    }

    static void assertDone(Context context) {
        ContextException err = context.err();
        assertInstanceOf(ContextException.class, err);
        assertSame(err, context.err());
        assertSame(context.cause(), context.cause());
        assertTrue(context.done().isDrained());
        for (ContextException thrown : List.of(assertThrows(ContextException.class, context::check),
                assertThrows(ContextException.class, () -> select(context.onDone())))) {
            assertSame(err.getClass(), thrown.getClass());
            assertEquals(err.getMessage(), thrown.getMessage());
            assertNotSame(err, thrown);
            assertSame(context.cause(), thrown.getCause());
            assertTrue(Arrays.stream(thrown.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(ContextTest.class.getName())),
                    "it has the stack of the caller");
        }
    }

    @Test
    void background_isNeverDone() throws Exception {
        Context background = Context.background();
        assertNotDone(background);
        assertSame(background, Context.background());
        assertSame(Chan.absent(), background.done());
        assertEquals("Context[never done]", background.toString());
        assertTrue(background.afterFunc(() -> {}).stop());
    }

    @Test
    void cancel_makesItDone() throws Exception {
        CancelContext context = Context.background().withCancel();
        ReceiveChan<Void> done = context.done();
        assertNotDone(context);
        assertEquals("Context[not done]", context.toString());
        context.cancel();
        assertDone(context);
        assertSame(done, context.done());
        assertEquals("context cancelled", context.err().getMessage());
        assertEquals("Context[context cancelled]", context.toString());
        assertSame(context.err(), context.cause());
        assertEquals("cancel_makesItDone", testFrame(context.err()), "where it was cancelled");
        assertInstanceOf(CancellationException.class, context.err());
        assertFalse(context.err() instanceof DeadlineExceededException);
    }

    /** The method of this class on the stack of an exception that is nearest to its top. */
    private static String testFrame(Throwable e) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().equals(ContextTest.class.getName()))
                .findFirst()
                .orElseThrow()
                .getMethodName();
    }

    @Test
    void exception_stackBeginsWhereItIsThrown() {
        CancelContext context = Context.background().withCancel();
        context.cancel();
        var thrown = assertThrows(ContextException.class, context::check);
        assertEquals("exception", thrown.getStackTrace()[0].getMethodName(), "where it is made");
        assertEquals("check", thrown.getStackTrace()[1].getMethodName());
        assertEquals("cancelled", context.err().getStackTrace()[0].getMethodName());
    }

    @Test
    void done_firstAskedForWhenItIs_isClosed() {
        CancelContext context = Context.background().withCancel();
        context.cancel();
        assertTrue(context.done().isDrained());
        assertDone(context);
    }

    @Test
    void cancel_again_changesNothing() {
        CancelContext context = Context.background().withCancel();
        context.cancel();
        ContextException err = context.err();
        context.cancel();
        context.cancel(new Exception("too late"));
        context.close();
        assertSame(err, context.err());
        assertSame(err, context.cause());
    }

    @Test
    void close_cancelsWithoutAStack() {
        CancelContext closed;
        try (CancelContext context = Context.background().withCancel()) {
            closed = context;
            assertNull(context.err());
        }
        assertDone(closed);
        assertEquals(0, closed.err().getStackTrace().length);
        assertSame(closed.err(), closed.cause());
        assertEquals("dev.runnel.ContextException: context cancelled", closed.err().toString());
        closed.close();
    }

    @Test
    void cancel_endsAllUnderIt() throws Exception {
        for (boolean askedBefore : new boolean[] {true, false}) {
            CancelContext parent = Context.background().withCancel();
            List<Context> under = new ArrayList<>(List.of(parent, parent.withCancel(), parent.with(NAME, "under"),
                    parent.withCancel().withCancel(), parent.with(NAME, "under").withCancel().with(NUMBER, 1)));
            if (askedBefore) {
                for (Context one : under) {
                    assertNotDone(one);
                }
            }
            parent.cancel();
            under.add(parent.withCancel());
            under.add(parent.with(NAME, "later").withCancel());
            for (Context one : under) {
                assertDone(one);
                assertSame(parent.err(), one.err());
            }
            assertEquals(0, dependents(parent));
        }
    }

    static int dependents(Context context) {
        return context.cancellation().dependents();
    }

    @Test
    void cancel_endsNobodyAboveNorBeside() throws Exception {
        for (Context parent : List.of(Context.background(), Context.background().withCancel())) {
            CancelContext child = parent.withCancel();
            CancelContext sibling = parent.withCancel();
            child.cancel();
            assertDone(child);
            assertNotDone(parent);
            assertNotDone(sibling);
            sibling.cancel();
            assertDone(sibling);
        }
    }

    /** Who is done leaves its parent, wherever it stands among those under it. */
    @Test
    void dependents_thatAreDone_leave() {
        CancelContext parent = Context.background().withCancel();
        for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}}) {
            Runnable[] ends =
                    {parent.withCancel()::close, parent.afterFunc(() -> {})::stop, parent.withCancel()::cancel};
            int left = ends.length;
            for (int which : order) {
                assertEquals(left--, dependents(parent));
                ends[which].run();
            }
            assertEquals(0, dependents(parent));
        }
    }

    @Test
    void with_values_areFoundByTheirKey() {
        Context one = Context.background().with(NAME, "one");
        Context two = one.withCancel().with(NUMBER, 2);
        Context three = two.with(NAME, "three");
        assertNull(Context.background().value(NAME));
        assertEquals("one", one.value(NAME));
        assertNull(one.value(NUMBER));
        assertEquals("one", two.value(NAME));
        assertEquals(2, two.value(NUMBER));
        assertEquals("three", three.value(NAME));
        assertEquals(2, three.value(NUMBER));
        assertEquals("three", three.withCancel().withoutCancel().value(NAME));
        assertNull(three.value(SAME_NAME), "a key is equal to itself only");
        assertEquals("Key[name]", NAME.toString());
        assertEquals("Context[not done, name, number, name]", three.toString());
    }

    @Test
    void withoutCancel_isNeverDone() throws Exception {
        CancelContext parent = Context.background().with(NAME, "parent").withCancel();
        Context free = parent.withoutCancel();
        CancelContext under = free.withCancel();
        parent.cancel();
        assertNotDone(free);
        assertNotDone(under);
        assertNotDone(parent.withoutCancel());
        assertSame(Chan.absent(), free.done());
        assertEquals("parent", under.value(NAME));
        under.cancel();
        assertDone(under);
    }

    @Test
    void null_isRefused() {
        CancelContext context = Context.background().withCancel();
        String none = null;
        assertRefused("the key", () -> context.with(null, "value"));
        assertRefused("the value", () -> context.with(NAME, none));
        assertRefused("the key", () -> context.value(null));
        assertRefused("the cause", () -> context.cancel(null));
        assertRefused("the task", () -> context.afterFunc(null));
        assertRefused("the task", () -> Context.background().afterFunc(null));
        assertRefused("the name", () -> Context.Key.of(null));
        assertNull(context.err());
        context.cancel();
        assertRefused("the cause", () -> context.cancel(null));
    }

    private static void assertRefused(String what, Runnable call) {
        assertTrue(assertThrows(NullPointerException.class, call::run).getMessage().startsWith(what + " is null"));
    }

    /** It is a handle: one for all turns; and the others are as ready as it is. */
    @Test
    void onDone_usedTurnByTurn_throwsOnceItIsDone() throws Exception {
        CancelContext context = Context.background().withCancel();
        Chan<Integer> chan = Chan.make(1);
        Case<Integer> fromChan = chan.onReceive();
        Case<Integer> done = context.onDone();
        for (int i = 0; i < 100; i++) {
            chan.send(i);
            assertEquals(i, select(fromChan, done).value());
        }
        var waiting = goroutines.call(() -> select(done, fromChan));
        Await.receivers(chan, 1);
        Throwable cause = new Exception("cause");
        context.cancel(cause);
        assertSame(cause, assertInstanceOf(ContextException.class, waiting.failure()).getCause());
        assertEquals(0, Waiting.receivers(chan));
        chan.send(1);
        int received = 0;
        int thrown = 0;
        for (int i = 0; i < 100; i++) {
            try {
                select(fromChan, done);
                received++;
                chan.send(1);
            } catch (ContextException e) {
                thrown++;
            }
        }
        assertTrue(received > 0 && thrown > 0, received + " and " + thrown);
    }

    /** However many wait, and from whichever context of the tree. */
    @Test
    void cancel_wakesAllWhoWait() throws Exception {
        CancelContext parent = Context.background().withCancel();
        List<Goroutines.Started<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Context context = i % 2 == 0 ? parent : parent.withCancel();
            waiting.add(goroutines.go(() -> assertNull(context.done().receive())));
        }
        for (var one : waiting) {
            Await.parked(one.thread());
        }
        parent.cancel();
        for (var one : waiting) {
            one.get();
        }
    }
}
