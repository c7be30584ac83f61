package dev.runnel;

import static dev.runnel.ContextTest.assertDone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Rule: the first who cancels, be it here or above, has the say in err and cause. */
class ContextCauseTest {

    private final Throwable parentCause = new Exception("parent");
    private final Throwable childCause = new Exception("child");

    private final CancelContext parent = Context.background().withCancel();
    private final CancelContext child = parent.withCancel();

    private static void assertCause(Throwable cause, Context context) {
        assertDone(context);
        assertSame(cause, context.cause());
        assertSame(cause == context.err() ? null : cause, context.err().getCause());
        assertEquals("context cancelled", context.err().getMessage());
    }

    @Test
    void cancelled_withACause_givesIt() {
        parent.cancel(parentCause);
        assertCause(parentCause, parent);
        assertEquals(0, parent.err().getStackTrace().length, "the cause has one");
        assertCause(parentCause, child);
        assertCause(parentCause, child.with(Context.Key.of("key"), 1));
        assertCause(parentCause, child.withCancel());
        assertSame(parent.err(), child.err());
    }

    @Test
    void cancelled_withoutACause_givesErr() {
        parent.cancel();
        assertCause(parent.err(), parent);
        assertCause(parent.err(), child);
    }

    @Test
    void cancelled_parentFirst_parentsCauseForBoth() {
        parent.cancel(parentCause);
        child.cancel(childCause);
        assertCause(parentCause, parent);
        assertCause(parentCause, child);
    }

    @Test
    void cancelled_childFirst_eachItsOwn() {
        child.cancel(childCause);
        parent.cancel(parentCause);
        assertCause(parentCause, parent);
        assertCause(childCause, child);
    }

    @Test
    void cancelled_parentFirstWithoutACause_childsIsOfNoConsequence() {
        parent.cancel();
        child.cancel(childCause);
        assertCause(parent.err(), parent);
        assertCause(parent.err(), child);
    }

    @Test
    void cancelled_childFirstWithoutACause_parentsIsNotTheChilds() {
        child.cancel();
        parent.cancel(parentCause);
        assertCause(parentCause, parent);
        assertCause(child.err(), child);
    }

    @Test
    void cancelled_byClosingAfterACause_keepsIt() {
        parent.cancel(parentCause);
        parent.close();
        assertCause(parentCause, parent);
    }

    @Test
    void cancelled_withAContextExceptionAsCause_givesItAsItIs() {
        child.cancel();
        parent.cancel(child.err());
        assertCause(child.err(), parent);
    }

    /** All see the same one, and none of them can change it. */
    @Test
    void cancelled_withoutACause_nobodyCanGiveErrOne() {
        parent.cancel();
        assertThrows(IllegalStateException.class, () -> parent.err().initCause(childCause));
        assertCause(parent.err(), child);
    }
}
