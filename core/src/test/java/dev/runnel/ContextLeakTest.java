package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule: a context that is done, and a task that was stopped, leave nothing behind in those that live on. */
class ContextLeakTest {

    private static final long SLACK_BYTES = 2 << 20;

    /** Contexts that come and go under one, in various ways, some of them out of order. */
    @Test
    void children_manyShortOnesOnOneParent_heapStaysAsItIs() {
        CancelContext parent = Context.background().withCancel();
        int turns = Effort.times(200_000, 20_000_000);
        Heap before = null;
        for (int n = 0; n < turns; n++) {
            if (n == turns / 10) {
                before = Heap.now();
            }
            AfterFunc func = parent.afterFunc(() -> {});
            try (CancelContext child = parent.withCancel()) {
                if (n % 2 == 0) {
                    child.done();
                    child.afterFunc(() -> {}).stop();
                }
                CancelContext grandchild = child.withCancel();
                if (n % 3 == 0) {
                    grandchild.close();
                }
            }
            assertTrue(func.stop());
        }
        Heap after = Heap.now();
        Heap early = before;
        assertTrue(after.bytes() <= early.bytes() + SLACK_BYTES, () -> early + " has become " + after);
        assertEquals(0, ContextTest.dependents(parent));
    }

    /** Who keeps a context that is done keeps neither its parent nor those that stood beside it. */
    @Test
    void done_keptByItsUser_keepsNobodyElse() {
        List<Context> kept = new ArrayList<>();
        List<WeakReference<?>> gone = new ArrayList<>();
        for (boolean parentCancels : new boolean[] {true, false}) {
            CancelContext parent = Context.background().withCancel();
            List<CancelContext> children = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                CancelContext child = parent.withCancel();
                children.add(child);
                gone.add(new WeakReference<>(i == 2 ? parent.cancellation() : child.cancellation()));
            }
            gone.add(new WeakReference<>(parent));
            for (int i = 0; i < 3; i++) {
                gone.add(new WeakReference<>(children.get(2).withCancel().cancellation()));
            }
            if (parentCancels) {
                parent.cancel();
            } else {
                children.get(2).cancel();
            }
            kept.add(children.get(2));
        }
        for (WeakReference<?> one : gone) {
            Await.until(() -> {
                System.gc();
                return one.refersTo(null);
            }, () -> "the others to be collected");
        }
        Reference.reachabilityFence(kept);
    }

    /** The task may hold much: neither a context that lives on nor the handle keeps it. */
    @Test
    void afterFunc_stoppedOrStarted_letsGoOfItsTask() throws Exception {
        CancelContext parent = Context.background().withCancel();
        List<AfterFunc> kept = new ArrayList<>();
        List<WeakReference<?>> gone = new ArrayList<>();
        Chan<Integer> ran = Chan.make(1);
        for (Context context : List.of(parent, Context.background(), parent.withCancel())) {
            Object much = new Object();
            gone.add(new WeakReference<>(much));
            AfterFunc func = context.afterFunc(() -> ran.send(much.hashCode()));
            if (context instanceof CancelContext child && child != parent) {
                child.close();
                ran.receive();
            } else {
                assertTrue(func.stop());
            }
            kept.add(func);
        }
        for (WeakReference<?> one : gone) {
            Await.until(() -> {
                System.gc();
                return one.refersTo(null);
            }, () -> "the task to be collected");
        }
        Reference.reachabilityFence(kept);
        Reference.reachabilityFence(parent);
    }
}
