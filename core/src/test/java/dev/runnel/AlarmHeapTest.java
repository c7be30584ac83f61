package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Rule: the heap holds what was put and not removed, and its first is the one that comes first. */
class AlarmHeapTest {

    /** Instants on both sides of an overflow of the clock, which are compared by subtraction. */
    private static final long ORIGIN = Long.MAX_VALUE - 50;

    private static final class Plain extends Alarm {}

    private final AlarmHeap heap = new AlarmHeap();

    /** Each step puts, moves or removes an alarm, or takes the first. */
    @Property
    void steps_likeASortedList(@ForAll @Size(max = 400) List<@IntRange(max = 9_999) Integer> steps) {
        List<Alarm> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(new Plain());
        }
        Map<Alarm, Long> model = new HashMap<>(); // by identity, alarms have no other
        for (int step : steps) {
            Alarm alarm = all.get(step % 100);
            int what = step / 100;
            if (what < 70) {
                long deadline = ORIGIN + what;
                heap.put(alarm, deadline);
                model.put(alarm, deadline);
            } else if (what < 85) {
                assertEquals(model.remove(alarm) != null, heap.remove(alarm));
            } else {
                takeFirst(model);
            }
            check(model);
        }
        while (!model.isEmpty()) {
            takeFirst(model);
            check(model);
        }
        assertNull(heap.first());
    }

    private void takeFirst(Map<Alarm, Long> model) {
        Alarm first = heap.first();
        if (first != null) {
            assertEquals(true, heap.remove(first));
            model.remove(first);
        }
    }

    private void check(Map<Alarm, Long> model) {
        assertEquals(model.size(), heap.size());
        if (!model.isEmpty()) {
            long least = model.values().stream().min(Comparator.comparingLong(when -> when - ORIGIN)).orElseThrow();
            assertEquals(least, heap.firstDeadline());
            assertEquals(least, model.get(heap.first()));
        }
    }

    @Test
    void remove_notThere_isFalse() {
        Alarm alarm = new Plain();
        assertEquals(false, heap.remove(alarm));
        heap.put(alarm, 1);
        assertSame(alarm, heap.first());
        assertEquals(true, heap.remove(alarm));
        assertEquals(false, heap.remove(alarm));
        assertNull(heap.first());
    }

    /** An alarm may hold much: wherever it stood, the heap does not keep it. */
    @Test
    void remove_allInAnyOrder_keepsNone() {
        for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {0, 2, 1}}) {
            List<WeakReference<Alarm>> gone = putAndRemove(order);
            for (WeakReference<Alarm> one : gone) {
                Await.until(() -> {
                    System.gc();
                    return one.refersTo(null);
                }, () -> "the alarm to be collected");
            }
        }
        assertNull(heap.first());
    }

    private List<WeakReference<Alarm>> putAndRemove(int[] order) {
        List<Alarm> all = new ArrayList<>();
        for (int i = 0; i < order.length; i++) {
            all.add(new Plain());
            heap.put(all.get(i), ORIGIN + i);
        }
        for (int i : order) {
            heap.remove(all.get(i));
        }
        return all.stream().map(WeakReference::new).toList();
    }
}
